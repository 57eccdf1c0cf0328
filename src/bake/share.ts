import {
  type LaunchPermission,
  ModifyImageAttributeCommand,
  ModifySnapshotAttributeCommand,
} from '@aws-sdk/client-ec2';
import type { Context } from '../context.ts';
import { DeploymentError, errorCode, messageOf } from '../errors.ts';
import type { BakeInputs } from '../inputs/schema.ts';
import { isAccount } from './check.ts';
import type { FinishedImage } from './finish-image.ts';

/**
 * Lets others launch the images of all Regions, and accounts copy them where that was asked for. Nobody loses a
 * permission that is there already.
 *
 * @throws DeploymentError with the reason when AWS refuses
 */
export async function shareImages(
  { aws, log }: Context,
  { shareWith, shareSnapshots }: Pick<BakeInputs, 'shareWith' | 'shareSnapshots'>,
  images: readonly FinishedImage[],
): Promise<void> {
  const accounts = shareWith.filter(isAccount);
  const others = shareWith.filter((entry) => !isAccount(entry));
  const Add = shareWith.map(permissionFor);
  for (const { region, imageId, snapshotIds } of images) {
    const { ec2 } = aws.inRegion(region);
    await refusedWithReason(`${imageId} in ${region}`, () =>
      ec2.send(new ModifyImageAttributeCommand({ ImageId: imageId, LaunchPermission: { Add } })),
    );
    for (const SnapshotId of shareSnapshots ? snapshotIds : [])
      await refusedWithReason(`${SnapshotId} in ${region}`, () =>
        ec2.send(
          new ModifySnapshotAttributeCommand({
            SnapshotId,
            CreateVolumePermission: { Add: accounts.map((UserId) => ({ UserId })) },
          }),
        ),
      );
  }
  if (shareSnapshots && others.length > 0)
    log.notice(
      `The snapshots are shared with the accounts only: AWS shares them with no organisation (${others.join(', ')} can launch the image).`,
    );
  if (images.some(({ isEncrypted }) => isEncrypted))
    log.notice(
      'The disks are encrypted: the others need the key as well. Allow their accounts kms:CreateGrant, kms:Decrypt, kms:DescribeKey, kms:GenerateDataKey* and kms:ReEncrypt* in its policy; Auto Scaling needs a grant for its service-linked role in each account.',
    );
}

function permissionFor(entry: string): LaunchPermission {
  if (isAccount(entry)) return { UserId: entry };
  return entry.includes(':ou/') ? { OrganizationalUnitArn: entry } : { OrganizationArn: entry };
}

/** The codes with which EC2 refuses images and snapshots that are encrypted with the key that AWS keeps for EBS. */
const OWN_KEY = new Set(['InvalidParameter', 'OperationNotPermitted']);

async function refusedWithReason(what: string, share: () => Promise<unknown>): Promise<void> {
  try {
    await share();
  } catch (error) {
    if (!OWN_KEY.has(errorCode(error))) throw error;
    throw new DeploymentError(
      `AWS does not share ${what}: ${messageOf(error)} Disks that are encrypted with AWS's own key for EBS cannot be shared: encrypt the image with a key of your own (kms_key_id in the template, "kms-key-ids" for copies), or not at all.`,
      { cause: error },
    );
  }
}
