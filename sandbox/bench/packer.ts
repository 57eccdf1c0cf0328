import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { WorkflowCache } from '../../src/packer/caches.ts';
import { createProcessRunner } from '../../src/packer/exec.ts';
import { type FoundPacker, findPacker } from '../../src/packer/install.ts';
import { executableName, releaseFor } from '../../src/packer/release.ts';
import { releaseFiles, signingKey, startReleaseServer } from '../packer/release-server.ts';
import { silentLog } from './promotion/stage.ts';
import { median } from './promotion/watching.ts';

const RUNS = 5;
const VERSION = '1.14.2';
/** About what the program of this release is long. */
const PROGRAM_BYTES = 60_000_000;

type Figures = Record<FoundPacker['source'], { ms: number[]; requests: number; bytes: number }>;

/** Says how long it takes to find Packer: the first time, on a machine that finds it in a cache, and on the same one. */
export async function reportPacker(): Promise<void> {
  const figures = await measure();
  for (const [source, { ms, requests, bytes }] of Object.entries(figures)) {
    console.log(
      `  ${source.padEnd(14)} ${median(ms).toFixed(0)} ms, ${requests} requests, ${(bytes / 1e6).toFixed(0)} MB downloaded`,
    );
  }
}

/** Each way in turn, each time on a machine of its own. */
async function measure(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-packer-'));
  const server = await startReleaseServer();
  const before = { ...process.env };
  const figures: Figures = {
    download: { ms: [], requests: 0, bytes: 0 },
    'workflow cache': { ms: [], requests: 0, bytes: 0 },
    'tool cache': { ms: [], requests: 0, bytes: 0 },
    PATH: { ms: [], requests: 0, bytes: 0 },
  };
  try {
    const release = releaseFor(VERSION, process.platform, process.arch);
    const { privateKey, publicKey } = await signingKey();
    const zip = archive(executableName(release));
    const files = await releaseFiles({ machine: `${release.os}_${release.arch}`, zip }, privateKey);
    for (const { path, content } of Object.values(files)) server.files.set(path, [content]);
    const find = async (machine: string, PATH = '') => {
      process.env.RUNNER_TOOL_CACHE = join(machine, 'tools');
      const env = { PATH, RUNNER_TEMP: join(folder, 'temp'), ...(before.HOME ? { HOME: before.HOME } : {}) };
      const started = performance.now();
      server.requests.length = 0;
      const found = await silently(() =>
        findPacker(
          { version: VERSION, mirror: server.url, publicKey, workingDirectory: folder, env },
          { processes: createProcessRunner(), log: silentLog, workflowCache: cacheIn(join(folder, 'cache')) },
        ),
      );
      const figure = figures[found.source];
      figure.ms.push(performance.now() - started);
      figure.requests = server.requests.length;
      figure.bytes = server.requests.some((path) => path.endsWith('.zip')) ? zip.length : 0;
      return found;
    };
    for (let run = 0; run < RUNS; run++) {
      rmSync(join(folder, 'cache'), { recursive: true, force: true });
      await find(join(folder, `first-${run}`));
      const { executable } = await find(join(folder, `second-${run}`));
      await find(join(folder, `second-${run}`));
      await find(join(folder, `third-${run}`), join(executable, '..'));
    }
    return figures;
  } finally {
    process.env = before;
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A program of Packer's length, which can be packed as well as one. */
function archive(name: string): Uint8Array {
  const head = strToU8(`#!/bin/sh\necho "Packer v${VERSION}"\nexit\n`);
  const program = new Uint8Array(PROGRAM_BYTES);
  program.set(head);
  program.set(randomBytes(PROGRAM_BYTES / 3), head.length);
  return zipSync({ [name]: program }, { level: 1 });
}

/** GitHub's cache as a folder; what it costs to reach GitHub is not in these figures. */
function cacheIn(entry: string): WorkflowCache {
  return {
    restore: async (folder) => {
      try {
        cpSync(entry, folder, { recursive: true });
        return true;
      } catch {
        return false;
      }
    },
    save: async (folder) => cpSync(folder, entry, { recursive: true }),
  };
}

/** The runner's packages print commands for it. */
async function silently<T>(work: () => Promise<T>): Promise<T> {
  const { write } = process.stdout;
  process.stdout.write = () => true;
  try {
    return await work();
  } finally {
    process.stdout.write = write;
  }
}
