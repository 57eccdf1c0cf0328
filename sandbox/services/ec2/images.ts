import type {
  CreateImageRequest,
  CreateImageResult,
  DeregisterImageRequest,
  DeregisterImageResult,
  DescribeImageAttributeRequest,
  DescribeImagesRequest,
  DescribeImagesResult,
  DisableImageDeregistrationProtectionRequest,
  DisableImageDeregistrationProtectionResult,
  EnableImageDeregistrationProtectionRequest,
  EnableImageDeregistrationProtectionResult,
  Image,
  ImageAttribute,
  LaunchPermission,
  ModifyImageAttributeRequest,
  RegisterImageRequest,
  RegisterImageResult,
} from '@aws-sdk/client-ec2';
import {
  createImage as createImageOf,
  imageDefaults,
  imagesWithSnapshot,
  visibleMappings,
} from '../../engine/images.ts';
import type { ImageRecord } from '../../engine/state.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { ec2Page, type FilterValues, filtered, refuseIdsWithPages, requestedTags, tagList } from './query.ts';

const imageFilters: FilterValues<ImageRecord> = {
  architecture: ({ image }) => image.Architecture,
  'block-device-mapping.snapshot-id': ({ image }) =>
    image.BlockDeviceMappings?.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
  'creation-date': ({ image }) => image.CreationDate,
  description: ({ image }) => image.Description,
  'image-id': ({ image }) => image.ImageId,
  'image-type': ({ image }) => image.ImageType,
  'is-public': ({ image }) => image.Public,
  name: ({ image }) => image.Name,
  'owner-alias': ({ image }) => image.ImageOwnerAlias,
  'owner-id': ({ image }) => image.OwnerId,
  'root-device-type': ({ image }) => image.RootDeviceType,
  'source-image-id': ({ image }) => image.SourceImageId,
  'source-instance-id': ({ image }) => image.SourceInstanceId,
  state: ({ image }) => image.State,
  'virtualization-type': ({ image }) => image.VirtualizationType,
};

export const imageHandlers: Handlers = {
  DescribeImages,
  CreateImage,
  RegisterImage,
  DeregisterImage,
  ModifyImageAttribute,
  DescribeImageAttribute,
  EnableImageDeregistrationProtection,
  DisableImageDeregistrationProtection,
};

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
    : [...region.state.images.values()];
  const owners = input.Owners?.map((owner) => (owner === 'self' ? ACCOUNT : owner));
  const visible = asked.filter(
    (record) =>
      record.deregisteredAt === undefined &&
      (!owners ||
        owners.includes(record.image.OwnerId ?? '') ||
        owners.includes(record.image.ImageOwnerAlias ?? '')) &&
      (input.IncludeDisabled || record.image.State !== 'disabled'),
  );
  const matching = filtered(region, visible, input.Filters, imageFilters, ({ image }) => image.ImageId);
  const { items, next } = ec2Page(matching, input);
  return { Images: items.map((record) => describe(region, record)), ...next };
}

function describe(region: Region, record: ImageRecord): Image {
  const { BlockDeviceMappings: _all, ...image } = record.image;
  const mappings = visibleMappings(region, record);
  return {
    ...image,
    ...(mappings ? { BlockDeviceMappings: mappings } : {}),
    ...tagList(region, record.image.ImageId),
  };
}

/** An image that is or was there; a well-formed id that never was is `NotFound`. */
function findImage(region: Region, id: string): ImageRecord {
  if (!/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id))
    throw new ServiceError('InvalidAMIID.Malformed', `Invalid id: "${id}"`);
  const record = region.state.images.get(id);
  if (!record) throw new ServiceError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
  return record;
}

function refuseNameInUse(region: Region, name: string | undefined): void {
  for (const { image, deregisteredAt } of region.state.images.values()) {
    if (deregisteredAt === undefined && image.Name === name && image.OwnerId === ACCOUNT) {
      throw new ServiceError(
        'InvalidAMIName.Duplicate',
        `AMI name ${name} is already in use by AMI ${image.ImageId}`,
      );
    }
  }
}

function CreateImage(input: CreateImageRequest, region: Region): CreateImageResult {
  const instance = region.state.instances.get(input.InstanceId ?? '');
  if (!instance)
    throw new ServiceError(
      'InvalidInstanceID.NotFound',
      `The instance ID '${input.InstanceId}' does not exist`,
    );
  refuseNameInUse(region, input.Name);
  const record = createImageOf(region, instance, {
    name: input.Name ?? '',
    ...(input.Description === undefined ? {} : { description: input.Description }),
    imageTags: requestedTags(input.TagSpecifications, 'image'),
    snapshotTags: requestedTags(input.TagSpecifications, 'snapshot'),
  });
  return { ImageId: record.image.ImageId };
}

