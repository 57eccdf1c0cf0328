import { isAccessDenied } from '../aws/errors.ts';
import type { Context } from '../context.ts';
import { errorCode, messageOf } from '../errors.ts';

/** A kind of thing that can hold images, and what one has to be allowed to do in order to see it. */
export interface Source {
  /** As in "… could not be read". */
  title: string;
  permissions: readonly string[];
  /** What of any image or version can be held by it; nothing of it is removed when the source cannot be read. */
  holds: readonly ('images' | 'versions')[];
}

export const SOURCES = {
  instances: {
    title: 'EC2 instances',
    permissions: ['ec2:DescribeInstances'],
    holds: ['images', 'versions'],
  },
  groups: {
    title: 'Auto Scaling groups',
    permissions: ['autoscaling:DescribeAutoScalingGroups'],
    holds: ['images', 'versions'],
  },
  refreshes: {
    title: 'instance refreshes',
    permissions: ['autoscaling:DescribeInstanceRefreshes'],
    holds: ['images', 'versions'],
  },
  launchConfigurations: {
    title: 'launch configurations',
    permissions: ['autoscaling:DescribeLaunchConfigurations'],
    holds: ['images'],
  },
  fleets: { title: 'EC2 Fleets', permissions: ['ec2:DescribeFleets'], holds: ['images', 'versions'] },
  spotFleets: {
    title: 'Spot Fleet requests',
    permissions: ['ec2:DescribeSpotFleetRequests'],
    holds: ['images', 'versions'],
  },
  spotRequests: {
    title: 'Spot requests',
    permissions: ['ec2:DescribeSpotInstanceRequests'],
    holds: ['images'],
  },
  launchTemplates: {
    title: 'launch template versions',
    permissions: ['ec2:DescribeLaunchTemplateVersions'],
    holds: ['images', 'versions'],
  },
  parameters: {
    title: 'SSM parameters of data type aws:ec2:image',
    permissions: ['ssm:DescribeParameters'],
    holds: ['images'],
  },
  aliases: {
    title: 'values of SSM parameters that name images',
    permissions: ['ssm:GetParameters'],
    holds: ['images'],
  },
  launchPermissions: {
    title: 'launch permissions of images',
    permissions: ['ec2:DescribeImageAttribute'],
    // Read image by image: one that cannot be read counts as shared, and says nothing of the others.
    holds: [],
  },
  references: {
    title: 'image references',
    permissions: ['ec2:DescribeImageReferences'],
    // Asked for the images that are about to go: those that it was asked for stay.
    holds: [],
  },
  usageReports: {
    title: 'usage reports of shared images',
    permissions: [
      'ec2:CreateImageUsageReport',
      'ec2:DescribeImageUsageReports',
      'ec2:DescribeImageUsageReportEntries',
      'ec2:DeleteImageUsageReport',
    ],
    holds: [],
  },
  builders: { title: 'builders', permissions: ['ec2:DescribeInstances'], holds: [] },
  keyPairs: { title: 'key pairs', permissions: ['ec2:DescribeKeyPairs'], holds: [] },
  securityGroups: { title: 'security groups', permissions: ['ec2:DescribeSecurityGroups'], holds: [] },
  volumes: { title: 'volumes', permissions: ['ec2:DescribeVolumes'], holds: [] },
  buildTemplates: {
    title: 'launch templates of builds',
    permissions: ['ec2:DescribeLaunchTemplates'],
    holds: [],
  },
  snapshots: { title: 'snapshots', permissions: ['ec2:DescribeSnapshots'], holds: [] },
  snapshotShares: {
    title: 'permissions of snapshots',
    permissions: ['ec2:DescribeSnapshotAttribute'],
    holds: [],
  },
  recycleBin: {
    title: 'images in the Recycle Bin',
    permissions: ['ec2:ListImagesInRecycleBin'],
    holds: [],
  },
  locks: { title: 'locks of snapshots', permissions: ['ec2:DescribeLockedSnapshots'], holds: [] },
} satisfies Record<string, Source>;

/** A source that could not be read. What it could hold is not removed, and the step fails at its end. */
export interface UnreadableSource {
  source: Source;
  error: unknown;
}

/** Reads a source; when that fails it is noted, and `otherwise` takes the place of the answer. */
export type Reader = <T>(source: Source, read: () => Promise<T>, otherwise: T) => Promise<T>;

export function readerInto(unreadable: UnreadableSource[], { signal, log }: Context): Reader {
  return async (source, read, otherwise) => {
    try {
      return await read();
    } catch (error) {
      // A cancel makes every call fail: that says nothing about the source.
      signal.throwIfAborted();
      noteUnreadable(unreadable, log, { source, error });
      return otherwise;
    }
  };
}

/** Notes a source once, however often it fails. */
export function noteUnreadable(
  unreadable: UnreadableSource[],
  log: Context['log'],
  failed: UnreadableSource,
): void {
  if (unreadable.some(({ source }) => source === failed.source)) return;
  unreadable.push(failed);
  log.error(describeUnreadable(failed));
}

/** What happened, what follows from it, and what to change, in one or two sentences. */
export function describeUnreadable({ source, error }: UnreadableSource): string {
  const code = errorCode(error);
  const cause = `${code === '' || code === 'Error' ? '' : `${code}: `}${messageOf(error)}`.replace(/\.$/, '');
  const fix = isAccessDenied(error)
    ? `Allow ${source.permissions.join(' and ')} in the policy of the role.`
    : 'Run prune again.';
  return `The ${source.title} could not be read (${cause}), so nothing that they may hold was removed. ${fix}`;
}
