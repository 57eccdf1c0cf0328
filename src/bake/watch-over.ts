import type { BakeCleanUp, Context } from '../context.ts';
import type { TemporaryResource } from '../packer/output.ts';
import { cleanUpBake } from './clean-up.ts';
import type { BakeJob } from './job.ts';

/**
 * Does work that makes things which have to be gone afterwards, however it ends. The post step is told before
 * anything is made, and with each thing that Packer names. A failure is cleaned up after here; a cancel leaves it to
 * the post step, which has the time for it.
 */
export async function watchOver<T>(
  context: Context,
  job: BakeJob,
  lock: string | undefined,
  work: (onResource: (resource: TemporaryResource) => void) => Promise<T>,
): Promise<T> {
  const { aws, clock, log, signal } = context;
  const cleanUp: BakeCleanUp = {
    mode: 'bake',
    region: aws.region,
    builder: job.builder,
    since: clock.now(),
    resources: [],
    ...(lock === undefined ? {} : { lock }),
  };
  context.saveCleanUp(cleanUp);
  const onResource = (resource: TemporaryResource) => {
    cleanUp.resources.push(resource);
    context.saveCleanUp({ ...cleanUp, resources: [...cleanUp.resources] });
  };
  try {
    return await work(onResource);
  } catch (error) {
    if (!signal.aborted) {
      // The lock is given back by whoever took it.
      const { lock: _held, ...rest } = cleanUp;
      for (const sentence of await cleanUpBake({ aws, clock, signal }, rest)) log.warning(sentence);
    }
    throw error;
  } finally {
    if (!signal.aborted) context.saveCleanUp(undefined);
  }
}
