import type {
  BlockDeviceMapping,
  CopyImageRequest,
  CopyImageResult,
  CreateImageRequest,
  CreateImageResult,
  DeregisterImageRequest,
  DeregisterImageResult,
  DescribeImagesRequest,
  DescribeImagesResult,
  Filter,
  Image,
  RegisterImageRequest,
  RegisterImageResult,
  SnapshotReturnCodes,
} from '@aws-sdk/client-ec2';
import { copyImage } from '../../engine/image-copies.ts';
import {
  createImage,
  deregister,
  imageDefaults,
  isProtected,
  lastLaunched,
  visibleMappings,
} from '../../engine/images.ts';
import type { ImageRecord } from '../../engine/records/ec2.ts';
import { deleteSnapshot, imagesWithSnapshot, isLocked, snapshotOwner } from '../../engine/snapshots.ts';
import { addTags } from '../../engine/tags.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { checkedName, findImage, isVisible, ownImage } from './image-lookup.ts';
import {
  ec2Page,
  type FilterValues,
  filtered,
  refuseIdsWithPages,
  remember,
  repeated,
  taggedIds,
  tagList,
} from './query.ts';
import { requestedTags } from './tag-rules.ts';

export const imageHandlers: Handlers = {
  DescribeImages,
  CreateImage,
  RegisterImage,
  CopyImage,
  DeregisterImage,
};

const devices = ({ image }: ImageRecord) => image.BlockDeviceMappings ?? [];

const imageFilters: FilterValues<ImageRecord> = {
  architecture: ({ image }) => image.Architecture,
  'block-device-mapping.device-name': (record) =>
    devices(record).flatMap(({ DeviceName }) => DeviceName ?? []),
  'block-device-mapping.encrypted': (record) =>
    devices(record).map(({ Ebs }) => String(Ebs?.Encrypted ?? false)),
  'block-device-mapping.snapshot-id': (record) => devices(record).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
  'creation-date': ({ image }) => image.CreationDate,
  description: ({ image }) => image.Description,
  'ena-support': ({ image }) => image.EnaSupport,
  'image-id': ({ image }) => image.ImageId,
  'image-type': ({ image }) => image.ImageType,
  'is-public': ({ image }) => image.Public,
  name: ({ image }) => image.Name,
  'owner-alias': ({ image }) => image.ImageOwnerAlias,
  'owner-id': ({ image }) => image.OwnerId,
  'root-device-name': ({ image }) => image.RootDeviceName,
  'root-device-type': ({ image }) => image.RootDeviceType,
  'source-image-id': ({ image }) => image.SourceImageId,
  'source-image-region': ({ image }) => image.SourceImageRegion,
  'source-instance-id': ({ image }) => image.SourceInstanceId,
  state: ({ image }) => image.State,
  'virtualization-type': ({ image }) => image.VirtualizationType,
};

/** Deregistered images, and those that nobody shares with us, are an empty list: no error even by id. */
function DescribeImages(input: DescribeImagesRequest, region: Region): DescribeImagesResult {
  refuseIdsWithPages(input.ImageIds, input.MaxResults, 'imageIdsSet');
  if (input.MaxResults !== undefined && input.MaxResults < 5) {
    throw new ServiceError(
      'InvalidParameterValue',
      `Invalid value '${input.MaxResults}' for maxResults. Expecting a value greater than 5.`,
    );
  }
  const asked = input.ImageIds?.length
    ? input.ImageIds.map((id) => findImage(region, id))
    : candidates(region, input.Filters);
  const owners = input.Owners?.map((owner) => (owner === 'self' ? ACCOUNT : owner));
  const visible = asked.filter(
    (record) =>
      isVisible(record) &&
      (!owners?.length ||
        owners.includes(record.image.OwnerId ?? '') ||
        owners.includes(record.image.ImageOwnerAlias ?? '')) &&
      (!input.ExecutableUsers?.length || isExecutable(record, input.ExecutableUsers)) &&
      (input.IncludeDisabled || record.image.State !== 'disabled') &&
      (input.IncludeDeprecated || input.ImageIds?.length || !isHiddenAsDeprecated(region, record)),
  );
  const matching = filtered(region, visible, input.Filters, imageFilters, ({ image }) => image.ImageId);
  const { items, next } = ec2Page(matching, input);
  return { Images: items.map((record) => describe(region, record)), ...next };
}

