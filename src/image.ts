import type { Image as Ec2Image } from '@aws-sdk/client-ec2';
import { TAG, type Tags, tagsOf } from './tags.ts';

/** An AMI as the modes see it. */
export interface Image {
  id: string;
  name: string;
  state: string;
  /** Milliseconds since 1970. */
  created: number;
  architecture: string;
  ownerId: string;
  rootDeviceName: string;
  /** The size of its root volume. */
  rootGiB?: number;
  tags: Tags;
}

export function imageFrom(image: Ec2Image): Image {
  const root = image.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === image.RootDeviceName);
  const rootGiB = root?.Ebs?.VolumeSize;
  return {
    ...(rootGiB === undefined ? {} : { rootGiB }),
    id: image.ImageId ?? '',
    name: image.Name ?? '',
    state: image.State ?? '',
    created: Date.parse(image.CreationDate ?? ''),
    architecture: image.Architecture ?? '',
    ownerId: image.OwnerId ?? '',
    rootDeviceName: image.RootDeviceName ?? '',
    tags: tagsOf(image),
  };
}

/** Newest first; images of the same second by their ids, so that the order is always the same. */
export function newestFirst(a: Image, b: Image): number {
  return b.created - a.created || (a.id < b.id ? -1 : 1);
}

/** The image in a few words for the log: id, commit, version or branch. */
export function describeImage(image: Image): string {
  const commit = image.tags[TAG.commit]?.slice(0, 12);
  const origin = image.tags[TAG.version] ?? image.tags[TAG.branch];
  const known = [commit && `commit ${commit}`, origin].filter(Boolean).join(', ');
  return known === '' ? image.id : `${image.id} (${known})`;
}
