import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AttachLoadBalancersCommand,
  CancelInstanceRefreshCommand,
  DeleteAutoScalingGroupCommand,
  ResumeProcessesCommand,
  SetDesiredCapacityCommand,
  SetInstanceProtectionCommand,
  SuspendProcessesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CreateLoadBalancerCommand } from '@aws-sdk/client-elastic-load-balancing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addGroup } from '../../../sandbox/scene.ts';
import { createAws } from '../../../src/aws/clients.ts';
import { COMMIT_A, COMMIT_B, COMMIT_C, holdClock } from '../../support/harness.ts';
import { type PromoteScene, startPromoteScene } from './scene.ts';

/** From the started refresh to its end: what a promotion sees, when it turns back, and what it says. */

let scene: PromoteScene;
let old: string;
let next: string;
beforeEach(async () => {
  scene = await startPromoteScene();
  old = await scene.baked('old', COMMIT_A);
  next = await scene.baked('next', COMMIT_B);
});
afterEach(async () => await scene.harness.close());

const add = (name: string, options: Partial<Parameters<typeof addGroup>[2]> = {}) =>
  addGroup(scene.harness.sandbox, scene.harness.aws, { name, imageId: old, size: 1, ...options });

const status = () => scene.context.report.outputs.get('status');
const targets = (): Record<string, string>[] =>
  JSON.parse(scene.context.report.outputs.get('targets') ?? '[]');
const statuses = () => Object.fromEntries(targets().map(({ group, status }) => [group, status]));
const calls = (operation: string) =>
  scene.harness.sandbox.aws.calls.filter((call) => call.operation === operation);

/** Instances of this image never answer a health check. */
const bad = () => scene.baked('bad', COMMIT_C, { 'sandbox:boot': 'never-healthy' });

describe('several groups', () => {
  const three = { 'auto-scaling-groups': 'api,web,worker' };

  test('one that fails brings back those that had arrived and those on their way', async () => {
    await bad();
    // EC2 health checks and no load balancer would be satisfied: the empty group and the fast one arrive.
    await add('api', { size: 0 });
    await add('web', { size: 2 });
    await add('worker', { size: 8 });
    await expect(scene.run({ ...three, commit: COMMIT_C })).rejects.toThrow(/\(rolled-back\)/);
    expect(statuses()).toEqual({ api: 'rolled-back', web: 'rolled-back', worker: 'rolled-back' });
    for (const name of ['api', 'web', 'worker'])
      expect((await scene.group(name)).LaunchTemplate?.Version).toBe('1');
    expect(await scene.running('worker')).toEqual(Array(8).fill(old));
    const recalled = targets().filter(({ reason }) => /all groups go back/.test(reason ?? ''));
    expect(recalled.length).toBe(2);
    expect(scene.context.cleanUps.at(-1)).toBeUndefined();
  });

  test('a cancelled step starts no way back: what has arrived stays', async () => {
    await add('api', { size: 0 });
    await add('web', { size: 4 });
    const controller = new AbortController();
    const cancel = scene.harness.sandbox.clock
      .sleep(120_000)
      .then(() => controller.abort(new Error('cancelled')));
    const given = { 'auto-scaling-groups': 'api,web', commit: COMMIT_B };
    await expect(scene.run(given, { signal: controller.signal })).rejects.toThrow(/cancelled/);
    await cancel;
    expect(statuses()).toEqual({ api: 'not-verified', web: 'cancelled' });
    expect(calls('StartInstanceRefresh')).toHaveLength(2);
    expect((await scene.group('api')).LaunchTemplate?.Version).toBe('2');
  });

  test('with on-failure: leave each keeps what it got', async () => {
    await bad();
    await add('api', { size: 0 });
    await add('web', { size: 1 });
    await add('worker', { size: 0 });
    await expect(scene.run({ ...three, commit: COMMIT_C, 'on-failure': 'leave' })).rejects.toThrow(
      /\(partial\)/,
    );
    expect(statuses()).toEqual({ api: 'not-verified', web: 'rolled-back', worker: 'not-verified' });
  });

  test('are refreshed in the order of their names, no more than max-parallel at once', async () => {
    for (const name of ['worker', 'web', 'api']) await add(name);
    await scene.run({ ...three, commit: COMMIT_B, 'max-parallel': '1' });
    expect(statuses()).toEqual({ api: 'promoted', web: 'promoted', worker: 'promoted' });
    const order = calls('StartInstanceRefresh').map(({ input }) =>
      Reflect.get(Object(input), 'AutoScalingGroupName'),
    );
    expect(order).toEqual(['api', 'web', 'worker']);
    const [[first], [second]] = [await scene.refreshes('api'), await scene.refreshes('web')];
    expect(second?.StartTime?.getTime()).toBeGreaterThanOrEqual(first?.EndTime?.getTime() ?? Number.NaN);
  });

  test('those that had not begun are not begun any more', async () => {
    await bad();
    for (const name of ['worker', 'web', 'api']) await add(name);
    await expect(scene.run({ ...three, commit: COMMIT_C, 'max-parallel': '1' })).rejects.toThrow(
      /rolled-back/,
    );
    expect(statuses()).toEqual({ api: 'rolled-back', web: 'cancelled', worker: 'cancelled' });
    expect(targets()[1]?.reason).toMatch(/^Not begun: The group "api" did not get the image/);
    expect(await scene.refreshes('web')).toEqual([]);
  });
});

