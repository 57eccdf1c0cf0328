import { StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateRuleCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ModifyListenerCommand,
  ModifyLoadBalancerAttributesCommand,
  ModifyRuleCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  RemoveTagsCommand,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { instanceIsRunning } from '../../../sandbox/engine/instances.ts';
import { type Harness, REGION, startHarness } from '../../support/harness.ts';
import {
  addInstances,
  addListener,
  addLoadBalancer,
  addTargetGroup,
  addTargetGroupInUse,
  healthOf,
  QUICK,
  regionOf,
  register,
  statesOf,
} from './load-balancer-scene.ts';

let harness: Harness;

beforeEach(async () => {
  harness = await startHarness();
});

afterEach(async () => await harness.close());

const advance = (seconds: number) => harness.sandbox.clock.advance(seconds * 1000);

/** The name of the error that a call ends with. */
const refusal = async (work: Promise<unknown>): Promise<string> =>
  await work.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );

describe('target health', () => {
  test('turns unhealthy when the instance stops, and unused when it has stopped', async () => {
    const arn = await addTargetGroupInUse(harness);
    const ids = await addInstances(harness, 1);
    await register(harness, arn, ids);
    advance(5);
    // Settled: nothing is due.
    expect(harness.sandbox.clock.saveTimers().timers).toEqual([]);
    advance(3600);
    await harness.aws.ec2.send(new StopInstancesCommand({ InstanceIds: ids }));
    advance(9);
    expect(await statesOf(harness, arn)).toEqual(['healthy']);
    advance(1);
    expect(await healthOf(harness, arn)).toMatchObject([
      { TargetHealth: { State: 'unhealthy', Reason: 'Target.Timeout' } },
    ]);
    advance(60);
    expect(await healthOf(harness, arn)).toMatchObject([
      { TargetHealth: { State: 'unused', Reason: 'Target.InvalidState' } },
    ]);
  });

  test('names the status of an answer that the matcher does not take', async () => {
    const arn = await addTargetGroupInUse(harness, { Matcher: { HttpCode: '200-299,301' } });
    await register(harness, arn, await addInstances(harness, 1, 'answers:500'));
    advance(10);
    expect((await healthOf(harness, arn))[0]?.TargetHealth).toEqual({
      State: 'unhealthy',
      Reason: 'Target.ResponseCodeMismatch',
      Description: 'Health checks failed with these codes: [500]',
    });
  });

  test.each(['301', '250'])('is healthy with the status %s of the matcher', async (status) => {
    const arn = await addTargetGroupInUse(harness, { Matcher: { HttpCode: '200-299,301' } });
    await register(harness, arn, await addInstances(harness, 1, `answers:${status}`));
    advance(5);
    expect(await statesOf(harness, arn)).toEqual(['healthy']);
  });

  test('begins when a listener forwards to the group, and ends when none does any more', async () => {
    const arn = await addTargetGroup(harness, QUICK);
    await register(harness, arn, await addInstances(harness, 1));
    advance(60);
    expect(await statesOf(harness, arn)).toEqual(['unused']);
    const ListenerArn = await addListener(harness, await addLoadBalancer(harness), arn);
    expect(await statesOf(harness, arn)).toEqual(['initial']);
    advance(5);
    expect(await statesOf(harness, arn)).toEqual(['healthy']);
    await harness.aws.elb.send(new DeleteListenerCommand({ ListenerArn }));
    expect(await statesOf(harness, arn)).toEqual(['unused']);
  });

  test('of an address is that of the instance which has it', async () => {
    const arn = await addTargetGroupInUse(harness, { TargetType: 'ip' });
    const [id = ''] = await addInstances(harness, 1);
    const address = harness.sandbox.world.region('us-east-1').state.instances.get(id)?.privateIp ?? '';
    await register(harness, arn, [address, '172.31.0.200']);
    advance(10);
    expect(await statesOf(harness, arn)).toEqual(['healthy', 'unhealthy']);
    await harness.aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    advance(10);
    expect(await statesOf(harness, arn)).toEqual(['unhealthy', 'unhealthy']);
  });

  test('of a target that is asked for and not registered is unused', async () => {
    const arn = await addTargetGroupInUse(harness);
    const [known = '', unknown = ''] = await addInstances(harness, 2);
    await register(harness, arn, [known]);
    const { TargetHealthDescriptions } = await harness.aws.elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: arn, Targets: [{ Id: unknown }, { Id: known }] }),
    );
    expect(
      TargetHealthDescriptions?.map(({ Target, TargetHealth }) => [Target?.Id, TargetHealth?.Reason]),
    ).toEqual([
      [unknown, 'Target.NotRegistered'],
      [known, 'Elb.RegistrationInProgress'],
    ]);
  });

  test('needs the threshold to come back, and a draining target that is registered again starts anew', async () => {
    const arn = await addTargetGroupInUse(harness, { HealthyThresholdCount: 3 });
    const [id = ''] = await addInstances(harness, 1, 'slow:75');
    await register(harness, arn, [id]);
    advance(10);
    // The third check passes, 75 s after the launch; two more make it healthy.
    advance(14);
    expect(await statesOf(harness, arn)).toEqual(['unhealthy']);
    advance(1);
    expect(await statesOf(harness, arn)).toEqual(['healthy']);
    const Targets = [{ Id: id }];
    await harness.aws.elb.send(new DeregisterTargetsCommand({ TargetGroupArn: arn, Targets }));
    advance(200);
    expect(await statesOf(harness, arn)).toEqual(['draining']);
    await register(harness, arn, [id]);
    expect(await statesOf(harness, arn)).toEqual(['initial']);
    // The end of the first draining is not the end of the new registration.
    advance(200);
    expect(await statesOf(harness, arn)).toEqual(['healthy']);
  });

  test('starts anew when a stopped instance runs again', async () => {
    const arn = await addTargetGroupInUse(harness);
    const ids = await addInstances(harness, 1);
    await register(harness, arn, ids);
    advance(5);
    await harness.aws.ec2.send(new StopInstancesCommand({ InstanceIds: ids }));
    advance(60);
    expect(await statesOf(harness, arn)).toEqual(['unused']);
    const { world } = harness.sandbox;
    const instance = regionOf(harness).instances.get(ids[0] ?? '');
    if (!instance) throw new Error('The instance is gone.');
    instance.state = 'pending';
    instanceIsRunning(world.region(REGION), instance.id);
    expect(await statesOf(harness, arn)).toEqual(['initial']);
    advance(5);
    expect(await statesOf(harness, arn)).toEqual(['healthy']);
  });

  test('goes on from a saved state', async () => {
    const arn = await addTargetGroupInUse(harness);
    const [id = ''] = await addInstances(harness, 1, 'slow:75');
    await register(harness, arn, [id]);
    advance(10);
    const { world } = harness.sandbox;
    world.load(world.save());
    expect(await statesOf(harness, arn)).toEqual(['unhealthy']);
    advance(10);
    expect(await statesOf(harness, arn)).toEqual(['healthy']);
  });

  test('of an unknown or stopped instance cannot be registered', async () => {
    const arn = await addTargetGroupInUse(harness);
    const ids = await addInstances(harness, 1);
    expect(await refusal(register(harness, arn, [...ids, 'i-0123456789abcdef0']))).toBe(
      'InvalidTargetException',
    );
    expect(await healthOf(harness, arn)).toEqual([]);
    await harness.aws.ec2.send(new StopInstancesCommand({ InstanceIds: ids }));
    expect(await refusal(register(harness, arn, ids))).toBe('InvalidTargetException');
  });
});