/** The account may have ten thousand images: those without the tags asked for are left out first. */
function candidates(region: Region, filters: Filter[] | undefined): ImageRecord[] {
  const { images } = region.state;
  const tagged = taggedIds(region, filters);
  if (!tagged) return [...images.values()];
  // In the table's order, whatever the index has.
  const ids = [...images.keys()].filter((id) => tagged.has(id));
  return ids.flatMap((id) => images.get(id) ?? []);
}

/** Explicit permissions, for `self` or an account, or those for all. */
function isExecutable({ image, launchPermissions }: ImageRecord, users: readonly string[]): boolean {
  return users.some((user) =>
    user === 'all'
      ? image.Public === true
      : launchPermissions.some(({ UserId }) => UserId === (user === 'self' ? ACCOUNT : user)),
  );
}

/** Its owner sees a deprecated image always. */
function isHiddenAsDeprecated(region: Region, { image }: ImageRecord): boolean {
  return (
    image.OwnerId !== ACCOUNT &&
    image.DeprecationTime !== undefined &&
    Date.parse(image.DeprecationTime) <= region.now
  );
}

/** Tags are always the caller's own; whether an image is protected only its owner is told. */
function describe(region: Region, record: ImageRecord): Image {
  const { BlockDeviceMappings: _all, DeregistrationProtection, ...image } = record.image;
  const mappings = visibleMappings(region, record);
  const own = image.OwnerId === ACCOUNT;
  const launched = own ? lastLaunched(region, record) : undefined;
  return {
    ...image,
    ...(mappings ? { BlockDeviceMappings: mappings } : {}),
    ...(own && { DeregistrationProtection: DeregistrationProtection ?? 'disabled' }),
    ...(launched === undefined ? {} : { LastLaunchedTime: launched }),
    ...tagList(region, record.image.ImageId),
  };
}

function CreateImage(input: CreateImageRequest, region: Region): CreateImageResult {
  const instance = region.state.instances.get(input.InstanceId ?? '');
  if (!instance)
    throw new ServiceError(
      'InvalidInstanceID.NotFound',
      `The instance ID '${input.InstanceId}' does not exist`,
    );
  // The code is documented, the text an inference.
  if (instance.state === 'shutting-down' || instance.state === 'terminated')
    throw new ServiceError(
      'IncorrectInstanceState',
      `The instance '${instance.id}' is not in the 'running' or 'stopped' state.`,
    );
  const record = createImage(region, instance, {
    name: checkedName(region, input.Name),
    ...(input.Description === undefined ? {} : { description: input.Description }),
    imageTags: requestedTags(input.TagSpecifications, 'image', ['image', 'snapshot']),
    snapshotTags: requestedTags(input.TagSpecifications, 'snapshot', ['image', 'snapshot']),
    mappings: input.BlockDeviceMappings ?? [],
    noReboot: input.NoReboot ?? false,
  });
  return { ImageId: record.image.ImageId };
}

/** Available at once; without a snapshot in the root mapping AWS refuses, with the text that it has for both faults. */
function RegisterImage(input: RegisterImageRequest, region: Region): RegisterImageResult {
  const name = checkedName(region, input.Name);
  const tags = requestedTags(input.TagSpecifications, 'image', ['image', 'snapshot']);
  const root = input.BlockDeviceMappings?.find((mapping) => mapping.DeviceName === input.RootDeviceName);
  if (!root?.Ebs?.SnapshotId)
    throw new ServiceError('InvalidBlockDeviceMapping', 'No root snapshot specified in device mapping.');
  const mappings = (input.BlockDeviceMappings ?? []).map((mapping) => registeredDevice(region, mapping));
  const id = region.world.newId('ami');
  region.state.images.set(id, {
    image: {
      ...imageDefaults(region, id, name),
      State: 'available',
      Architecture: input.Architecture ?? 'x86_64',
      BlockDeviceMappings: mappings,
      ...(input.RootDeviceName === undefined ? {} : { RootDeviceName: input.RootDeviceName }),
      ...(input.Description === undefined ? {} : { Description: input.Description }),
      ...(input.EnaSupport === undefined ? {} : { EnaSupport: input.EnaSupport }),
      // Enhanced networking by ENA was seen to bring the older kind with it.
      ...(input.EnaSupport ? { SriovNetSupport: 'simple' } : {}),
      ...(input.ImdsSupport === undefined ? {} : { ImdsSupport: input.ImdsSupport }),
      ...(input.BootMode === undefined ? {} : { BootMode: input.BootMode }),
      ...(input.TpmSupport === undefined ? {} : { TpmSupport: input.TpmSupport }),
    },
    launchPermissions: [],
  });
  addTags(region, id, tags);
  return { ImageId: id };
}