describe('a bad image is taken back early', () => {
  test('when the load balancer finds it unhealthy, though the group only checks EC2', async () => {
    await bad();
    await add('dev', { size: 10, healthCheckType: 'EC2' });
    await expect(
      scene.run({ commit: COMMIT_C, 'instance-warmup': '120', 'unhealthy-grace': '60' }),
    ).rejects.toThrow(/finds new instances unhealthy beyond their warm-up and unhealthy-grace: i-/);
    expect(statuses()).toEqual({ dev: 'rolled-back' });
    const [refresh] = await scene.refreshes();
    expect(refresh?.RollbackDetails?.PercentageCompleteOnRollback).toBeLessThan(50);
    expect(scene.context.log.text).toMatch(/the new instance i-\w+ is unhealthy in target group dev/);
    const badImage = scene.context.report.outputs.get('ami-id') ?? '';
    expect((await scene.tags(badImage))['immutable-deploy:rejected:dev']).toContain('unhealthy');
  });

  test('long before AWS gives up, when new instances keep failing', async () => {
    await bad();
    await add('dev', { size: 2 });
    const began = scene.harness.sandbox.clock.now();
    await expect(scene.run({ commit: COMMIT_C, 'max-failed-instances': '1' })).rejects.toThrow(
      /max-failed-instances: 1/,
    );
    expect(scene.harness.sandbox.clock.now() - began).toBeLessThan(15 * 60_000);
  });
});

