import type { BlockDeviceMapping } from '@aws-sdk/client-ec2';
import { IMAGE_SECONDS, imageDefaults, inherited } from './images.ts';
import type { ImageRecord } from './records/ec2.ts';
import { addSnapshot, defaultKey } from './snapshots.ts';
import { addTags } from './tags.ts';
import type { Region } from './world.ts';

export interface ImageCopy {
  name: string;
  description?: string;
  /** Encrypts what is not; what is encrypted stays so. */
  encrypted: boolean;
  kmsKeyId?: string;
  imageTags: Readonly<Record<string, string>>;
  snapshotTags: Readonly<Record<string, string>>;
}

/** A copy in `region` of an image of another Region, or of the same one: pending, with snapshots of its own. */
export function copyImage(
  region: Region,
  from: Region,
  source: ImageRecord,
  request: ImageCopy,
): ImageRecord {
  const id = region.world.newId('ami');
  const failure = keyProblem(region, request.kmsKeyId);
  const mappings = (source.image.BlockDeviceMappings ?? []).map(({ Ebs, ...mapping }): BlockDeviceMapping => {
    if (!Ebs?.SnapshotId) return { ...mapping, ...(Ebs ? { Ebs } : {}) };
    const original = from.state.snapshots.get(Ebs.SnapshotId);
    const encrypted = request.encrypted || (original?.encrypted ?? Ebs.Encrypted ?? false);
    const sizeGiB = original?.sizeGiB ?? Ebs.VolumeSize ?? 8;
    const snapshot = addSnapshot(region, {
      volumeId: 'vol-ffffffff',
      description: `Copied for DestinationAmi ${id} from SourceAmi ${source.image.ImageId} for SourceSnapshot ${Ebs.SnapshotId}. Task created on ${region.now.toLocaleString('en-US')}.`,
      sizeGiB,
      tags: request.snapshotTags,
      encrypted,
      ...(encrypted && { kmsKeyId: request.kmsKeyId ?? defaultKey(region) }),
      ...(failure === undefined ? {} : { failure }),
    });
    return {
      ...mapping,
      Ebs: { ...Ebs, SnapshotId: snapshot.id, VolumeSize: Ebs.VolumeSize ?? sizeGiB, Encrypted: encrypted },
    };
  });
  const record: ImageRecord = {
    image: {
      ...imageDefaults(region, id, request.name),
      State: 'pending',
      Architecture: source.image.Architecture ?? 'x86_64',
      RootDeviceName: source.image.RootDeviceName ?? '/dev/xvda',
      BlockDeviceMappings: mappings,
      SourceImageId: source.image.ImageId,
      SourceImageRegion: from.name,
      ...inherited(source.image),
      ...(request.description ? { Description: request.description } : {}),
    },
    launchPermissions: [],
    ...(failure === undefined ? {} : { failure }),
  };
  region.state.images.set(id, record);
  addTags(region, id, request.imageTags);
  region.after(IMAGE_SECONDS, 'image-ready', id);
  return record;
}

/**
 * A wrong key does not fail the call: the copy fails later. There are no keys here; a key is wrong when it is the ARN
 * of another Region's key, or neither an ARN nor an alias nor a key id.
 */
function keyProblem(region: Region, key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  const arn = /^arn:aws:kms:([^:]+):\d{12}:(key|alias)\/.+$/.exec(key);
  if (arn ? arn[1] === region.name : /^(alias\/.+|(mrk-)?[0-9a-f-]{32,36})$/.test(key)) return undefined;
  return 'Given key ID is not accessible';
}
