import * as autoScaling from '@aws-sdk/client-auto-scaling';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as ec2 from '@aws-sdk/client-ec2';
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import * as sns from '@aws-sdk/client-sns';
import * as ssm from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { publicImage } from '../../../sandbox/scene.ts';
import { services } from '../../../sandbox/services/index.ts';
import { type Harness, REGION, startHarness } from '../../support/harness.ts';

/** EC2 has no smaller pages. */
const PAGE_SIZE = 5;
/** Three pages and an item. */
const COUNT = 16;

let harness: Harness;
let alarms: cloudwatch.CloudWatchClient;
/** What some of the lists need to be asked for, by service and operation. */
let inputs: Readonly<Record<string, object>>;

beforeAll(async () => {
  harness = await startHarness();
  alarms = new cloudwatch.CloudWatchClient({
    region: REGION,
    endpoint: harness.sandbox.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  inputs = await setScene();
  harness.sandbox.clock.advance(600_000);
}, 60_000);
afterAll(async () => await harness.close());

/** By the clients' names in the sandbox; the Classic load balancers' pages are read with boto3. */
const modules: Readonly<Record<string, object>> = {
  autoscaling: autoScaling,
  cloudwatch,
  ec2,
  elbv2,
  sns,
  ssm,
};

/** Lists that have to have three pages and more here; of the others there is less than that. */
const LONG = [
  'autoscaling DescribeAutoScalingGroups',
  'autoscaling DescribeAutoScalingInstances',
  'autoscaling DescribeLaunchConfigurations',
  'autoscaling DescribeScalingActivities',
  'cloudwatch DescribeAlarms',
  'ec2 DescribeFleets',
  'ec2 DescribeImages',
  'ec2 DescribeInstanceStatus',
  'ec2 DescribeInstances',
  'ec2 DescribeLaunchTemplateVersions',
  'ec2 DescribeLaunchTemplates',
  'ec2 DescribeSecurityGroups',
  'ec2 DescribeSnapshots',
  'ec2 DescribeSpotFleetRequests',
  'ec2 DescribeSpotInstanceRequests',
  'ec2 DescribeTags',
  'ec2 DescribeVolumes',
  'ec2 ListImagesInRecycleBin',
  'ec2 ListSnapshotsInRecycleBin',
  'elbv2 DescribeListeners',
  'elbv2 DescribeLoadBalancers',
  'elbv2 DescribeTargetGroups',
  'ssm DescribeParameters',
];

const paginated = services.flatMap(({ service: { name: service }, handlers }) =>
  Object.keys(handlers)
    .filter((operation) => Reflect.has(modules[service] ?? {}, `paginate${operation}`))
    .map((operation) => ({ service, operation })),
);

describe("the JavaScript SDK's paginators", () => {
  test('cover the long lists', () => {
    expect(paginated.map(({ service, operation }) => `${service} ${operation}`)).toEqual(
      expect.arrayContaining(LONG),
    );
  });

  test.each(paginated)('$service $operation: every item once', async ({ service, operation }) => {
    const [whole = []] = await pages(service, operation);
    const small = await pages(service, operation, PAGE_SIZE);
    const items = small.flat();
    expect(items).toEqual(whole);
    expect(new Set(items).size).toBe(items.length);
    if (!LONG.includes(`${service} ${operation}`)) return;
    expect(small.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...small.map((page) => page.length))).toBeLessThanOrEqual(PAGE_SIZE);
  });
});

/** The items of each page, as text. Without a page size: all on one page, if the service allows it. */
async function pages(service: string, operation: string, pageSize?: number): Promise<string[][]> {
  const paginate: unknown = Reflect.get(modules[service] ?? {}, `paginate${operation}`);
  if (typeof paginate !== 'function') throw new Error(`There is no paginator for ${operation}.`);
  const config = { client: clientOf(service), ...(pageSize === undefined ? {} : { pageSize }) };
  // The SDK's paginators for Elastic Load Balancing do not pass their page size on; all of them change their input.
  const size = service === 'elbv2' && pageSize !== undefined ? { PageSize: pageSize } : {};
  const input = { ...inputs[`${service} ${operation}`], ...size };
  const answers: AsyncIterable<object> = Reflect.apply(paginate, undefined, [config, input]);
  const found: string[][] = [];
  for await (const answer of answers) {
    const lists: unknown[][] = Object.values(answer).filter(Array.isArray);
    found.push(
      lists
        .flat()
        .flatMap(unfolded)
        .map((item) => JSON.stringify(item)),
    );
  }
  return pageSize === undefined ? [found.flat()] : found;
}

/** EC2 counts instances: a page can end in the middle of a reservation. */
function unfolded(item: unknown): unknown[] {
  const instances: unknown =
    Reflect.has(Object(item), 'ReservationId') && Reflect.get(Object(item), 'Instances');
  return Array.isArray(instances) ? instances : [item];
}

function clientOf(service: string): object {
  const { aws } = harness;
  const clients: Record<string, object> = {
    autoscaling: aws.autoScaling,
    cloudwatch: alarms,
    ec2: aws.ec2,
    elbv2: aws.elb,
    sns: aws.sns,
    ssm: aws.ssm,
  };
  return clients[service] ?? {};
}

/** More than three pages of everything that a person can make many of. */
async function setScene(): Promise<Record<string, object>> {
  const { aws, sandbox } = harness;
  const ImageId = publicImage(sandbox, REGION);
  const InstanceType = 't3.micro';
  const { Instances } = await aws.ec2.send(
    new ec2.RunInstancesCommand({ ImageId, InstanceType, MinCount: COUNT, MaxCount: COUNT }),
  );
  const InstanceId = Instances?.[0]?.InstanceId ?? '';
  const { Subnets = [] } = await aws.ec2.send(new ec2.DescribeSubnetsCommand({}));
  const [{ SubnetId: subnet = '', VpcId = '' } = {}, { SubnetId: otherSubnet = '' } = {}] = Subnets;
  const subnets = [subnet, otherSubnet];
  const { LoadBalancers } = await aws.elb.send(
    new elbv2.CreateLoadBalancerCommand({ Name: 'web', Subnets: subnets }),
  );
  const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn ?? '';
  const { TargetGroups } = await aws.elb.send(
    new elbv2.CreateTargetGroupCommand({ Name: 'web', Protocol: 'HTTP', Port: 80, VpcId }),
  );
  const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
  const template = { LaunchTemplateName: 'template-0' };
  const LaunchTemplateData = { ImageId, InstanceType } as const;
  const { TopicArn } = await aws.sns.send(new sns.CreateTopicCommand({ Name: 'news' }));
  let listener = '';
  const { state } = sandbox.world.region(REGION);

  for (let number = 0; number < COUNT; number++) {
    // What nobody can make here: scenes put it straight into the state.
    state.fleets.set(`fleet-${number}`, { FleetId: `fleet-${number}` });
    state.spotFleetRequests.set(`sfr-${number}`, { SpotFleetRequestId: `sfr-${number}` });
    state.spotInstanceRequests.set(`sir-${number}`, { SpotInstanceRequestId: `sir-${number}` });
    state.recycledImages.set(`ami-${number}`, { ImageId: `ami-${number}` });
    state.recycledSnapshots.set(`snap-${number}`, { SnapshotId: `snap-${number}` });
    await aws.ec2.send(new ec2.CreateImageCommand({ InstanceId, Name: `image-${number}` }));
    await aws.ec2.send(
      new ec2.CreateLaunchTemplateCommand({ LaunchTemplateName: `template-${number}`, LaunchTemplateData }),
    );
    await aws.ec2.send(new ec2.CreateLaunchTemplateVersionCommand({ ...template, LaunchTemplateData }));
    await aws.ec2.send(
      new ec2.CreateSecurityGroupCommand({ GroupName: `group-${number}`, Description: 'A group' }),
    );
    await aws.ec2.send(
      new ec2.CreateTagsCommand({ Resources: [InstanceId], Tags: [{ Key: `tag-${number}`, Value: 'x' }] }),
    );
    await aws.autoScaling.send(
      new autoScaling.CreateLaunchConfigurationCommand({
        LaunchConfigurationName: `configuration-${number}`,
        ImageId,
        InstanceType,
      }),
    );
    await aws.autoScaling.send(
      new autoScaling.CreateAutoScalingGroupCommand({
        AutoScalingGroupName: `group-${number}`,
        LaunchTemplate: { ...template, Version: '1' },
        MinSize: 0,
        MaxSize: 1,
        DesiredCapacity: 1,
        VPCZoneIdentifier: subnet,
      }),
    );
    await aws.elb.send(new elbv2.CreateLoadBalancerCommand({ Name: `web-${number}`, Subnets: subnets }));
    await aws.elb.send(
      new elbv2.CreateTargetGroupCommand({ Name: `group-${number}`, Protocol: 'HTTP', Port: 80, VpcId }),
    );
    const { Listeners } = await aws.elb.send(
      new elbv2.CreateListenerCommand({
        LoadBalancerArn,
        Protocol: 'HTTP',
        Port: 8000 + number,
        DefaultActions: [{ Type: 'forward', TargetGroupArn }],
      }),
    );
    listener = Listeners?.[0]?.ListenerArn ?? '';
    await aws.ssm.send(
      new ssm.PutParameterCommand({ Name: `/shop/${number}`, Type: 'String', Value: 'x', Overwrite: true }),
    );
    await aws.sns.send(new sns.CreateTopicCommand({ Name: `topic-${number}` }));
    await aws.sns.send(
      new sns.SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: `${number}@example.com` }),
    );
    await alarms.send(
      new cloudwatch.PutMetricAlarmCommand({
        AlarmName: `alarm-${number}`,
        Namespace: 'Shop',
        MetricName: 'Errors',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
  }
  const group = { AutoScalingGroupName: 'group-0' };
  return {
    'autoscaling DescribeInstanceRefreshes': group,
    'autoscaling DescribeLoadBalancers': group,
    'autoscaling DescribeLoadBalancerTargetGroups': group,
    'autoscaling DescribeTrafficSources': group,
    'autoscaling DescribeWarmPool': group,
    'ec2 DescribeImageReferences': { ImageIds: [ImageId], IncludeAllResourceTypes: true },
    'ec2 DescribeImages': { Owners: ['self'] },
    'ec2 DescribeLaunchTemplateVersions': template,
    'elbv2 DescribeListeners': { LoadBalancerArn },
    'elbv2 DescribeRules': { ListenerArn: listener },
    'sns ListSubscriptionsByTopic': { TopicArn },
    'ssm GetParameterHistory': { Name: '/shop/0' },
    'ssm GetParametersByPath': { Path: '/shop' },
  };
}
