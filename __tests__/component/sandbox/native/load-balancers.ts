import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect } from '@jest/globals';
import { type Harness, REGION } from '../../../support/harness.ts';
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
  vpcOf,
} from '../load-balancer-scene.ts';
import { type Check, expectAbsent, expectError, expectMembers, type Fact, type FactTable } from './fact.ts';

/** The members that the fact states, without its remarks on absent ones. */
function membersOf({ response = {} }: Fact): Record<string, unknown> {
  return Object.fromEntries(Object.entries(response).filter(([name]) => !name.endsWith('absent')));
}

const settings = (harness: Harness, Port = 80) =>
  ({ Name: 'web', Protocol: 'HTTP', Port, VpcId: vpcOf(harness) }) as const;

/** Holds a target's one description against the fact. */
async function expectHealth(harness: Harness, fact: Fact, arn: string): Promise<void> {
  const [description, ...others] = await healthOf(harness, arn);
  expect(others).toEqual([]);
  expectMembers(description, membersOf(fact));
}

/** Lets 5 s pass at a time until `state` is there; the seconds that it took. */
async function secondsUntil(harness: Harness, arn: string, state: string): Promise<number> {
  for (let seconds = 0; seconds <= 60; seconds += 5) {
    if ((await statesOf(harness, arn))[0] === state) return seconds;
    harness.sandbox.clock.advance(5000);
  }
  throw new Error(`The target did not become ${state}.`);
}

/** A draining target, or one that is removed at once. */
async function deregister(harness: Harness, TargetGroupArn: string, Id: string): Promise<object> {
  return await harness.aws.elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id }] }));
}

const registerAddress: Check = async (harness, fact) => {
  // The fact's VPC is 10.0.0.0/16.
  for (const vpc of regionOf(harness).vpcs.values()) vpc.cidr = '10.0.0.0/16';
  const TargetGroupArn = await addTargetGroup(harness, { TargetType: 'ip' });
  const request = new RegisterTargetsCommand({ TargetGroupArn, Targets: undefined, ...fact.request });
  await expectError(harness.aws.elb.send(request), fact);
};

const unhealthyWith =
  (boot: string): Check =>
  async (harness, fact) => {
    const arn = await addTargetGroupInUse(harness);
    const [id = ''] = await addInstances(harness, 1, boot);
    await register(harness, arn, [id]);
    expect(await statesOf(harness, arn)).toEqual(['initial']);
    // The fact's timing: with an interval of 5 s and a threshold of 2, within 10 s, and not before the first check.
    const seconds = await secondsUntil(harness, arn, 'unhealthy');
    expect(seconds).toBeGreaterThanOrEqual(5);
    expect(seconds).toBeLessThanOrEqual(10);
    await expectHealth(harness, fact, arn);
  };