describe('the verification', () => {
  const page = async (answer: number, work: (url: string) => Promise<void>) => {
    const server = createServer((_request, response) => void response.writeHead(answer).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await work(`http://127.0.0.1:${port}/health`);
    } finally {
      server.close();
    }
  };

  test('a page that answers', async () => {
    await add('dev');
    await page(200, async (url) => await scene.run({ commit: COMMIT_B, 'verify-url': url }));
    expect(status()).toBe('promoted');
  });

  test('a page that does not answer as it should', async () => {
    await add('dev');
    await page(503, async (url) => {
      await expect(
        scene.run({ commit: COMMIT_B, 'verify-url': url, 'verify-timeout': '60' }),
      ).rejects.toThrow(/\/health answers 503 Service Unavailable/);
    });
    expect(statuses()).toEqual({ dev: 'rolled-back' });
    expect((await scene.tags(next))['immutable-deploy:rejected:dev']).toContain('answers 503');
  });

  test('a Classic Load Balancer', async () => {
    await bad();
    await add('dev', { healthCheckType: 'EC2' });
    const { aws } = scene.harness;
    await aws.classicElb.send(
      new CreateLoadBalancerCommand({
        LoadBalancerName: 'veteran',
        Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 8080 }],
        AvailabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
      }),
    );
    await aws.autoScaling.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'dev', HealthCheckGracePeriod: 0 }),
    );
    await aws.autoScaling.send(
      new AttachLoadBalancersCommand({ AutoScalingGroupName: 'dev', LoadBalancerNames: ['veteran'] }),
    );
    scene.harness.sandbox.clock.advance(180_000);
    await scene.run({ commit: COMMIT_B });
    expect(status()).toBe('promoted');
    expect(calls('DescribeInstanceHealth').length).toBeGreaterThan(0);
  });

  test('instances that the refresh was to leave alone are named', async () => {
    await add('dev', { size: 2 });
    const [first] = (await scene.group()).Instances ?? [];
    const InstanceIds = [first?.InstanceId ?? ''];
    await scene.harness.aws.autoScaling.send(
      new SetInstanceProtectionCommand({
        AutoScalingGroupName: 'dev',
        InstanceIds,
        ProtectedFromScaleIn: true,
      }),
    );
    await scene.run({ commit: COMMIT_B, 'scale-in-protected-instances': 'Ignore' });
    expect(status()).toBe('promoted');
    expect(await scene.running()).toEqual([old, next].toSorted());
    expect(targets()[0]?.reason).toBe(
      `Not replaced, because they are protected from scale-in: ${InstanceIds[0]}.`,
    );
  });

  test('a last checkpoint below 100 % is partial, and says so', async () => {
    await add('dev', { size: 4 });
    await scene.run({ commit: COMMIT_B, 'checkpoint-percentages': '50' });
    expect(status()).toBe('partial');
    expect(targets()[0]?.reason).toMatch(/because the last checkpoint is below 100 %: i-\w+, i-\w+\./);
    expect((await scene.tags(next))['immutable-deploy:promoted:dev']).toBeUndefined();
    // Run again without checkpoints, the rest follows.
    await scene.run({ commit: COMMIT_B });
    expect(status()).toBe('promoted');
    expect(await scene.running()).toEqual(Array(4).fill(next));
    expect(targets()[0]?.['launch-template-version']).toBe('2');
  });

  test('an alarm that went off meanwhile does not stand in the way back', async () => {
    await bad();
    await add('dev', { healthCheckType: 'EC2' });
    const { cloudWatch } = scene.harness.aws;
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName: 'errors',
        Namespace: 'shop',
        MetricName: 'errors',
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: 1,
        Period: 60,
        Statistic: 'Sum',
        Threshold: 1,
      }),
    );
    const alarm = (StateValue: 'OK' | 'ALARM') =>
      cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue, StateReason: 'test' }));
    await alarm('OK');
    const given = { commit: COMMIT_C, alarms: 'errors', 'verify-timeout': '600', 'instance-warmup': '0' };
    await expect(scene.runAnd(420, () => alarm('ALARM'), given)).rejects.toThrow(
      /targets of dev are not healthy.*brought back to its former configuration/,
    );
    const [back] = calls('StartInstanceRefresh').slice(-1);
    expect(JSON.stringify(back?.input)).not.toContain('AlarmSpecification');
    expect(await scene.running()).toEqual([old]);
  });
});

describe('what others do meanwhile', () => {
  test('the refresh is cancelled in the console', async () => {
    await add('dev', { size: 4 });
    const cancel = () =>
      scene.harness.aws.autoScaling.send(new CancelInstanceRefreshCommand({ AutoScalingGroupName: 'dev' }));
    await expect(scene.runAnd(90, cancel, { commit: COMMIT_B })).rejects.toThrow(
      /\(cancelled\).*was cancelled by somebody: the group may have instances of both images/,
    );
    expect((await scene.tags(next))['immutable-deploy:rejected:dev']).toBeUndefined();
  });

  test('it is cancelled when all instances are new already: run again, the group gets the version as well', async () => {
    await add('dev', { size: 2 });
    const cancel = () =>
      scene.harness.aws.autoScaling.send(new CancelInstanceRefreshCommand({ AutoScalingGroupName: 'dev' }));
    await expect(scene.runAnd(600, cancel, { commit: COMMIT_B, 'bake-time': '3600' })).rejects.toThrow(
      /\(cancelled\)/,
    );
    expect(await scene.running()).toEqual([next, next]);
    expect((await scene.group()).LaunchTemplate?.Version).toBe('1');
    const before = (await scene.group()).Instances?.map(({ InstanceId }) => InstanceId);
    await scene.run({ commit: COMMIT_B });
    expect(status()).toBe('promoted');
    expect((await scene.group()).LaunchTemplate?.Version).toBe('2');
    expect((await scene.group()).Instances?.map(({ InstanceId }) => InstanceId)).toEqual(before);
  });

  test('AWS stops answering for good: the state is unknown, and nothing is undone', async () => {
    await add('dev', { size: 2 });
    const silence = async () =>
      scene.harness.sandbox.faults.add({
        operation: 'DescribeInstanceRefreshes',
        times: 1000,
        effect: { kind: 'error', code: 'ServiceUnavailable', message: 'try later', status: 503 },
      });
    await expect(scene.runAnd(60, silence, { commit: COMMIT_B })).rejects.toThrow(
      /\(unknown\).*could not be asked about the instance refresh for 15 minutes/,
    );
    expect((await scene.tags(next))['immutable-deploy:promoting:dev']).toBeDefined();
    expect(calls('RollbackInstanceRefresh')).toEqual([]);
  });

  test('the group is deleted', async () => {
    await add('dev', { size: 4 });
    const remove = () =>
      scene.harness.aws.autoScaling.send(
        new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: 'dev', ForceDelete: true }),
      );
    await expect(scene.runAnd(90, remove, { commit: COMMIT_B })).rejects.toThrow(
      /\(failed\)|\(cancelled\)|\(unknown\)/,
    );
    expect(targets()[0]?.reason).toMatch(/deleted|cancelled/);
  });

  test('the refresh is suspended, and goes on later', async () => {
    await add('dev', { size: 4 });
    const ScalingProcesses = ['InstanceRefresh', 'Launch', 'Terminate'];
    const { autoScaling } = scene.harness.aws;
    const { clock } = scene.harness.sandbox;
    const pause = async () => {
      await autoScaling.send(new SuspendProcessesCommand({ AutoScalingGroupName: 'dev', ScalingProcesses }));
      await clock.sleep(20 * 60_000);
      await autoScaling.send(new ResumeProcessesCommand({ AutoScalingGroupName: 'dev', ScalingProcesses }));
    };
    await scene.runAnd(60, pause, { commit: COMMIT_B });
    expect(status()).toBe('promoted');
    expect(scene.context.log.text).toMatch(
      /warning: dev: somebody suspended (Launch|Terminate|InstanceRefresh).* until they are resumed/,
    );
  });

  test('the group scales, and loses an instance', async () => {
    await add('dev', { size: 4 });
    const { autoScaling } = scene.harness.aws;
    const change = async () => {
      const { Instances = [] } = await scene.group();
      const victim = Instances.find(({ LifecycleState }) => LifecycleState === 'InService');
      await autoScaling.send(
        new SetDesiredCapacityCommand({ AutoScalingGroupName: 'dev', DesiredCapacity: 6 }),
      );
      await autoScaling.send(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId: victim?.InstanceId,
          ShouldDecrementDesiredCapacity: false,
        }),
      );
    };
    await scene.runAnd(90, change, { commit: COMMIT_B });
    expect(status()).toBe('promoted');
    expect(await scene.running()).toEqual(Array(6).fill(next));
  });
});