describe('weighted forwards', () => {
  async function addBlueAndGreen() {
    const blue = await addTargetGroup(harness, { ...QUICK, Name: 'blue' });
    const green = await addTargetGroup(harness, { ...QUICK, Name: 'green' });
    const balancer = await addLoadBalancer(harness);
    return { blue, green, balancer, listener: await addListener(harness, balancer, blue) };
  }

  const shift = (blue: string, green: string, weight: number) => [
    {
      Type: 'forward' as const,
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: blue, Weight: 100 - weight },
          { TargetGroupArn: green, Weight: weight },
        ],
        TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 600 },
      },
    },
  ];

  test('shift a listener from one target group to another', async () => {
    const { blue, green, balancer, listener } = await addBlueAndGreen();
    await register(harness, green, await addInstances(harness, 1));
    expect(await statesOf(harness, green)).toEqual(['unused']);
    // A group with weight 0 is in use and checked before it gets its first request.
    for (const weight of [0, 10, 100]) {
      const DefaultActions = shift(blue, green, weight);
      const { Listeners } = await harness.aws.elb.send(
        new ModifyListenerCommand({ ListenerArn: listener, DefaultActions }),
      );
      expect(Listeners).toMatchObject([{ Port: 80, Protocol: 'HTTP', DefaultActions }]);
      expect(Listeners?.[0]?.DefaultActions?.[0]?.TargetGroupArn).toBeUndefined();
    }
    advance(5);
    expect(await statesOf(harness, green)).toEqual(['healthy']);
    const { TargetGroups } = await harness.aws.elb.send(
      new DescribeTargetGroupsCommand({ LoadBalancerArn: balancer }),
    );
    expect(TargetGroups?.map(({ TargetGroupName }) => TargetGroupName)).toEqual(['blue', 'green']);
  });

  test('shift a rule, which keeps its conditions', async () => {
    const { blue, green, listener } = await addBlueAndGreen();
    const { Rules: [rule] = [] } = await harness.aws.elb.send(
      new CreateRuleCommand({
        ListenerArn: listener,
        Priority: 5,
        Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['shop.example.com'] } }],
        Actions: [{ Type: 'forward', TargetGroupArn: blue }],
      }),
    );
    const Actions = shift(blue, green, 50);
    const { Rules } = await harness.aws.elb.send(new ModifyRuleCommand({ RuleArn: rule?.RuleArn, Actions }));
    expect(Rules).toMatchObject([
      { Priority: '5', Conditions: [{ Field: 'host-header', Values: ['shop.example.com'] }], Actions },
    ]);
  });

  test.each([
    ['a weight of 1000', [{ weight: 1000 }], 'ValidationError'],
    ['a target group twice', [{ weight: 1 }, { weight: 2 }], 'ValidationError'],
    ['stickiness without a duration', [{ weight: 1 }], 'ValidationError'],
  ])('refuse %s', async (what, tuples, code) => {
    const { blue, listener } = await addBlueAndGreen();
    const TargetGroups = tuples.map(({ weight }) => ({ TargetGroupArn: blue, Weight: weight }));
    const sticky = what.startsWith('stickiness') ? { TargetGroupStickinessConfig: { Enabled: true } } : {};
    const DefaultActions = [{ Type: 'forward' as const, ForwardConfig: { TargetGroups, ...sticky } }];
    const modify = new ModifyListenerCommand({ ListenerArn: listener, DefaultActions });
    expect(await refusal(harness.aws.elb.send(modify))).toBe(code);
  });

  test('refuse a target group of another load balancer', async () => {
    const { blue } = await addBlueAndGreen();
    const other = await addLoadBalancer(harness, 'other');
    expect(await refusal(addListener(harness, other, blue))).toBe('TargetGroupAssociationLimitException');
  });
});

