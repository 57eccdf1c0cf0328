import {
  DeregisterImageCommand,
  DescribeLockedSnapshotsCommand,
  type SnapshotReturnCodes,
} from '@aws-sdk/client-ec2';
import { failedOperation } from '../aws/call-log.ts';
import { isAccessDenied } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { errorCode, messageOf } from '../errors.ts';
import { describeImage } from '../image.ts';
import type { PrunableImage } from './inventory.ts';
import { isGone } from './references/launch-permissions.ts';
import type { Removal } from './removal.ts';

/**
 * Deregisters one image together with its snapshots, and writes down what became of it. Never rejects but for a
 * cancel: a failure is a problem of the removal, and the next image has its own chance.
 */
export async function removeImage(context: Context, image: PrunableImage, removal: Removal): Promise<void> {
  const { aws, log } = context;
  await attempt(context, image, DEREGISTERED, removal, async () => {
    const { DeleteSnapshotResults = [] } = await aws.ec2.send(
      new DeregisterImageCommand({ ImageId: image.id, DeleteAssociatedSnapshots: true }),
    );
    removal.images.push(image.id);
    log.info(`Deregistered ${describeImage(image)}`);
    for (const { SnapshotId = '', ReturnCode } of DeleteSnapshotResults)
      await noteSnapshot(context, image, SnapshotId, ReturnCode, removal);
  });
}

/** What is done to an image: as in "could not be …", and what one has to be allowed to do for it. */
export interface Deed {
  done: string;
  permission: string;
}

const DEREGISTERED: Deed = { done: 'deregistered', permission: 'ec2:DeregisterImage' };

/** Does something to one image. That it is gone already is fine; any other failure is written down. */
export async function attempt(
  { log, signal }: Context,
  image: PrunableImage,
  { done, permission }: Deed,
  removal: Removal,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    // The call was still waiting for its turn.
    if (signal.aborted && error === signal.reason) throw error;
    if (isGone(error)) {
      removal.notes.set(image.id, 'was gone already');
      return;
    }
    if (errorCode(error) === 'OperationNotPermitted') {
      // Its owner's protection, whose cooldown goes on for a day after it was taken off.
      removal.notes.set(image.id, `kept: ${messageOf(error)}`);
      log.warning(`Image ${image.id} is kept: ${messageOf(error)}`);
      return;
    }
    const operation = failedOperation(error) ?? permission;
    const fix = isAccessDenied(error) ? ` Allow ${operation} in the policy of the role.` : '';
    const why = `${messageOf(error)}${fix}`;
    removal.notes.set(image.id, `not ${done}: ${why}`);
    problem(`Image ${image.id} could not be ${done}: ${why}`, removal, log);
  }
}

/** The call succeeds whatever became of the snapshots. */
async function noteSnapshot(
  context: Context,
  image: PrunableImage,
  id: string,
  code: SnapshotReturnCodes | undefined,
  removal: Removal,
): Promise<void> {
  const { log } = context;
  switch (code) {
    case 'success':
      removal.snapshots.push({ id, gib: image.snapshots.find((snapshot) => snapshot.id === id)?.gib ?? 0 });
      // With the last image that uses it a shared snapshot goes after all.
      removal.sharedSnapshots = removal.sharedSnapshots.filter((shared) => shared.id !== id);
      return;
    case 'skipped':
      removal.sharedSnapshots.push({ id, imageId: image.id });
      return;
    default: {
      const until = code === 'missing-permissions' ? undefined : await lockOf(context, id);
      if (until !== undefined) {
        // Somebody wanted it so: it goes as a leftover when the lock has ended.
        removal.lockedSnapshots.push({ id, imageId: image.id, until });
        log.warning(`Snapshot ${id} of ${image.id} stays: it is locked until ${until}`);
        return;
      }
      const fix =
        code === 'missing-permissions'
          ? 'Allow ec2:DeleteSnapshot in the policy of the role, and delete it by hand.'
          : 'The event DeleteSnapshot in CloudTrail says why; delete it by hand.';
      problem(`Snapshot ${id} of ${image.id} is left over (${code}). ${fix}`, removal, log);
    }
  }
}

/** Until when a snapshot is locked; `undefined` when it is not, or nobody may know. */
async function lockOf({ aws, signal }: Context, id: string): Promise<string | undefined> {
  try {
    const { Snapshots: [lock] = [] } = await aws.ec2.send(
      new DescribeLockedSnapshotsCommand({ SnapshotIds: [id] }),
      { abortSignal: signal },
    );
    return lock === undefined || lock.LockState === 'expired'
      ? undefined
      : (lock.LockExpiresOn?.toISOString().slice(0, 10) ?? 'it is unlocked');
  } catch {
    return undefined;
  }
}

function problem(text: string, removal: Removal, log: Context['log']): void {
  removal.problems.push(text);
  log.error(text);
}
