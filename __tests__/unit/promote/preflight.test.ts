import type { AutoScalingGroup, RefreshPreferences } from '@aws-sdk/client-auto-scaling';
import type { ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import { describe, expect, test } from '@jest/globals';
import type { Comparison } from '../../../src/github/github.ts';
import type { Image } from '../../../src/image.ts';
import { preflight } from '../../../src/promote/preflight.ts';
import type { Target } from '../../../src/promote/target.ts';
import { inputsOf } from '../../support/harness.ts';

const OLD = 'ami-00000000000000001';
const RUNNING = 'a'.repeat(40);
const NEW = 'ami-00000000000000002';

function image(id: string, given: Partial<Image> = {}): Image {
  return {
    id,
    name: id,
    state: 'available',
    created: 0,
    architecture: 'x86_64',
    ownerId: '1',
    rootDeviceName: '/dev/xvda',
    tags: {},
    ...given,
  };
}

const tag = (Key: string, Value: string) => ({ Key, Value });

function target(
  given: {
    group?: Partial<AutoScalingGroup>;
    named?: string;
    data?: ResponseLaunchTemplateData;
    running?: false;
  } = {},
): Target {
  const base = {
    launchTemplateId: 'lt-1',
    launchTemplateName: 'web',
    named: given.named ?? '7',
    number: '7',
    data: given.data ?? { ImageId: OLD },
  };
  return {
    name: 'web',
    group: {
      AutoScalingGroupName: 'web',
      MinSize: 0,
      MaxSize: 4,
      DesiredCapacity: 2,
      DefaultCooldown: 300,
      AvailabilityZones: [],
      HealthCheckType: 'ELB',
      CreatedTime: new Date(0),
      ...given.group,
    },
    running: given.running === false ? undefined : { base, versions: [base] },
    unreadable: [],
    warm: [],
    targetGroups: [],
    activeRefresh: undefined,
  };
}

function check(
  given: {
    target?: Target;
    image?: Image;
    present?: Image[];
    comparison?: Comparison;
    wanted?: RefreshPreferences;
    alarms?: Record<string, string>;
    inputs?: Record<string, string>;
  } = {},
) {
  return preflight({
    inputs: inputsOf('promote', { environment: 'dev', 'auto-scaling-groups': 'web', ...given.inputs }),
    images: [given.image ?? image(NEW)],
    targets: [given.target ?? target()],
    present: given.present ?? [image(OLD, { tags: { 'immutable-deploy:commit': RUNNING } })],
    changes: new Map(given.comparison ? [[RUNNING, { status: given.comparison }]] : []),
    wanted: given.wanted ?? {},
    alarms: new Map(Object.entries(given.alarms ?? {})),
  });
}

test('an ordinary group passes', () => {
  expect(check()).toEqual({ problems: [], warnings: [] });
});

describe('one sentence for what stands in the way', () => {
  const spot = {
    InstanceId: 'i-1',
    AvailabilityZone: 'a',
    LifecycleState: 'InService' as const,
    HealthStatus: 'Healthy',
    ProtectedFromScaleIn: true,
  };
  test.each<[string, Parameters<typeof check>[0], RegExp]>([
    [
      'a group on $Latest',
      { target: target({ named: '$Latest' }) },
      /follows \$Latest .* Set the group to the version number it runs, 7, or set "pin-version: true"/,
    ],
    ['a group on $Default', { target: target({ named: '$Default' }) }, /follows \$Default/],
    [
      'an image by SSM alias',
      { target: target({ data: { ImageId: 'resolve:ssm:/web/ami' } }) },
      /takes its image from resolve:ssm:\/web\/ami/,
    ],
    ['a version without image', { target: target({ data: {} }) }, /names no image/],
    [
      'a launch configuration',
      { target: target({ running: false, group: { LaunchConfigurationName: 'lc' } }) },
      /uses the launch configuration lc/,
    ],
    [
      'a group that is being deleted',
      { target: target({ group: { Status: 'Delete in progress' } }) },
      /is being deleted/,
    ],
    [
      'protected instances',
      { target: target({ group: { Instances: [spot] } }) },
      /protected from scale-in, .*: i-1\. Remove the protection, or say with "scale-in-protected-instances"/,
    ],
    [
      'processes without which nothing moves',
      {
        target: target({
          group: { SuspendedProcesses: [{ ProcessName: 'Terminate' }, { ProcessName: 'AZRebalance' }] },
        }),
      },
      /does not work: Terminate\. Resume/,
    ],
    ['a present image that is gone', { present: [] }, /no longer exists: a rollback to it would fail/],
    [
      'another architecture',
      { image: image(NEW, { architecture: 'arm64' }) },
      /The group "web" runs x86_64 .* is arm64\. Bake for that architecture/,
    ],
    [
      'another root device than the template sets up',
      {
        image: image(NEW, { rootDeviceName: '/dev/sda1' }),
        target: target({ data: { ImageId: OLD, BlockDeviceMappings: [{ DeviceName: '/dev/xvda' }] } }),
      },
      /sets up the root device \/dev\/xvda/,
    ],
    [
      'a root volume that is too small for the image',
      {
        image: image(NEW, { rootGiB: 20 }),
        target: target({
          data: {
            ImageId: OLD,
            BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8 } }],
          },
        }),
      },
      /root volume of 8 GiB, but the image \S+ needs 20 GiB/,
    ],
    [
      'a group of another service',
      { target: target({ group: { Tags: [tag('eks:nodegroup-name', 'workers')] } }) },
      /belongs to the Amazon EKS managed node group workers/,
    ],
    [
      'a group that a service manages',
      { target: target({ group: { Operator: { Principal: 'batch.amazonaws.com' } } }) },
      /is managed by batch\.amazonaws\.com/,
    ],
    ['an older commit', { comparison: 'behind' }, /already runs a newer commit/],
    [
      'an alarm that does not exist',
      { wanted: { AlarmSpecification: { Alarms: ['errors'] } } },
      /no CloudWatch alarm "errors"/,
    ],
    [
      'an alarm that is red',
      { wanted: { AlarmSpecification: { Alarms: ['errors'] } }, alarms: { errors: 'ALARM' } },
      /"errors" is in the state ALARM: AWS would not start the refresh\. .*"incident: true"/,
    ],
    [
      'an alarm without data',
      { wanted: { AlarmSpecification: { Alarms: ['errors'] } }, alarms: { errors: 'INSUFFICIENT_DATA' } },
      /"errors" has insufficient data/,
    ],
  ])('%s', (_what, given, sentence) => {
    const { problems } = check(given);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(sentence);
  });
});