describe('listeners and rules', () => {
  const fixed = (StatusCode = '404') => [
    { Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode } },
  ];
  const path = (...Values: string[]) => [{ Field: 'path-pattern', Values }];

  async function addRule(ListenerArn: string, Priority: number): Promise<string> {
    const { Rules } = await harness.aws.elb.send(
      new CreateRuleCommand({ ListenerArn, Priority, Conditions: path(`/${Priority}`), Actions: fixed() }),
    );
    return Rules?.[0]?.RuleArn ?? '';
  }

  async function prioritiesOf(ListenerArn: string) {
    const { Rules } = await harness.aws.elb.send(new DescribeRulesCommand({ ListenerArn }));
    return Rules?.map(({ Priority }) => Priority);
  }

  test('a port is taken once; the same call again gets the same listener', async () => {
    const balancer = await addLoadBalancer(harness);
    const arn = await addTargetGroup(harness);
    const listener = await addListener(harness, balancer, arn);
    expect(await addListener(harness, balancer, arn)).toBe(listener);
    const other = new CreateListenerCommand({
      LoadBalancerArn: balancer,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: fixed(),
    });
    expect(await refusal(harness.aws.elb.send(other))).toBe('DuplicateListenerException');
    const second = await addListener(harness, balancer, arn, 81);
    const move = new ModifyListenerCommand({ ListenerArn: second, Port: 80 });
    expect(await refusal(harness.aws.elb.send(move))).toBe('DuplicateListenerException');
  });

  test('HTTPS needs a certificate and has a policy; TCP is for network load balancers', async () => {
    const balancer = await addLoadBalancer(harness);
    const https = {
      LoadBalancerArn: balancer,
      Protocol: 'HTTPS' as const,
      Port: 443,
      DefaultActions: fixed(),
    };
    expect(await refusal(harness.aws.elb.send(new CreateListenerCommand(https)))).toBe('ValidationError');
    const Certificates = [{ CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1' }];
    const { Listeners } = await harness.aws.elb.send(new CreateListenerCommand({ ...https, Certificates }));
    expect(Listeners).toMatchObject([{ SslPolicy: 'ELBSecurityPolicy-2016-08', Certificates }]);
    const tcp = new CreateListenerCommand({ ...https, Protocol: 'TCP', Port: 82 });
    expect(await refusal(harness.aws.elb.send(tcp))).toBe('ValidationError');
    const network = await addLoadBalancer(harness, 'network', 'network');
    const arn = await addTargetGroup(harness, { Name: 'tcp', Protocol: 'TCP', Port: 82 });
    const forward = [{ Type: 'forward' as const, TargetGroupArn: arn }];
    await harness.aws.elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: network,
        Protocol: 'TCP',
        Port: 82,
        DefaultActions: forward,
      }),
    );
    const mixed = new CreateListenerCommand({
      ...https,
      Protocol: 'HTTP',
      DefaultActions: forward,
      Port: 83,
    });
    expect(await refusal(harness.aws.elb.send(mixed))).toBe('IncompatibleProtocolsException');
  });

  test('rules come by priority, the default rule last', async () => {
    const listener = await addListener(
      harness,
      await addLoadBalancer(harness),
      await addTargetGroup(harness),
    );
    await addRule(listener, 20);
    await addRule(listener, 3);
    expect(await prioritiesOf(listener)).toEqual(['3', '20', 'default']);
    expect(await refusal(addRule(listener, 3))).toBe('PriorityInUseException');
    expect(await refusal(addRule(listener, 50_001))).toBe('ValidationError');
  });

  test('two rules change places in one call', async () => {
    const listener = await addListener(
      harness,
      await addLoadBalancer(harness),
      await addTargetGroup(harness),
    );
    const [first, second] = [await addRule(listener, 1), await addRule(listener, 2)];
    const set = (...wanted: [string, number][]) =>
      harness.aws.elb.send(
        new SetRulePrioritiesCommand({
          RulePriorities: wanted.map(([RuleArn, Priority]) => ({ RuleArn, Priority })),
        }),
      );
    expect(await refusal(set([first, 2]))).toBe('PriorityInUseException');
    await set([first, 2], [second, 1]);
    const { Rules } = await harness.aws.elb.send(new DescribeRulesCommand({ ListenerArn: listener }));
    expect(Rules?.map(({ RuleArn }) => RuleArn).slice(0, 2)).toEqual([second, first]);
  });

  test('the default rule cannot be changed or deleted by itself', async () => {
    const listener = await addListener(
      harness,
      await addLoadBalancer(harness),
      await addTargetGroup(harness),
    );
    const { Rules } = await harness.aws.elb.send(new DescribeRulesCommand({ ListenerArn: listener }));
    const RuleArn = Rules?.[0]?.RuleArn;
    const modify = new ModifyRuleCommand({ RuleArn, Actions: fixed() });
    expect(await refusal(harness.aws.elb.send(modify))).toBe('OperationNotPermittedException');
    const { Rules: again } = await harness.aws.elb.send(
      new DescribeRulesCommand({ RuleArns: [RuleArn ?? ''] }),
    );
    expect(again).toEqual(Rules);
  });

  test('a redirect is completed with what it keeps', async () => {
    const { Listeners } = await harness.aws.elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: await addLoadBalancer(harness),
        Protocol: 'HTTP',
        Port: 80,
        DefaultActions: [
          { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } },
        ],
      }),
    );
    expect(Listeners?.[0]?.DefaultActions?.[0]?.RedirectConfig).toEqual({
      Protocol: 'HTTPS',
      Port: '443',
      Host: '#{host}',
      Path: '/#{path}',
      Query: '#{query}',
      StatusCode: 'HTTP_301',
    });
  });

  test('go with their load balancer, unless it is protected from deletion', async () => {
    const LoadBalancerArn = await addLoadBalancer(harness);
    const listener = await addListener(harness, LoadBalancerArn, await addTargetGroup(harness));
    await addRule(listener, 1);
    const protect = (Value: string) =>
      harness.aws.elb.send(
        new ModifyLoadBalancerAttributesCommand({
          LoadBalancerArn,
          Attributes: [{ Key: 'deletion_protection.enabled', Value }],
        }),
      );
    const remove = () => harness.aws.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
    await protect('true');
    expect(await refusal(remove())).toBe('OperationNotPermittedException');
    await protect('false');
    await remove();
    const listeners = new DescribeListenersCommand({ ListenerArns: [listener] });
    expect(await refusal(harness.aws.elb.send(listeners))).toBe('ListenerNotFoundException');
    await remove();
  });

  test('come in pages', async () => {
    const listener = await addListener(
      harness,
      await addLoadBalancer(harness),
      await addTargetGroup(harness),
    );
    await addRule(listener, 1);
    await addRule(listener, 2);
    const seen: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const answer = await harness.aws.elb.send(
        new DescribeRulesCommand({ ListenerArn: listener, PageSize: 2, Marker }),
      );
      seen.push(...(answer.Rules ?? []).map(({ Priority }) => Priority), 'end');
      Marker = answer.NextMarker;
    } while (Marker !== undefined);
    expect(seen).toEqual(['1', '2', 'end', 'default', 'end']);
    const bad = new DescribeRulesCommand({ ListenerArn: listener, Marker: 'x' });
    expect(await refusal(harness.aws.elb.send(bad))).toBe('ValidationError');
  });
});