test('credentials that are about to end are asked for again on the way', async () => {
  await add('dev');
  const { sandbox } = scene.harness;
  let asked = 0;
  const aws = createAws({
    region: 'us-east-1',
    endpoint: sandbox.url,
    credentials: async () => ({
      accessKeyId: `session-${++asked}`,
      secretAccessKey: 'test',
      sessionToken: 'test',
      // Within the last minutes of a session the SDK asks for another one.
      expiration: new Date(Date.now() + 60_000),
    }),
  });
  holdClock(sandbox, aws);
  await scene.run({ commit: COMMIT_B }, { aws });
  expect(status()).toBe('promoted');
  expect(asked).toBeGreaterThan(1);
});

describe('watching', () => {
  test('waits whose end is known are announced', async () => {
    await add('dev', { size: 4 });
    await scene.run({
      commit: COMMIT_B,
      'checkpoint-percentages': '50,100',
      'checkpoint-delay': '1200',
      'bake-time': '600',
    });
    expect(scene.context.log.text).toMatch(/waiting until \d\d:\d\d at the checkpoint of 50 %\./);
    expect(scene.context.log.text).toMatch(/waiting until \d\d:\d\d for the bake time\./);
    expect(scene.context.log.text).toMatch(/2 of 4 instances replaced, 50 %.* so far, about .* to go/);
  });

  test('in ten minutes of waiting AWS is asked 40 times at most, and the end is seen within seconds', async () => {
    await add('dev', { size: 2 });
    const { sandbox } = scene.harness;
    const before = sandbox.aws.calls.length;
    await scene.run({ commit: COMMIT_B, 'bake-time': '3600' });
    const times = sandbox.aws.calls.slice(before).map(({ time }) => Date.parse(time));
    const most = Math.max(
      ...times.map((start) => times.filter((at) => at >= start && at < start + 600_000).length),
    );
    const [refresh] = await scene.refreshes();
    const ended = refresh?.EndTime?.getTime() ?? Number.NaN;
    const baking = times.filter((at) => at > ended - 3_000_000 && at <= ended - 600_000);
    expect(baking.length / (2_400_000 / 600_000)).toBeLessThanOrEqual(40);
    expect(most).toBeLessThanOrEqual(100);
    const seen = Math.min(...times.filter((at) => at >= ended));
    expect(seen - ended).toBeLessThanOrEqual(5000);
  });
});
