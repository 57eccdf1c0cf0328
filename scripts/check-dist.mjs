// Fails when the committed dist/ is not what src/ builds to.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const fresh = mkdtempSync(join(tmpdir(), 'dist-'));
try {
  execFileSync(process.execPath, ['scripts/build.mjs', fresh], { stdio: 'inherit' });
  const names = (folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
  const all = [...new Set([...names(fresh), ...names('dist')])];
  const read = (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  };
  const different = all.filter((name) => read(join(fresh, name)) !== read(join('dist', name)));
  if (different.length > 0) {
    console.error(
      `dist/ is not what src/ builds to. Run "npm run build" and commit. Different: ${different.join(', ')}`,
    );
    process.exitCode = 1;
  } else {
    console.log(`dist/ is what src/ builds to (${all.length} files).`);
  }
} finally {
  rmSync(fresh, { recursive: true });
}