function registeredDevice(region: Region, { Ebs, ...mapping }: BlockDeviceMapping): BlockDeviceMapping {
  if (!Ebs) return mapping;
  const defaults = { DeleteOnTermination: true, VolumeType: 'gp2' as const };
  if (!Ebs.SnapshotId) return { ...mapping, Ebs: { ...defaults, Encrypted: false, ...Ebs } };
  if (Ebs.Encrypted !== undefined) {
    throw new ServiceError(
      'InvalidParameter',
      'Parameter encrypted is invalid. You cannot specify the encrypted flag if specifying a snapshot id in a block device mapping.',
    );
  }
  const snapshot = region.state.snapshots.get(Ebs.SnapshotId);
  if (!snapshot)
    throw new ServiceError(
      'InvalidSnapshotID.NotFound',
      `The snapshot ID '${Ebs.SnapshotId}' does not exist`,
    );
  if (snapshotOwner(snapshot) !== ACCOUNT)
    throw new ServiceError(
      'InvalidParameterValue',
      `Invalid value '${snapshot.id}' for snapshotId. Snapshot does not belong to ${ACCOUNT}`,
    );
  return {
    ...mapping,
    Ebs: { ...defaults, VolumeSize: snapshot.sizeGiB, Encrypted: snapshot.encrypted, ...Ebs },
  };
}

/** Called in the Region that the copy is made in. */
function CopyImage(input: CopyImageRequest, region: Region): CopyImageResult {
  const mismatch =
    'The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical.';
  const answered = repeated(region, 'CopyImage', input, mismatch);
  if (answered !== undefined) return { ImageId: answered };
  const from = region.world.region(input.SourceRegion ?? region.name);
  const source = findImage(from, input.SourceImageId);
  if (!isVisible(source) || source.image.State !== 'available')
    throw new ServiceError(
      'InvalidAMIID.Unavailable',
      `The image ID '${input.SourceImageId}' is not available`,
    );
  const name = checkedName(region, input.Name);
  const types = ['image', 'snapshot'] as const;
  // Only the caller's own tags are copied, and none of AWS's; those of the request win.
  const copied = input.CopyImageTags
    ? Object.entries(from.tagsOf(source.image.ImageId)).filter(([key]) => !key.startsWith('aws:'))
    : [];
  // A parameter without a value is one that is not given: Packer sends an empty key with every copy.
  const kmsKeyId = input.KmsKeyId || undefined;
  const record = copyImage(region, from, source, {
    name,
    ...(input.Description === undefined ? {} : { description: input.Description }),
    encrypted: input.Encrypted ?? kmsKeyId !== undefined,
    ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
    imageTags: {
      ...Object.fromEntries(copied),
      ...requestedTags(input.TagSpecifications, 'image', types),
    },
    snapshotTags: requestedTags(input.TagSpecifications, 'snapshot', types),
  });
  remember(region, 'CopyImage', input, record.image.ImageId);
  return { ImageId: record.image.ImageId };
}

function DeregisterImage(input: DeregisterImageRequest, region: Region): DeregisterImageResult {
  const record = ownImage(region, input.ImageId);
  if (isProtected(region, record)) {
    // That the call fails is documented; its code and text are an inference.
    throw new ServiceError(
      'OperationNotPermitted',
      `The image '${input.ImageId}' can't be deregistered because deregistration protection is on, or its cooldown has not ended.`,
    );
  }
  deregister(region, record);
  const snapshots = input.DeleteAssociatedSnapshots
    ? devices(record).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? [])
    : [];
  return {
    Return: true,
    DeleteSnapshotResults: snapshots.map((id) => ({
      SnapshotId: id,
      ReturnCode: deleteUnlessHeld(region, id),
    })),
  };
}

/** Snapshots that stay do not fail the call; that a locked one is a `client-error` is an inference. */
function deleteUnlessHeld(region: Region, snapshotId: string): SnapshotReturnCodes {
  const snapshot = region.state.snapshots.get(snapshotId);
  if (!snapshot || isLocked(region, snapshot)) return 'client-error';
  if (imagesWithSnapshot(region, snapshotId).length > 0) return 'skipped';
  deleteSnapshot(region, snapshotId);
  return 'success';
}
