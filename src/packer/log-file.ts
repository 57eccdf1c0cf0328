import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** The whole of what Packer said, for reading afterwards: each line with its time. */
export interface LogFile {
  readonly path: string;
  write(text: string): void;
}

/**
 * The runner masks secrets in its log only: a file that is uploaded as an artifact has to be masked by us. It is
 * written line by line, so that it is whole up to the moment at which the step was killed.
 *
 * @param now milliseconds since 1970
 */
export function openLogFile(path: string, mask: (text: string) => string, now: () => number): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, '', { mode: 0o600 });
  return {
    path,
    write(text) {
      const time = new Date(now()).toISOString();
      const lines = mask(text).split(/\r?\n/);
      appendFileSync(path, lines.map((line) => `${time} ${line}\n`).join(''));
    },
  };
}