test.each<[string, Record<string, string>]>([
  ['allow-older', { 'allow-older': 'true' }],
  ['rollback', { rollback: 'true' }],
])('an older commit is accepted with %s', (_what, inputs) => {
  expect(check({ comparison: 'behind', inputs }).problems).toEqual([]);
});

test.each<Comparison>(['ahead', 'identical', 'diverged'])(
  'a commit that is %s is no problem',
  (comparison) => {
    expect(check({ comparison }).problems).toEqual([]);
  },
);

test.each(['Refresh', 'Ignore', 'Wait'] as const)(
  'protected instances are no problem when the user says %s',
  (ScaleInProtectedInstances) => {
    const Instances = [
      {
        InstanceId: 'i-1',
        AvailabilityZone: 'a',
        LifecycleState: 'InService' as const,
        HealthStatus: 'Healthy',
        ProtectedFromScaleIn: true,
      },
    ];
    const given = { target: target({ group: { Instances } }), wanted: { ScaleInProtectedInstances } };
    expect(check(given).problems).toEqual([]);
  },
);

test('alarms that are OK are no problem', () => {
  const wanted = { AlarmSpecification: { Alarms: ['errors'] } };
  expect(check({ wanted, alarms: { errors: 'OK' } }).problems).toEqual([]);
});

test.each([
  [
    'CloudFormation',
    tag('aws:cloudformation:stack-name', 'shop'),
    /CloudFormation stack shop\. Do not update the stack while/,
  ],
  [
    'Terraform',
    tag('ManagedBy', 'Terraform'),
    /made by Terraform \(tag ManagedBy=Terraform\).*ignore_changes/,
  ],
])('how to live with %s is said', (_tool, owner, sentence) => {
  const { problems, warnings } = check({ target: target({ group: { Tags: [owner] } }) });
  expect(problems).toEqual([]);
  expect(warnings).toEqual([expect.stringMatching(sentence)]);
});

test('a load balancer with EC2 health checks is worth a warning', () => {
  const { warnings } = check({
    target: target({ group: { HealthCheckType: 'EC2', TargetGroupARNs: ['arn'] } }),
  });
  expect(warnings).toEqual([expect.stringContaining('health check type is EC2')]);
});
