import { describe, expect, test } from '@jest/globals';
import { groupUses } from '../../../src/prune/references/groups.ts';
import { instanceUses } from '../../../src/prune/references/instances.ts';
import { describePermission } from '../../../src/prune/references/launch-permissions.ts';
import { promotionsUnderWay } from '../../../src/prune/references/promotions.ts';
import { counts, refreshUses } from '../../../src/prune/references/refreshes.ts';
import { image, imageId, NOW, promoting } from './builders.ts';

const GROUP = {
  AutoScalingGroupName: 'web',
  MinSize: 0,
  MaxSize: 1,
  DesiredCapacity: 1,
  DefaultCooldown: 300,
  AvailabilityZones: [],
  HealthCheckType: 'EC2',
  CreatedTime: new Date(NOW),
};

describe('groups', () => {
  test('a launch template without a version means $Default', () => {
    const LaunchTemplate = { LaunchTemplateId: 'lt-1', LaunchTemplateName: 'web' };
    expect(groupUses({ ...GROUP, LaunchTemplate })).toEqual([
      { holder: 'Auto Scaling group web', template: { id: 'lt-1', name: 'web' }, version: '$Default' },
    ]);
  });

  test('a mixed instances policy has templates and images of its own in its overrides', () => {
    const uses = groupUses({
      ...GROUP,
      MixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '3' },
          Overrides: [
            {
              InstanceType: 't4g.micro',
              LaunchTemplateSpecification: { LaunchTemplateName: 'arm', Version: '$Latest' },
            },
            { InstanceType: 't3.micro', ImageId: imageId(5) },
            { InstanceType: 't3.small' },
          ],
        },
      },
    });
    expect(uses).toEqual([
      { holder: 'Auto Scaling group web', template: { id: 'lt-1', name: undefined }, version: '3' },
      { holder: 'Auto Scaling group web', template: { id: undefined, name: 'arm' }, version: '$Latest' },
      { holder: 'Auto Scaling group web', imageId: imageId(5) },
    ]);
  });

  test('an instance with a replaced root volume has an image that only Auto Scaling knows', () => {
    const instance = {
      InstanceId: 'i-1',
      AvailabilityZone: 'us-east-1a',
      LifecycleState: 'InService' as const,
      HealthStatus: 'Healthy',
      ProtectedFromScaleIn: false,
    };
    expect(groupUses({ ...GROUP, Instances: [{ ...instance, ImageId: imageId(5) }, instance] })).toEqual([
      { holder: 'instance i-1', imageId: imageId(5) },
    ]);
  });
});

test('an instance holds its image and the version that it was launched from', () => {
  const Tags = [
    { Key: 'aws:ec2launchtemplate:id', Value: 'lt-1' },
    { Key: 'aws:ec2launchtemplate:version', Value: '7' },
  ];
  expect(instanceUses({ InstanceId: 'i-1', ImageId: imageId(1), Tags })).toEqual([
    { holder: 'instance i-1', imageId: imageId(1) },
    { holder: 'instance i-1', template: { id: 'lt-1', name: undefined }, version: '7' },
  ]);
  expect(instanceUses({ InstanceId: 'i-2', ImageId: imageId(1) })).toHaveLength(1);
});

describe('instance refreshes', () => {
  const hoursAgo = (hours: number) => new Date(NOW - hours * 3600 * 1000);

  test.each([
    ['in progress', { Status: 'InProgress', StartTime: hoursAgo(200) }, true],
    ['being rolled back', { Status: 'RollbackInProgress', StartTime: hoursAgo(200) }, true],
    [
      'in a status that is new',
      { Status: 'Sleeping', StartTime: hoursAgo(200), EndTime: hoursAgo(200) },
      true,
    ],
    ['ended an hour ago', { Status: 'Successful', EndTime: hoursAgo(1) }, true],
    ['ended two days ago', { Status: 'Failed', StartTime: hoursAgo(50), EndTime: hoursAgo(48) }, false],
    ['cancelled before it began', { Status: 'Cancelled' }, true],
  ])('%s', (_what, refresh, expected) => {
    expect(counts(refresh, NOW)).toBe(expected);
  });

  test('holds its desired configuration, mixed or not', () => {
    const refresh = {
      InstanceRefreshId: 'r-1',
      AutoScalingGroupName: 'web',
      DesiredConfiguration: {
        LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '8' },
        MixedInstancesPolicy: { LaunchTemplate: { Overrides: [{ ImageId: imageId(2) }] } },
      },
    };
    const holder = 'instance refresh r-1 of Auto Scaling group web';
    expect(refreshUses(refresh)).toEqual([
      { holder, template: { id: 'lt-1', name: undefined }, version: '8' },
      { holder, imageId: imageId(2) },
    ]);
    expect(refreshUses({ InstanceRefreshId: 'r-2', AutoScalingGroupName: 'web' })).toEqual([]);
  });
});

describe('promotions under way', () => {
  const holders = (tags: Readonly<Record<string, string>>) =>
    promotionsUnderWay([image(1, { tags })], NOW).map(({ holder }) => holder);

  test('count for fifteen days', () => {
    expect(holders(promoting('production', 14.9))).toEqual(['promotion under way in production']);
    expect(holders(promoting('production', 15))).toEqual([]);
  });

  test('count when the mark is of the future: clocks differ', () => {
    expect(holders(promoting('production', -1))).toHaveLength(1);
  });

  test('count when the mark has no time', () => {
    expect(holders({ 'immutable-deploy:promoting:dev': 'yes', ...promoting('production', 1) })).toEqual([
      'promotion under way in production',
      'promotion under way in dev',
    ]);
  });
});

test.each([
  [{ UserId: '111122223333' }, 'shared with account 111122223333'],
  [
    { OrganizationArn: 'arn:aws:organizations::1:organization/o-1' },
    'shared with arn:aws:organizations::1:organization/o-1',
  ],
  [{ Group: 'all' as const }, 'shared with everybody'],
])('a launch permission in words: %j', (permission, words) => {
  expect(describePermission(permission)).toBe(words);
});
