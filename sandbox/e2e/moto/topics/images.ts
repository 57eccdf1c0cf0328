import type { Comparison } from '../differential.ts';
import { imageRules } from '../rules/images.ts';
import { instanceRules, runRules } from '../rules/instances.ts';
import { leftOutOfInstances, leftOutOfLaunches } from '../rules/left-out-here.ts';
import { PUBLIC_IMAGE, publicImage, questions } from './common.ts';

const image = '{build.ImageId}';
const snapshot = '{image.Images.0.BlockDeviceMappings.0.Ebs.SnapshotId}';
const launchPermission = { ImageId: image, Attribute: 'launchPermission' };
const UNKNOWN_IMAGE = 'ami-0123456789abcdef0';

/** Images from the build to the end, snapshots, tags, dry runs and errors. */
export const images: Comparison = {
  topic: 'images',
  script: [
    PUBLIC_IMAGE,
    {
      name: 'run',
      call: 'ec2 RunInstances',
      input: {
        ImageId: publicImage,
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'builder' }] }],
      },
    },
    { pause: 60 },
    {
      name: 'builder',
      call: 'ec2 DescribeInstances',
      input: { InstanceIds: ['{run.Instances.0.InstanceId}'] },
    },
    {
      name: 'builder status',
      call: 'ec2 DescribeInstanceStatus',
      input: { InstanceIds: ['{run.Instances.0.InstanceId}'] },
    },
    { name: 'stop', call: 'ec2 StopInstances', input: { InstanceIds: ['{run.Instances.0.InstanceId}'] } },
    { pause: 120 },
    {
      name: 'build',
      call: 'ec2 CreateImage',
      input: {
        InstanceId: '{run.Instances.0.InstanceId}',
        Name: 'shop-1',
        Description: 'The shop',
        TagSpecifications: [
          {
            ResourceType: 'image',
            Tags: [
              { Key: 'application', Value: 'shop' },
              { Key: 'commit', Value: 'c0ffee' },
            ],
          },
        ],
      },
    },
    {
      name: 'second build',
      call: 'ec2 CreateImage',
      input: { InstanceId: '{run.Instances.0.InstanceId}', Name: 'shop-2' },
    },
    { pause: 300 },
    { name: 'image', call: 'ec2 DescribeImages', input: { ImageIds: [image] } },
    {
      name: 'tag',
      call: 'ec2 CreateTags',
      input: { Resources: [image, snapshot], Tags: [{ Key: 'promoted', Value: 'dev' }] },
    },
    ...questions('ec2 DescribeImages', {
      'own images': { Owners: ['self'] },
      'images by tag': { Owners: ['self'], Filters: [{ Name: 'tag:commit', Values: ['c0ffee'] }] },
      'images by one of several values': {
        Owners: ['self'],
        Filters: [{ Name: 'tag:commit', Values: ['decaf', 'c0ffee'] }],
      },
      'images by two filters': {
        Owners: ['self'],
        Filters: [
          { Name: 'tag:commit', Values: ['c0ffee'] },
          { Name: 'tag:application', Values: ['other'] },
        ],
      },
      'images by tag wildcard': { Owners: ['self'], Filters: [{ Name: 'tag:commit', Values: ['c0*'] }] },
      'images by tag key': { Owners: ['self'], Filters: [{ Name: 'tag-key', Values: ['promoted'] }] },
      'images by name': { Owners: ['self'], Filters: [{ Name: 'name', Values: ['shop-?'] }] },
      'images by state': { Owners: ['self'], Filters: [{ Name: 'state', Values: ['pending'] }] },
      'images by another tag': { Owners: ['self'], Filters: [{ Name: 'tag:commit', Values: ['C0FFEE'] }] },
      'images by id filter': {
        Owners: ['self'],
        Filters: [{ Name: 'image-id', Values: [image, UNKNOWN_IMAGE] }],
      },
      'images by source': {
        Owners: ['self'],
        Filters: [{ Name: 'source-instance-id', Values: ['{run.Instances.0.InstanceId}'] }],
      },
      'deprecated and disabled ones too': {
        Owners: ['self'],
        IncludeDeprecated: true,
        IncludeDisabled: true,
      },
      'an unknown image': { ImageIds: [UNKNOWN_IMAGE] },
      'a known and an unknown image': { ImageIds: [image, UNKNOWN_IMAGE] },
      'a malformed image id': { ImageIds: ['shop'] },
    }),
    ...questions('ec2 DescribeSnapshots', {
      'a snapshot': { SnapshotIds: [snapshot] },
      'snapshots by tag': { OwnerIds: ['self'], Filters: [{ Name: 'tag:promoted', Values: ['dev'] }] },
      'an unknown snapshot': { SnapshotIds: ['snap-0123456789abcdef0'] },
    }),
    ...questions('ec2 DescribeTags', {
      'tags of the image': { Filters: [{ Name: 'resource-id', Values: [image] }] },
      'tags by key and kind': {
        Filters: [
          { Name: 'key', Values: ['promoted'] },
          { Name: 'resource-type', Values: ['snapshot'] },
        ],
      },
    }),
    {
      name: 'untag',
      call: 'ec2 DeleteTags',
      input: { Resources: [image], Tags: [{ Key: 'promoted' }, { Key: 'commit', Value: 'not this one' }] },
    },
    { name: 'tags are gone', call: 'ec2 DescribeImages', input: { ImageIds: [image] } },

    {
      name: 'share',
      call: 'ec2 ModifyImageAttribute',
      input: { ImageId: image, LaunchPermission: { Add: [{ UserId: '210987654321' }, { Group: 'all' }] } },
    },
    { name: 'shared with', call: 'ec2 DescribeImageAttribute', input: launchPermission },
    { name: 'a public image', call: 'ec2 DescribeImages', input: { ImageIds: [image] } },
    {
      name: 'unshare',
      call: 'ec2 ModifyImageAttribute',
      input: { ImageId: image, LaunchPermission: { Remove: [{ Group: 'all' }] } },
    },
    {
      name: 'share with an organisation',
      call: 'ec2 ModifyImageAttribute',
      input: {
        ImageId: image,
        LaunchPermission: {
          Add: [{ OrganizationArn: 'arn:aws:organizations::111122223333:organization/o-abcdefghij' }],
        },
      },
    },
    { name: 'still shared with', call: 'ec2 DescribeImageAttribute', input: launchPermission },
    {
      name: 'share an unknown image',
      call: 'ec2 ModifyImageAttribute',
      input: { ImageId: UNKNOWN_IMAGE, LaunchPermission: { Add: [{ Group: 'all' }] } },
    },
    {
      name: 'share a snapshot',
      call: 'ec2 ModifySnapshotAttribute',
      input: {
        SnapshotId: snapshot,
        Attribute: 'createVolumePermission',
        OperationType: 'add',
        UserIds: ['210987654321'],
      },
    },
    {
      name: 'snapshot shared with',
      call: 'ec2 DescribeSnapshotAttribute',
      input: { SnapshotId: snapshot, Attribute: 'createVolumePermission' },
    },

    {
      name: 'copy',
      call: 'ec2 CopyImage',
      input: { SourceImageId: image, SourceRegion: 'us-east-1', Name: 'shop-1-copy', Description: 'A copy' },
    },
    { pause: 300 },
    { name: 'copied', call: 'ec2 DescribeImages', input: { ImageIds: ['{copy.ImageId}'] } },
    {
      name: 'copy an unknown image',
      call: 'ec2 CopyImage',
      input: { SourceImageId: UNKNOWN_IMAGE, SourceRegion: 'us-east-1', Name: 'nothing' },
    },

    ...Object.entries({
      CreateImage: { InstanceId: '{run.Instances.0.InstanceId}', Name: 'dry' },
      CopyImage: { SourceImageId: image, SourceRegion: 'us-east-1', Name: 'dry' },
      DescribeImages: { Owners: ['self'] },
      DeregisterImage: { ImageId: image },
      ModifyImageAttribute: { ImageId: image, LaunchPermission: { Add: [{ Group: 'all' }] } },
      RunInstances: { ImageId: image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 },
    }).map(([operation, input]) => ({
      name: `dry ${operation}`,
      call: `ec2 ${operation}`,
      input: { ...input, DryRun: true },
    })),

    { name: 'delete a used snapshot', call: 'ec2 DeleteSnapshot', input: { SnapshotId: snapshot } },
    { name: 'deregister', call: 'ec2 DeregisterImage', input: { ImageId: image } },
    { name: 'deregister again', call: 'ec2 DeregisterImage', input: { ImageId: image } },
    { name: 'deregister an unknown image', call: 'ec2 DeregisterImage', input: { ImageId: UNKNOWN_IMAGE } },
    { name: 'deregister nonsense', call: 'ec2 DeregisterImage', input: { ImageId: 'shop' } },
    { name: 'delete the snapshot', call: 'ec2 DeleteSnapshot', input: { SnapshotId: snapshot } },
    { name: 'delete it again', call: 'ec2 DeleteSnapshot', input: { SnapshotId: snapshot } },
    { name: 'images left', call: 'ec2 DescribeImages', input: { Owners: ['self'] } },
    {
      name: 'terminate',
      call: 'ec2 TerminateInstances',
      input: { InstanceIds: ['{run.Instances.0.InstanceId}'] },
    },
    {
      name: 'terminate an unknown instance',
      call: 'ec2 TerminateInstances',
      input: { InstanceIds: ['i-0123456789abcdef0'] },
    },
    {
      name: 'build from an unknown instance',
      call: 'ec2 CreateImage',
      input: { InstanceId: 'i-0123456789abcdef0', Name: 'nothing' },
    },
  ],
  rules: [...runRules, ...instanceRules, ...imageRules, ...leftOutOfLaunches, ...leftOutOfInstances],
};
