import { readFileSync } from 'node:fs';
import { AttachLoadBalancersCommand } from '@aws-sdk/client-auto-scaling';
import { PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CreateLoadBalancerCommand } from '@aws-sdk/client-elastic-load-balancing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { ACCOUNT } from '../../../sandbox/engine/world.ts';
import { addGroup } from '../../../sandbox/scene.ts';
import { COMMIT_A, COMMIT_B, COMMIT_C } from '../../support/harness.ts';
import { type PromoteScene, startPromoteScene } from './scene.ts';

/** The policy that the documentation offers is enough, and nothing in it is superfluous. */

const Policy = v.object({
  Version: v.string(),
  Statement: v.array(v.looseObject({ Sid: v.string(), Action: v.union([v.string(), v.array(v.string())]) })),
});
const policy = v.parse(
  Policy,
  JSON.parse(readFileSync('docs/policies/promote.json', 'utf8').replaceAll('111122223333', ACCOUNT)),
);
const actions = policy.Statement.flatMap(({ Action }) => Action);

let scene: PromoteScene;
let next: string;
beforeEach(async () => {
  scene = await startPromoteScene();
  const imageId = await scene.baked('old', COMMIT_A);
  next = await scene.baked('next', COMMIT_B);
  const { sandbox, aws } = scene.harness;
  await addGroup(sandbox, aws, { name: 'shop-web', imageId, size: 1 });
});
afterEach(async () => await scene.harness.close());

const load = (document: object) => scene.harness.sandbox.aws.iam.load({ '*': document });
const status = () => scene.context.report.outputs.get('status');
const GROUPS = { 'auto-scaling-groups': 'shop-web' };

async function withEverything(): Promise<void> {
  const { aws, sandbox } = scene.harness;
  await aws.classicElb.send(
    new CreateLoadBalancerCommand({
      LoadBalancerName: 'veteran',
      Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 8080 }],
      AvailabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
    }),
  );
  await aws.autoScaling.send(
    new AttachLoadBalancersCommand({ AutoScalingGroupName: 'shop-web', LoadBalancerNames: ['veteran'] }),
  );
  await aws.cloudWatch.send(
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
  await aws.cloudWatch.send(
    new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'OK', StateReason: 'test' }),
  );
  sandbox.clock.advance(180_000);
}

describe('the documented policy', () => {
  test('is enough for a promotion with everything, and for a rollback', async () => {
    await withEverything();
    await scene.baked('bad', COMMIT_C, { 'sandbox:boot': 'never-healthy' });
    load(policy);
    await scene.run({ ...GROUPS, commit: COMMIT_B, alarms: 'errors', 'update-default-version': 'true' });
    expect(status()).toBe('promoted');
    expect(scene.context.log.lines.filter((line) => line.startsWith('warning'))).toEqual([]);
    await expect(scene.run({ ...GROUPS, commit: COMMIT_C })).rejects.toThrow(/rolled-back/);
    await scene.run({ ...GROUPS, commit: COMMIT_A, rollback: 'true' });
    expect(status()).toBe('promoted');
  });

  test('does not reach other groups', async () => {
    const { sandbox, aws } = scene.harness;
    const imageId = await scene.baked('another', 'd'.repeat(40));
    await addGroup(sandbox, aws, { name: 'other', imageId, size: 1 });
    load(policy);
    await expect(scene.run({ 'auto-scaling-groups': 'other', commit: COMMIT_B })).rejects.toThrow(
      /AWS refused the call: .*StartInstanceRefresh/,
    );
    expect((await scene.tags(next))['immutable-deploy:rejected:dev']).toBeUndefined();
  });

  test.each(
    actions.filter(
      (action) =>
        // Needed only for what the promotion below does not do: instance profiles, warm pools, cancelling, pinning.
        !/PassRole|DescribeWarmPool|CancelInstanceRefresh|UpdateAutoScalingGroup|RollbackInstanceRefresh|DeleteTags/.test(
          action,
        ),
    ),
  )('needs %s', async (action) => {
    await withEverything();
    const Statement = policy.Statement.map((statement) => ({
      ...statement,
      Action: [statement.Action].flat().filter((other) => other !== action),
    })).filter(({ Action }) => Action.length > 0);
    load({ ...policy, Statement });
    const inputs = { ...GROUPS, commit: COMMIT_B, alarms: 'errors', 'update-default-version': 'true' };
    const refused = await scene.run(inputs).then(
      () => '',
      (error: unknown) => String(error),
    );
    const [, operation = ''] = action.split(':');
    const said = `${refused}\n${scene.context.log.text}`;
    // What only decides the pace of watching is not missed, and not said.
    if (operation === 'DescribeTargetGroupAttributes') expect(status()).toBe('promoted');
    else
      expect(said).toMatch(new RegExp(`${operation}|not authorized to use launch template|ec2:CreateTags`));
    // What can be found out before is found out before the first write.
    if (operation.startsWith('Describe') && status() === undefined) expect(scene.writes()).toEqual([]);
    expect(status()).not.toBe('unknown');
  });
});
