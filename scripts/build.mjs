// Makes dist/ from lib/: ncc bundles the step; the post step is two lines that leave at once without saved state.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

const out = process.argv[2] ?? 'dist';
rmSync(out, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [
    'node_modules/@vercel/ncc/dist/ncc/cli.js',
    'build',
    'lib/src/index.js',
    '-o',
    out,
    '--no-cache',
    '--target',
    'es2022',
    '--license',
    'licenses.txt',
    '--quiet',
  ],
  { stdio: 'inherit' },
);
const [, state] = /CLEAN_UP_STATE = '(\w+)'/.exec(readFileSync('lib/src/clean-up-state.js', 'utf8')) ?? [];
if (!state) throw new Error('The name of the saved state was not found in clean-up-state.js.');
writeFileSync(
  `${out}/post.js`,
  `// Written by scripts/build.mjs: without saved state there is nothing to clean up.\nif (process.env.STATE_${state}) await import('./index.js');\n`,
);
