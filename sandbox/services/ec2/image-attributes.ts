import type {
  DescribeImageAttributeRequest,
  ImageAttribute,
  LaunchPermission,
  ModifyImageAttributeRequest,
  ResetImageAttributeRequest,
} from '@aws-sdk/client-ec2';
import { lastLaunched } from '../../engine/images.ts';
import type { ImageRecord } from '../../engine/records/ec2.ts';
import { defaultKey } from '../../engine/snapshots.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { ownImage } from './image-lookup.ts';

export const imageAttributeHandlers: Handlers = {
  ModifyImageAttribute,
  DescribeImageAttribute,
  ResetImageAttribute,
};

/** One attribute a call, in its own member or in the old form of an attribute's name and a value or lists. */
function ModifyImageAttribute(input: ModifyImageAttributeRequest, region: Region): undefined {
  const record = ownImage(region, input.ImageId);
  const description = input.Description ? (input.Description.Value ?? '') : oldForm(input, 'description');
  const imdsSupport = input.ImdsSupport ? (input.ImdsSupport.Value ?? '') : oldForm(input, 'imdsSupport');
  if (description !== undefined) {
    if (description === '') throw missing('description');
    record.image.Description = description;
  } else if (imdsSupport !== undefined) {
    if (imdsSupport !== 'v2.0') throw missing('imdsSupport with value v2.0');
    record.image.ImdsSupport = imdsSupport;
  } else {
    refuseOwnKey(region, record, input);
    changePermissions(record, input);
  }
}

/** Nobody else can start from disks that AWS's own key has encrypted. Code and text were seen; removing is no sharing. */
function refuseOwnKey(region: Region, { image }: ImageRecord, input: ModifyImageAttributeRequest): void {
  const { Add = [] } = { ...oldPermissions(input), ...input.LaunchPermission };
  const key = defaultKey(region);
  const snapshots = (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
  const isEncryptedByIt = snapshots.some((id) => {
    const { encrypted, kmsKeyId } = region.state.snapshots.get(id) ?? {};
    return encrypted === true && kmsKeyId === key;
  });
  if (Add.length > 0 && isEncryptedByIt)
    throw new ServiceError(
      'InvalidParameter',
      'Snapshots encrypted with the AWS Managed CMK can’t be shared. Specify another snapshot.',
    );
}

const missing = (what: string) =>
  new ServiceError('MissingParameter', `The request must contain the parameter ${what}`);

const oldForm = ({ Attribute, Value }: ModifyImageAttributeRequest, name: string) =>
  Attribute === name ? (Value ?? '') : undefined;

function changePermissions(record: ImageRecord, input: ModifyImageAttributeRequest): void {
  const { Add = [], Remove = [] } = { ...oldPermissions(input), ...input.LaunchPermission };
  if (Add.length + Remove.length === 0)
    throw new ServiceError('InvalidParameterCombination', 'No attributes specified.');
  for (const { UserId } of [...Add, ...Remove]) {
    if (UserId !== undefined && !/^\d{12}$/.test(UserId)) {
      // The blank behind the value is AWS's.
      throw new ServiceError(
        'InvalidAMIAttributeItemValue',
        `Invalid attribute item value "${UserId} " for userId item type.`,
      );
    }
  }
  // A disabled image has no permissions and takes none; code and text are an inference.
  if (record.image.State === 'disabled')
    throw new ServiceError(
      'InvalidAMIID.Unavailable',
      `The image ID '${record.image.ImageId}' is not available`,
    );
  const removed = new Set(Remove.map(permissionKey));
  const permissions = new Map(
    record.launchPermissions
      .filter((permission) => !removed.has(permissionKey(permission)))
      .map((permission) => [permissionKey(permission), permission]),
  );
  for (const permission of Add) permissions.set(permissionKey(permission), permission);
  record.launchPermissions = [...permissions.values()];
  record.image.Public = record.launchPermissions.some(({ Group }) => Group === 'all');
}

function oldPermissions(input: ModifyImageAttributeRequest): {
  Add?: LaunchPermission[];
  Remove?: LaunchPermission[];
} {
  const permissions: LaunchPermission[] = [
    ...(input.UserIds ?? []).map((UserId) => ({ UserId })),
    ...(input.UserGroups ?? []).map(() => ({ Group: 'all' as const })),
    ...(input.OrganizationArns ?? []).map((OrganizationArn) => ({ OrganizationArn })),
    ...(input.OrganizationalUnitArns ?? []).map((OrganizationalUnitArn) => ({ OrganizationalUnitArn })),
  ];
  return input.OperationType === 'remove' ? { Remove: permissions } : { Add: permissions };
}

const permissionKey = ({ UserId, Group, OrganizationArn, OrganizationalUnitArn }: LaunchPermission) =>
  [UserId, Group, OrganizationArn, OrganizationalUnitArn].join(' ');

/** Attributes without a value are empty structures. */
function DescribeImageAttribute(input: DescribeImageAttributeRequest, region: Region): ImageAttribute {
  const record = ownImage(region, input.ImageId);
  const { image } = record;
  const ImageId = image.ImageId;
  switch (input.Attribute) {
    case 'launchPermission':
      return { ImageId, LaunchPermissions: record.launchPermissions };
    case 'productCodes':
      return { ImageId, ProductCodes: [] };
    case 'description':
      return { ImageId, Description: value(image.Description) };
    case 'deregistrationProtection':
      return { ImageId, DeregistrationProtection: value(image.DeregistrationProtection ?? 'disabled') };
    case 'lastLaunchedTime':
      return { ImageId, LastLaunchedTime: value(lastLaunched(region, record)) };
    case 'bootMode':
      return { ImageId, BootMode: value(image.BootMode) };
    case 'imdsSupport':
      return { ImageId, ImdsSupport: value(image.ImdsSupport) };
    case 'sriovNetSupport':
      return { ImageId, SriovNetSupport: value(image.SriovNetSupport) };
    case 'tpmSupport':
      return { ImageId, TpmSupport: value(image.TpmSupport) };
    case 'kernel':
      return { ImageId, KernelId: {} };
    case 'ramdisk':
      return { ImageId, RamdiskId: {} };
    case 'uefiData':
      return { ImageId, UefiData: {} };
    case 'blockDeviceMapping':
      // Refused even to the owner.
      throw new ServiceError('AuthFailure', 'Unauthorized attempt to access restricted resource');
    default:
      throw new ServiceError(
        'InvalidParameterValue',
        `Value (${input.Attribute}) for parameter attribute is invalid. Unknown attribute.`,
      );
  }
}

const value = (Value: string | undefined) => (Value === undefined ? {} : { Value });

function ResetImageAttribute(input: ResetImageAttributeRequest, region: Region): undefined {
  const record = ownImage(region, input.ImageId);
  const attribute: string | undefined = input.Attribute;
  if (attribute !== 'launchPermission')
    throw new ServiceError('InvalidRequest', 'The request received was invalid.');
  record.launchPermissions = [];
  record.image.Public = false;
}
