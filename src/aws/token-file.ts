import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';

/** GitHub's tokens live for five minutes. */
const RENEWAL_MS = 4 * 60_000;
const RETRY_MS = 15_000;

/**
 * Keeps a file with a fresh OIDC token for the time of some work, for programs that assume a role with it themselves
 * whenever their session ends. Readable by this user alone, replaced as a whole, and removed at the end; where the
 * step is killed, the runner clears the folder, and the token is worth nothing minutes later.
 *
 * @throws what `idToken` throws for the first token; later ones are tried again, with a warning
 */
export async function withTokenFile<T>(
  idToken: () => Promise<string>,
  folder: string,
  { clock, log }: { clock: Pick<Clock, 'sleep'>; log: Log },
  work: (path: string) => Promise<T>,
): Promise<T> {
  const path = join(folder, `oidc-token-${randomUUID()}`);
  const write = async (token: string) => {
    await writeFile(`${path}.new`, token, { mode: 0o600 });
    await rename(`${path}.new`, path);
  };
  const ended = new AbortController();
  const renew = async () => {
    for (let pause = RENEWAL_MS; !ended.signal.aborted; ) {
      await clock.sleep(pause, ended.signal);
      try {
        await write(await idToken());
        pause = RENEWAL_MS;
      } catch (error) {
        log.warning(`GitHub gave no fresh OIDC token for Packer, it is asked again: ${messageOf(error)}`);
        pause = RETRY_MS;
      }
    }
  };
  await mkdir(folder, { recursive: true });
  await write(await idToken());
  const renewing = renew().catch(() => {});
  try {
    return await work(path);
  } finally {
    ended.abort();
    await renewing;
    await rm(path, { force: true });
  }
}