export const loadBalancerFacts: FactTable = {
  checks: {
    'elb-001': async (harness, fact) => {
      for (const type of ['ip', 'instance'] as const) {
        const request = { ...settings(harness), ...fact.request, Name: type, TargetType: type };
        const { TargetGroups } = await harness.aws.elb.send(new CreateTargetGroupCommand(request));
        expectMembers(TargetGroups?.[0], membersOf(fact));
        expectAbsent(TargetGroups?.[0] ?? {}, fact.response?.fields_absent);
      }
    },
    'elb-002': async (harness, fact) => {
      const arn = await addTargetGroup(harness, { Tags: [{ Key: 'team', Value: 'shop' }] });
      const repeat = () => harness.aws.elb.send(new CreateTargetGroupCommand(settings(harness)));
      const free = await repeat();
      expect(free.$metadata.httpStatusCode).toBe(fact.status);
      expect(free.TargetGroups?.[0]?.TargetGroupArn).toBe(arn);
      await addListener(harness, await addLoadBalancer(harness), arn);
      expect((await repeat()).TargetGroups?.[0]?.TargetGroupArn).toBe(arn);
    },
    'elb-003': async (harness, fact) => {
      await addTargetGroup(harness);
      const request = new CreateTargetGroupCommand({ ...settings(harness), ...fact.request });
      await expectError(harness.aws.elb.send(request), fact, { name: 'web' });
    },
    'elb-004': async (harness, fact) => {
      const first = await addTargetGroup(harness);
      await harness.aws.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: first }));
      const again = await harness.aws.elb.send(new CreateTargetGroupCommand(settings(harness)));
      const arn = again.TargetGroups?.[0]?.TargetGroupArn ?? '';
      expect(again.$metadata.httpStatusCode).toBe(fact.status);
      expect(arn.slice(0, -16)).toBe(first.slice(0, -16));
      expect(arn).not.toBe(first);
    },
    'elb-005': async (harness, fact) => {
      const TargetGroupArn = await addTargetGroup(harness);
      const { Attributes } = await harness.aws.elb.send(
        new DescribeTargetGroupAttributesCommand({ TargetGroupArn }),
      );
      expect(Attributes?.map(({ Key, Value }) => [Key, Value])).toEqual(fact.response?.Attributes_in_order);
    },
    'elb-006': registerAddress,
    'elb-007': registerAddress,
    'elb-008': async (harness, fact) => {
      const arn = await addTargetGroupInUse(harness);
      expect({ TargetHealthDescriptions: await healthOf(harness, arn) }).toEqual(fact.response);
    },
    'elb-009': async (harness, fact) => {
      const arn = await addTargetGroup(harness);
      await register(harness, arn, await addInstances(harness, 1));
      await expectHealth(harness, fact, arn);
      expectAbsent((await healthOf(harness, arn))[0] ?? {}, fact.response?.fields_absent);
    },
    'elb-010': async (harness, fact) => {
      const arn = await addTargetGroupInUse(harness);
      await register(harness, arn, await addInstances(harness, 1));
      await expectHealth(harness, fact, arn);
      expect(await secondsUntil(harness, arn, 'healthy')).toBe(5);
    },
    'elb-011': async (harness, fact) => {
      const arn = await addTargetGroupInUse(harness);
      await register(harness, arn, await addInstances(harness, 1));
      harness.sandbox.clock.advance(5000);
      await expectHealth(harness, fact, arn);
      const [description] = await healthOf(harness, arn);
      expectAbsent(description?.TargetHealth ?? {}, fact.response?.TargetHealth_absent);
    },
    'elb-012': unhealthyWith('never-healthy'),
    'elb-013': unhealthyWith('slow:3600'),
    'elb-014': async (harness, fact) => {
      for (const boot of [undefined, 'never-healthy']) {
        const arn = await addTargetGroupInUse(harness);
        await harness.aws.elb.send(
          new ModifyTargetGroupAttributesCommand({
            TargetGroupArn: arn,
            Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '5' }],
          }),
        );
        const [id = ''] = await addInstances(harness, 1, boot);
        await register(harness, arn, [id]);
        await secondsUntil(harness, arn, boot ? 'unhealthy' : 'healthy');
        await deregister(harness, arn, id);
        await expectHealth(harness, fact, arn);
        harness.sandbox.clock.advance(4999);
        expect(await statesOf(harness, arn)).toEqual(['draining']);
        harness.sandbox.clock.advance(1);
        expect(await healthOf(harness, arn)).toEqual([]);
      }
    },
    'elb-015': async (harness, fact) => {
      const arn = await addTargetGroup(harness);
      const [id = ''] = await addInstances(harness, 1);
      await register(harness, arn, [id]);
      await deregister(harness, arn, id);
      expect({ TargetHealthDescriptions: await healthOf(harness, arn) }).toEqual(fact.response);
    },
    'elb-016': async (harness, fact) => {
      const [id = ''] = await addInstances(harness, 1);
      const instances = await addTargetGroup(harness, { Name: 'instances', Port: 8080 });
      await register(harness, instances, [id]);
      await register(harness, instances, [id], 9090);
      const [first, second] = await healthOf(harness, instances);
      const wanted = fact.response ?? {};
      // The example's id and address, zone and port stand for those of the scene.
      expect(first?.Target).toEqual({ ...Object(wanted.instance_target), Id: id });
      expect(first?.HealthCheckPort).toBe(String(wanted.HealthCheckPort).split(' ')[0]);
      expect(second).toMatchObject({ Target: { Id: id, Port: 9090 }, HealthCheckPort: '9090' });
      const addresses = await addTargetGroup(harness, { Name: 'addresses', Port: 8080, TargetType: 'ip' });
      await register(harness, addresses, ['172.31.0.254']);
      const [address] = await healthOf(harness, addresses);
      expect(address?.Target).toEqual({ ...Object(wanted.ip_target), Id: '172.31.0.254' });
    },
    'elb-017': async (harness, fact) => {
      const arn = await addTargetGroup(harness);
      const unknown = `${arn.slice(0, -1)}${arn.endsWith('0') ? '1' : '0'}`;
      await expectError(
        harness.aws.elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [unknown] })),
        fact,
      );
    },
    'elb-018': async (harness, fact) => {
      const arn = await addTargetGroup(harness);
      const remove = () => harness.aws.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn }));
      const balancer = await addLoadBalancer(harness);
      const listener = await addListener(harness, balancer, await addTargetGroup(harness, { Name: 'other' }));
      const { Rules } = await harness.aws.elb.send(
        new CreateRuleCommand({
          ListenerArn: listener,
          Priority: 1,
          Conditions: [{ Field: 'path-pattern', Values: ['/x'] }],
          Actions: [{ Type: 'forward', TargetGroupArn: arn }],
        }),
      );
      expect(Rules).toHaveLength(1);
      await expectError(remove(), fact, { arn });
      await harness.aws.elb.send(new DeleteListenerCommand({ ListenerArn: listener }));
      await addListener(harness, balancer, arn);
      await expectError(remove(), fact, { arn });
      await harness.aws.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: balancer }));
      const { LoadBalancers } = await harness.aws.elb.send(new DescribeLoadBalancersCommand({}));
      expect(LoadBalancers).toEqual([]);
      await expectError(remove(), fact, { arn });
      harness.sandbox.clock.advance(10_000);
      await remove();
    },
    'elb-019': async (harness, fact) => {
      const Subnets = [...regionOf(harness).subnets.keys()].slice(0, 2);
      const create = new CreateLoadBalancerCommand({ Name: 'web', ...fact.request, Subnets });
      const { LoadBalancers } = await harness.aws.elb.send(create);
      const { AvailabilityZones, ...members } = membersOf(fact);
      expectMembers(LoadBalancers?.[0], members);
      expectAbsent(LoadBalancers?.[0] ?? {}, fact.response?.fields_absent);
      const zones = LoadBalancers?.[0]?.AvailabilityZones ?? [];
      const [example] = Array.isArray(AvailabilityZones) ? AvailabilityZones : [];
      expect(zones[0]).toEqual({ ...example, SubnetId: Subnets[1] });
      expect(zones.map(({ SubnetId }) => SubnetId)).not.toEqual(Subnets);
      const described = () => harness.aws.elb.send(new DescribeLoadBalancersCommand({}));
      harness.sandbox.clock.advance(79_000);
      expect((await described()).LoadBalancers?.[0]).toMatchObject({
        State: { Code: 'provisioning' },
        EnablePrefixForIpv6SourceNat: 'off',
      });
      harness.sandbox.clock.advance(17_000);
      expect((await described()).LoadBalancers?.[0]?.State).toEqual({ Code: 'active' });
    },
    'elb-020': async (harness, fact) => {
      const arn = `arn:aws:elasticloadbalancing:${REGION}:123456789012:loadbalancer/app/none/0123456789abcdef`;
      await expectError(
        harness.aws.elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] })),
        fact,
      );
    },
    'elb-021': async (harness, fact) => {
      const arn = await addTargetGroup(harness);
      const { Listeners } = await harness.aws.elb.send(
        new CreateListenerCommand({
          LoadBalancerArn: await addLoadBalancer(harness),
          Protocol: 'HTTP',
          Port: 80,
          DefaultActions: [{ Type: 'forward', TargetGroupArn: arn }],
        }),
      );
      expectMembers(Listeners?.[0], membersOf(fact), { arn });
      const [action] = Listeners?.[0]?.DefaultActions ?? [];
      const everywhere = {
        ...Listeners?.[0],
        ...action,
        ...action?.ForwardConfig?.TargetGroupStickinessConfig,
      };
      expectAbsent(everywhere, fact.response?.fields_absent);
    },
    'elb-022': async (harness, fact) => {
      const listener = await addListener(
        harness,
        await addLoadBalancer(harness),
        await addTargetGroup(harness),
      );
      const { Rules } = await harness.aws.elb.send(
        new CreateRuleCommand({
          ListenerArn: listener,
          Priority: Number(fact.request.Priority),
          Conditions: [{ Field: 'path-pattern', Values: ['/blue/*'] }],
          Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }],
        }),
      );
      expectMembers(Rules?.[0], fact.response);
      const sent = ['path-pattern', 'host-header'];
      const { Rules: [two] = [] } = await harness.aws.elb.send(
        new CreateRuleCommand({
          ListenerArn: listener,
          Priority: 11,
          Conditions: sent.map((Field) => ({ Field, Values: ['a*'] })),
          Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }],
        }),
      );
      expect(two?.Conditions?.map(({ Field }) => Field)).toEqual(sent.toReversed());
    },
    'elb-023': async (harness, fact) => {
      const listener = await addListener(
        harness,
        await addLoadBalancer(harness),
        await addTargetGroup(harness),
      );
      const arn = await addTargetGroup(harness, { Name: 'blue' });
      const { Rules } = await harness.aws.elb.send(
        new CreateRuleCommand({
          ListenerArn: listener,
          Priority: 1,
          Conditions: [{ Field: 'path-pattern', Values: ['/blue/*'] }],
          Actions: [{ Type: 'forward', TargetGroupArn: arn }],
        }),
      );
      expectMembers(Rules?.[0], fact.response, { arn });
    },
    'elb-025': async (harness, fact) => {
      const arn = await addTargetGroup(harness, QUICK);
      const [id = ''] = await addInstances(harness, 1);
      const answers = [
        await harness.aws.elb.send(
          new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: [{ Id: id }] }),
        ),
        await deregister(harness, arn, id),
        await harness.aws.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn })),
        await harness.aws.elb.send(
          new DeleteLoadBalancerCommand({ LoadBalancerArn: await addLoadBalancer(harness) }),
        ),
      ];
      expect(answers.map(({ $metadata: _metadata, ...answer }: { $metadata?: unknown }) => answer)).toEqual(
        answers.map(() => fact.response),
      );
    },
  },
  cannotHold: {
    'elb-024': 'Certificates are not simulated, so that none can be too young to be found.',
  },
};
