import { StopInstancesCommand } from '@aws-sdk/client-ec2';
import {
  ConfigureHealthCheckCommand,
  CreateLoadBalancerCommand,
  DeregisterInstancesFromLoadBalancerCommand,
  DescribeInstanceHealthCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
  type Instance,
  ModifyLoadBalancerAttributesCommand,
  RegisterInstancesWithLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Harness, REGION, startHarness } from '../../support/harness.ts';
import { addInstances } from './load-balancer-scene.ts';

let harness: Harness;
let elb: ElasticLoadBalancingClient;

beforeEach(async () => {
  harness = await startHarness();
  elb = new ElasticLoadBalancingClient({
    region: REGION,
    endpoint: harness.sandbox.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await addBalancer('front');
});

afterEach(async () => await harness.close());

async function addBalancer(LoadBalancerName: string): Promise<void> {
  await elb.send(
    new CreateLoadBalancerCommand({
      LoadBalancerName,
      Listeners: [{ Protocol: 'http', LoadBalancerPort: 80, InstancePort: 8080 }],
      AvailabilityZones: [`${REGION}a`, `${REGION}b`],
    }),
  );
}

const quickCheck = async () =>
  await elb.send(
    new ConfigureHealthCheckCommand({
      LoadBalancerName: 'front',
      HealthCheck: {
        Target: 'HTTP:8080/health',
        Interval: 10,
        Timeout: 5,
        HealthyThreshold: 3,
        UnhealthyThreshold: 2,
      },
    }),
  );

const asInstances = (ids: readonly string[]): Instance[] => ids.map((InstanceId) => ({ InstanceId }));

const register = async (ids: readonly string[]) =>
  await elb.send(
    new RegisterInstancesWithLoadBalancerCommand({ LoadBalancerName: 'front', Instances: asInstances(ids) }),
  );

const deregister = async (ids: readonly string[]) =>
  await elb.send(
    new DeregisterInstancesFromLoadBalancerCommand({
      LoadBalancerName: 'front',
      Instances: asInstances(ids),
    }),
  );

async function health(ids?: readonly string[]) {
  const { InstanceStates } = await elb.send(
    new DescribeInstanceHealthCommand({
      LoadBalancerName: 'front',
      ...(ids ? { Instances: asInstances(ids) } : {}),
    }),
  );
  return InstanceStates?.map(({ State, ReasonCode, Description }) => [State, ReasonCode, Description]);
}

const REGISTERING = ['OutOfService', 'ELB', 'Instance registration is still in progress.'];
const IN_SERVICE = ['InService', 'N/A', 'N/A'];
const FAILED = [
  'OutOfService',
  'Instance',
  'Instance has failed at least the UnhealthyThreshold number of health checks consecutively.',
];

describe('a Classic load balancer', () => {
  test('has the documented defaults', async () => {
    const { LoadBalancerDescriptions } = await elb.send(new DescribeLoadBalancersCommand({}));
    expect(LoadBalancerDescriptions).toMatchObject([
      {
        LoadBalancerName: 'front',
        Scheme: 'internet-facing',
        AvailabilityZones: [`${REGION}a`, `${REGION}b`],
        ListenerDescriptions: [
          {
            Listener: {
              Protocol: 'HTTP',
              LoadBalancerPort: 80,
              InstanceProtocol: 'HTTP',
              InstancePort: 8080,
            },
          },
        ],
        HealthCheck: {
          Target: 'TCP:8080',
          Interval: 30,
          Timeout: 5,
          UnhealthyThreshold: 2,
          HealthyThreshold: 10,
        },
        Instances: [],
      },
    ]);
    const { LoadBalancerAttributes } = await elb.send(
      new DescribeLoadBalancerAttributesCommand({ LoadBalancerName: 'front' }),
    );
    expect(LoadBalancerAttributes).toMatchObject({
      ConnectionDraining: { Enabled: false, Timeout: 300 },
      CrossZoneLoadBalancing: { Enabled: false },
      ConnectionSettings: { IdleTimeout: 60 },
    });
  });

  test('takes an instance into service after as many passed checks as its threshold says', async () => {
    await quickCheck();
    await register(await addInstances(harness, 1));
    expect(await health()).toEqual([REGISTERING]);
    harness.sandbox.clock.advance(29_999);
    expect(await health()).toEqual([REGISTERING]);
    harness.sandbox.clock.advance(1);
    expect(await health()).toEqual([IN_SERVICE]);
  });

  test.each(['never-healthy', 'answers:500'])('says that an instance (%s) fails its checks', async (boot) => {
    await quickCheck();
    await register(await addInstances(harness, 1, boot));
    harness.sandbox.clock.advance(19_999);
    expect(await health()).toEqual([REGISTERING]);
    harness.sandbox.clock.advance(1);
    expect(await health()).toEqual([FAILED]);
  });

  test('takes an instance that stops out of service', async () => {
    await quickCheck();
    const ids = await addInstances(harness, 1);
    await register(ids);
    harness.sandbox.clock.advance(60_000);
    await harness.aws.ec2.send(new StopInstancesCommand({ InstanceIds: ids }));
    harness.sandbox.clock.advance(19_000);
    expect(await health()).toEqual([IN_SERVICE]);
    harness.sandbox.clock.advance(60_000);
    expect(await health()).toEqual([['OutOfService', 'Instance', 'Instance is in stopped state.']]);
  });

  test('drops a deregistered instance at once, or after its connections have drained', async () => {
    await quickCheck();
    const ids = await addInstances(harness, 2);
    await register(ids);
    harness.sandbox.clock.advance(60_000);
    expect((await deregister(ids.slice(0, 1))).Instances).toEqual(asInstances(ids.slice(1)));
    expect(await health(ids.slice(0, 1))).toEqual([
      ['OutOfService', 'Instance', 'Instance is not currently registered with the LoadBalancer.'],
    ]);
    await elb.send(
      new ModifyLoadBalancerAttributesCommand({
        LoadBalancerName: 'front',
        LoadBalancerAttributes: { ConnectionDraining: { Enabled: true, Timeout: 20 } },
      }),
    );
    await deregister(ids.slice(1));
    expect(await health()).toEqual([['InService', 'N/A', 'Instance deregistration currently in progress.']]);
    harness.sandbox.clock.advance(20_000);
    expect(await health()).toEqual([]);
  });

  test('that is unknown, or an unknown instance, is refused with the code of this API', async () => {
    const codeOf = async (work: Promise<unknown>) =>
      await work.then(
        () => 'no error',
        (error: unknown) => Reflect.get(Object(error), 'Code'),
      );
    expect(await codeOf(elb.send(new DescribeInstanceHealthCommand({ LoadBalancerName: 'none' })))).toBe(
      'LoadBalancerNotFound',
    );
    expect(await codeOf(register(['i-0123456789abcdef0']))).toBe('InvalidInstance');
    expect(await codeOf(addBalancer('front'))).toBe('DuplicateLoadBalancerName');
  });

  test('comes in pages', async () => {
    await addBalancer('second');
    const first = await elb.send(new DescribeLoadBalancersCommand({ PageSize: 1 }));
    expect(first.LoadBalancerDescriptions?.map((it) => it.LoadBalancerName)).toEqual(['front']);
    const second = await elb.send(
      new DescribeLoadBalancersCommand({ PageSize: 1, Marker: first.NextMarker }),
    );
    expect(second.LoadBalancerDescriptions?.map((it) => it.LoadBalancerName)).toEqual(['second']);
    expect(second.NextMarker).toBeUndefined();
  });
});
