import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { actionNode } from '../runner/step.ts';

/** A folder with the demo's template, and the PATH on which `packer` can build it. */
export interface DemoPacker {
  template: string;
  path: string;
  /** One line that says what builds the images. */
  said: string;
}

/** Real Packer from PATH where it can build the template; else the stand-in. */
export function prepareDemoPacker(folder: string): DemoPacker {
  const template = join(folder, 'app');
  mkdirSync(template, { recursive: true });
  cpSync('sandbox/demo/app', template, { recursive: true });
  const path = process.env.PATH ?? '';
  const version = /Packer v(\d+)\.(\d+)\.\S+/.exec(run(['version'], template).stdout);
  if (!version) return standIn(folder, template, 'There is no Packer on PATH');
  if (Number(version[1]) > 1 || Number(version[2]) >= 7) {
    // Newer releases do not bring the Amazon plugin with them; older ones do not know this block.
    const plugins =
      'packer {\n  required_plugins {\n    amazon = { version = ">= 1.2.0", source = "github.com/hashicorp/amazon" }\n  }\n}\n';
    writeFileSync(join(template, 'plugins.pkr.hcl'), plugins);
    if (run(['init', '.'], template).status !== 0) {
      writeFileSync(join(template, 'plugins.pkr.hcl'), '');
      return standIn(folder, template, `${version[0]} has no Amazon plugin and cannot get it`);
    }
  }
  return { template, path, said: `Images are built by ${version[0]} from PATH.` };
}

function run(args: string[], cwd: string) {
  return spawnSync('packer', args, {
    cwd,
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...process.env, CHECKPOINT_DISABLE: '1' },
  });
}

function standIn(folder: string, template: string, why: string): DemoPacker {
  return {
    template,
    path: `${installStandIn(folder)}${delimiter}${process.env.PATH ?? ''}`,
    said: `${why}: a stand-in makes the same EC2 calls and prints Packer's format.`,
  };
}

/** Makes a folder with an executable `packer` that is the stand-in, and returns it for a PATH. */
export function installStandIn(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const script = resolve('lib/sandbox/packer/stand-in.js');
  writeFileSync(join(bin, 'packer'), `#!/bin/sh\nexec "${actionNode()}" "${script}" "$@"\n`);
  chmodSync(join(bin, 'packer'), 0o755);
  writeFileSync(join(bin, 'packer.cmd'), `@"${actionNode()}" "${script}" %*\r\n`);
  return bin;
}