/** Available at once; without a snapshot in the root mapping AWS refuses, with the text that it has for both faults. */
function RegisterImage(input: RegisterImageRequest, region: Region): RegisterImageResult {
  refuseNameInUse(region, input.Name);
  const root = input.BlockDeviceMappings?.find((mapping) => mapping.DeviceName === input.RootDeviceName);
  if (!root?.Ebs?.SnapshotId)
    throw new ServiceError('InvalidBlockDeviceMapping', 'No root snapshot specified in device mapping.');
  const mappings = (input.BlockDeviceMappings ?? []).map(({ Ebs, ...mapping }) => {
    if (!Ebs?.SnapshotId) return { ...mapping, ...(Ebs ? { Ebs } : {}) };
    const snapshot = region.state.snapshots.get(Ebs.SnapshotId);
    if (!snapshot)
      throw new ServiceError(
        'InvalidSnapshotID.NotFound',
        `The snapshot ID '${Ebs.SnapshotId}' does not exist`,
      );
    return {
      ...mapping,
      Ebs: {
        DeleteOnTermination: true,
        VolumeSize: snapshot.sizeGiB,
        VolumeType: 'gp2' as const,
        Encrypted: snapshot.encrypted,
        ...Ebs,
      },
    };
  });
  const id = region.world.newId('ami');
  region.state.images.set(id, {
    image: {
      ...imageDefaults(region, id, input.Name ?? ''),
      State: 'available',
      Architecture: input.Architecture ?? 'x86_64',
      BlockDeviceMappings: mappings,
      ...(input.RootDeviceName === undefined ? {} : { RootDeviceName: input.RootDeviceName }),
      ...(input.Description === undefined ? {} : { Description: input.Description }),
      ...(input.EnaSupport === undefined ? {} : { EnaSupport: input.EnaSupport }),
    },
    launchPermissions: [],
  });
  const tags = requestedTags(input.TagSpecifications, 'image');
  if (Object.keys(tags).length > 0) region.state.tags.set(id, tags);
  return { ImageId: id };
}

function DeregisterImage(input: DeregisterImageRequest, region: Region): DeregisterImageResult {
  const record = findImage(region, input.ImageId ?? '');
  if (record.deregisteredAt !== undefined) {
    throw new ServiceError(
      'InvalidAMIID.Unavailable',
      `The image ID '${input.ImageId}' is no longer available`,
    );
  }
  const protection = record.image.DeregistrationProtection ?? 'disabled';
  if (protection !== 'disabled') {
    // That the call fails is documented; its code and text are an inference.
    throw new ServiceError(
      'OperationNotPermitted',
      `The image '${input.ImageId}' cannot be deregistered: its deregistration protection is ${protection}.`,
    );
  }
  record.deregisteredAt = region.now;
  region.state.tags.delete(record.image.ImageId);
  const snapshots = input.DeleteAssociatedSnapshots
    ? (record.image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? [])
    : [];
  return {
    Return: true,
    DeleteSnapshotResults: snapshots.map((id) => ({
      SnapshotId: id,
      ReturnCode: deleteUnlessUsed(region, id),
    })),
  };
}

/** A snapshot that another image uses as well is skipped; that does not fail the call. */
function deleteUnlessUsed(region: Region, snapshotId: string): 'success' | 'skipped' | 'client-error' {
  if (!region.state.snapshots.has(snapshotId)) return 'client-error';
  if (imagesWithSnapshot(region, snapshotId).length > 0) return 'skipped';
  region.state.snapshots.delete(snapshotId);
  region.state.tags.delete(snapshotId);
  return 'success';
}

function ModifyImageAttribute(input: ModifyImageAttributeRequest, region: Region): undefined {
  const record = findImage(region, input.ImageId ?? '');
  const { Add = [], Remove = [] } = input.LaunchPermission ?? {};
  if (input.Description?.Value !== undefined) record.image.Description = input.Description.Value;
  else if (Add.length + Remove.length === 0)
    throw new ServiceError('InvalidParameterCombination', 'No attributes specified.');
  const removed = new Set(Remove.map(permissionKey));
  const kept = record.launchPermissions.filter((permission) => !removed.has(permissionKey(permission)));
  const known = new Set(kept.map(permissionKey));
  record.launchPermissions = [...kept, ...Add.filter((permission) => !known.has(permissionKey(permission)))];
}

const permissionKey = (permission: LaunchPermission) =>
  [permission.UserId, permission.Group, permission.OrganizationArn, permission.OrganizationalUnitArn].join(
    ' ',
  );

function DescribeImageAttribute(input: DescribeImageAttributeRequest, region: Region): ImageAttribute {
  const { image, launchPermissions } = findImage(region, input.ImageId ?? '');
  switch (input.Attribute) {
    case 'launchPermission':
      return { ImageId: image.ImageId, LaunchPermissions: launchPermissions };
    case 'description':
      return {
        ImageId: image.ImageId,
        Description: image.Description === undefined ? {} : { Value: image.Description },
      };
    case 'deregistrationProtection':
      return {
        ImageId: image.ImageId,
        DeregistrationProtection: { Value: image.DeregistrationProtection ?? 'disabled' },
      };
    default:
      throw new ServiceError(
        'InvalidParameterValue',
        `The sandbox does not keep the image attribute ${input.Attribute}.`,
      );
  }
}

function EnableImageDeregistrationProtection(
  input: EnableImageDeregistrationProtectionRequest,
  region: Region,
): EnableImageDeregistrationProtectionResult {
  const { image } = findImage(region, input.ImageId ?? '');
  image.DeregistrationProtection = input.WithCooldown ? 'enabled-with-cooldown' : 'enabled-without-cooldown';
  return { Return: 'true' };
}

/** Without the day for which a protection with a cooldown goes on. */
function DisableImageDeregistrationProtection(
  input: DisableImageDeregistrationProtectionRequest,
  region: Region,
): DisableImageDeregistrationProtectionResult {
  const { image } = findImage(region, input.ImageId ?? '');
  if (image.DeregistrationProtection === 'enabled-with-cooldown') {
    throw new ServiceError(
      'UnsupportedOperation',
      'The sandbox does not simulate the cooldown of a deregistration protection yet.',
    );
  }
  image.DeregistrationProtection = 'disabled';
  return { Return: 'true' };
}