describe('target groups', () => {
  test('of TCP check by connection, with fewer attributes', async () => {
    const TargetGroupArn = await addTargetGroup(harness, { Protocol: 'TCP' });
    const { TargetGroups } = await harness.aws.elb.send(new DescribeTargetGroupsCommand({}));
    expect(TargetGroups).toMatchObject([
      { HealthCheckProtocol: 'TCP', HealthCheckTimeoutSeconds: 10, HealthyThresholdCount: 5 },
    ]);
    for (const absent of ['Matcher', 'HealthCheckPath', 'ProtocolVersion'])
      expect(TargetGroups?.[0]).not.toHaveProperty(absent);
    const { Attributes } = await harness.aws.elb.send(
      new DescribeTargetGroupAttributesCommand({ TargetGroupArn }),
    );
    const keys = Attributes?.map(({ Key }) => Key);
    expect(keys).toContain('preserve_client_ip.enabled');
    expect(keys).not.toContain('slow_start.duration_seconds');
  });

  test('change their health check only', async () => {
    const TargetGroupArn = await addTargetGroup(harness);
    const { TargetGroups } = await harness.aws.elb.send(
      new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckPath: '/up', Matcher: { HttpCode: '204' } }),
    );
    expect(TargetGroups).toMatchObject([
      { HealthCheckPath: '/up', Matcher: { HttpCode: '204' }, HealthCheckIntervalSeconds: 30, Port: 80 },
    ]);
  });

  test.each([
    ['deregistration_delay.timeout_seconds', '3601'],
    ['deregistration_delay.timeout_seconds', 'soon'],
    ['slow_start.duration_seconds', '29'],
    ['stickiness.enabled', 'yes'],
    ['stickiness.type', 'source_ip'],
    ['load_balancing.algorithm.type', 'random'],
    ['no.such.attribute', '1'],
  ])('refuse %s = %s and leave the others alone', async (Key, Value) => {
    const TargetGroupArn = await addTargetGroup(harness);
    const Attributes = [
      { Key: 'slow_start.duration_seconds', Value: '30' },
      { Key, Value },
    ];
    const modify = new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes });
    expect(await refusal(harness.aws.elb.send(modify))).toBe('ValidationError');
    const after = await harness.aws.elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
    expect(after.Attributes).toContainEqual({ Key: 'slow_start.duration_seconds', Value: '0' });
  });

  test('have tags', async () => {
    const arn = await addTargetGroup(harness, {
      Tags: [
        { Key: 'team', Value: 'shop' },
        { Key: 'stage', Value: 'dev' },
      ],
    });
    await harness.aws.elb.send(new RemoveTagsCommand({ ResourceArns: [arn], TagKeys: ['team'] }));
    const { TagDescriptions } = await harness.aws.elb.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
    expect(TagDescriptions).toEqual([{ ResourceArn: arn, Tags: [{ Key: 'stage', Value: 'dev' }] }]);
  });

  test('of a thousand targets become healthy in no time, and then cost nothing', async () => {
    const arn = await addTargetGroupInUse(harness);
    const ids = await addInstances(harness, 1000);
    const began = Date.now();
    await register(harness, arn, ids);
    advance(3600);
    expect(new Set(await statesOf(harness, arn))).toEqual(new Set(['healthy']));
    expect(Date.now() - began).toBeLessThan(3000);
    expect(harness.sandbox.clock.saveTimers().timers).toEqual([]);
  });
});
