import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Tool } from '../tools.ts';

export interface SshServer {
  port: number;
  /** What the commands of the server see: their folder, or with `record` the root folder. */
  folder: string;
  stop(): Promise<void>;
}

/** Starts `ssh_server.py`, which describes the two modes. */
export async function startSshServer(
  python: Tool,
  mode: 'run' | 'record',
  folder: string,
): Promise<SshServer> {
  mkdirSync(join(folder, 'tmp'), { recursive: true });
  const child = spawn(python.path, ['sandbox/e2e/packer/ssh_server.py', mode, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), closed]);
  const port = Number(line);
  if (!Number.isInteger(port) || port < 1) throw new Error('The SSH server did not start.');
  return {
    port,
    folder,
    async stop() {
      child.stdin.end();
      await closed;
    },
  };
}
