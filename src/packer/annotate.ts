import { relative, resolve, sep } from 'node:path';
import type { Log } from '../log.ts';
import type { BuildLog } from './build-log.ts';
import type { PackerOutput } from './output.ts';

/**
 * One annotation for each problem of the template, at its place, and for each build that failed: its error, and the
 * last lines of the phase in which it happened.
 */
export function annotate(
  { problems, failures }: PackerOutput,
  buildLog: BuildLog,
  { workingDirectory, env }: { workingDirectory: string; env: Readonly<Record<string, string>> },
  log: Log,
): void {
  for (const { message, file, line } of problems) {
    const path = relative(env.GITHUB_WORKSPACE ?? workingDirectory, resolve(workingDirectory, file));
    log.error(message, 'packer', { file: path.replaceAll(sep, '/'), line });
  }
  for (const { build, text } of failures) {
    const { title, lines } = buildLog.failureOf(build) ?? { title: 'packer build', lines: [] };
    log.error([text, ...lines].join('\n'), `${build}: ${title}`);
  }
}
