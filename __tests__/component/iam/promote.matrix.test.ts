import {
  AttachLoadBalancersCommand,
  CreateAutoScalingGroupCommand,
  PutWarmPoolCommand,
} from '@aws-sdk/client-auto-scaling';
import { PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateLaunchTemplateVersionCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  ModifyImageAttributeCommand,
  ModifyLaunchTemplateCommand,
} from '@aws-sdk/client-ec2';
import { CreateLoadBalancerCommand } from '@aws-sdk/client-elastic-load-balancing';
import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ACCOUNT } from '../../../sandbox/engine/world.ts';
import type { Ask } from '../../../sandbox/iam/policy.ts';
import { type Policy, readPolicy, statementNames, unused, without } from '../../../sandbox/iam/trial.ts';
import { addGroup } from '../../../sandbox/scene.ts';
import { notify } from '../../../src/github/notify.ts';
import { startRefresh } from '../../../src/promote/refresh.ts';
import { stopPromotion } from '../../../src/promote/stop.ts';
import { COMMIT_A, COMMIT_B, COMMIT_C, REGION } from '../../support/harness.ts';
import { type PromoteScene, startPromoteScene } from '../promote/scene.ts';

/**
 * The policies of the roles that promote and plan: enough for all that the mode does, nothing in them superfluous,
 * and none of them reaches into another environment.
 */

let scene: PromoteScene;
let old: string;
let next: string;
let launchTemplateId: string;
beforeEach(async () => {
  scene = await startPromoteScene();
  old = await scene.baked('old', COMMIT_A);
  next = await scene.baked('next', COMMIT_B);
  ({ launchTemplateId } = await group('web', 'dev'));
});
afterEach(async () => await scene.harness.close());

/** A group of an environment, as its own tag and that of its launch template say. */
async function group(name: string, environment: string) {
  const { sandbox, aws } = scene.harness;
  const made = await addGroup(sandbox, aws, { name, imageId: old, size: 1, tags: { environment } });
  await tagTemplate(made.launchTemplateId, environment);
  return made;
}

const tagTemplate = async (id: string, environment: string) =>
  await scene.harness.aws.ec2.send(
    new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'environment', Value: environment }] }),
  );

const load = (policy: Policy) => scene.harness.sandbox.aws.iam.load({ '*': policy });
const status = () => scene.context.report.outputs.get('status');
const warnings = () => scene.context.log.lines.filter((line) => line.startsWith('warning'));
const WEB = { 'auto-scaling-groups': 'web' };

/** Everything that a group can have: an instance profile, tags, a Classic load balancer, an alarm, a warm pool. */
async function withEverything(): Promise<void> {
  const { aws, sandbox } = scene.harness;
  await aws.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: launchTemplateId,
      SourceVersion: '1',
      LaunchTemplateData: {
        IamInstanceProfile: { Name: 'shop-instance' },
        TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'team', Value: 'shop' }] }],
      },
    }),
  );
  await aws.classicElb.send(
    new CreateLoadBalancerCommand({
      LoadBalancerName: 'veteran',
      Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 8080 }],
      AvailabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
    }),
  );
  await aws.autoScaling.send(
    new AttachLoadBalancersCommand({ AutoScalingGroupName: 'web', LoadBalancerNames: ['veteran'] }),
  );
  await aws.autoScaling.send(new PutWarmPoolCommand({ AutoScalingGroupName: 'web', MinSize: 1 }));
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
  sandbox.clock.advance(300_000);
}

/** What the roles are used for; each sets its scene, takes the policy and does its work. */
const scenarios: Record<string, (policy: Policy) => Promise<void>> = {
  async 'a promotion with everything'(policy) {
    await withEverything();
    load(policy);
    const inputs = { alarms: 'errors', 'update-default-version': 'true', 'source-version': 'latest' };
    await scene.run({ ...WEB, ...inputs, commit: COMMIT_B });
    expect(status()).toBe('promoted');
    expect(warnings()).toEqual([]);
  },
  async 'a bad image, which is taken back'(policy) {
    await scene.baked('bad', COMMIT_C, { 'sandbox:boot': 'never-healthy' });
    load(policy);
    await expect(scene.run({ ...WEB, commit: COMMIT_C })).rejects.toThrow(/rolled-back/);
    expect(scene.context.log.text).not.toMatch(/not authorized|refused/);
  },
  async 'a rollback by hand, and forward again'(policy) {
    load(policy);
    await scene.run({ ...WEB, commit: COMMIT_B });
    await scene.run({ ...WEB, commit: COMMIT_A, rollback: 'true' });
    await scene.run({ ...WEB, commit: COMMIT_B, 'allow-older': 'true' });
    expect((await scene.tags(next))['immutable-deploy:rejected:dev']).toBeUndefined();
  },
  async 'the post step of a cancelled job'(policy) {
    const { sandbox, aws } = scene.harness;
    const since = sandbox.clock.now();
    const configuration = { LaunchTemplate: { LaunchTemplateId: launchTemplateId, Version: '1' } };
    load(policy);
    await startRefresh(aws, { group: 'web', configuration }, { AutoRollback: true });
    const refreshes = [{ group: 'web', configuration, since }];
    const said = await stopPromotion(aws, {
      mode: 'promote',
      region: REGION,
      onCancel: 'cancel',
      environment: 'dev',
      imageId: old,
      refreshes,
    });
    expect(said).toEqual([expect.stringContaining('is being cancelled')]);
  },
  async 'a group that follows a parameter'(policy) {
    const { aws, sandbox } = scene.harness;
    const parameter = { Name: '/shop/image', Type: 'String', Value: old } as const;
    await aws.ssm.send(new PutParameterCommand(parameter));
    await aws.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: launchTemplateId,
        SourceVersion: '1',
        LaunchTemplateData: { ImageId: `resolve:ssm:${parameter.Name}` },
      }),
    );
    await aws.ec2.send(
      new ModifyLaunchTemplateCommand({ LaunchTemplateId: launchTemplateId, DefaultVersion: '2' }),
    );
    await aws.autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: 'floating',
        LaunchTemplate: { LaunchTemplateId: launchTemplateId, Version: '$Default' },
        AvailabilityZones: ['us-east-1a'],
        MinSize: 0,
        MaxSize: 2,
        DesiredCapacity: 1,
        Tags: [{ Key: 'environment', Value: 'dev', PropagateAtLaunch: false }],
      }),
    );
    sandbox.clock.advance(300_000);
    load(policy);
    await scene.run({ 'auto-scaling-groups': 'floating', commit: COMMIT_B, 'pin-version': 'true' });
    expect(await scene.running('floating')).toEqual([next]);
  },
  async 'an image with as many tags as there can be'(policy) {
    const aliases = Array.from({ length: 46 }, (_, index) => ({
      Key: `immutable-deploy:commit:${index.toString(16).padStart(40, '0')}`,
      Value: '2026-01-01T00:00:00Z 1 main',
    }));
    await scene.harness.aws.ec2.send(new CreateTagsCommand({ Resources: [next], Tags: aliases }));
    load(policy);
    await scene.run({ ...WEB, commit: COMMIT_B });
    expect((await scene.tags(next))['immutable-deploy:promoted:dev']).toBeDefined();
  },
  async 'a notification'(policy) {
    const { TopicArn = '' } = await scene.harness.aws.sns.send(
      new CreateTopicCommand({ Name: 'deployments' }),
    );
    load(policy);
    const context = scene.harness.context();
    await notify(context, TopicArn, { title: 'Hello', text: 'there', event: 'test', application: 'shop' });
    expect(context.log.lines).toEqual([]);
  },
};

const planScenarios: typeof scenarios = {
  async 'a plan with everything'(policy) {
    await withEverything();
    load(policy);
    await scene.run({ ...WEB, commit: COMMIT_B, alarms: 'errors', 'dry-run': 'true' });
    expect(status()).toBe('planned');
    expect(warnings()).toEqual([]);
  },
  ...Object.fromEntries(Object.entries(scenarios).filter(([name]) => name === 'a notification')),
};

describe.each([
  ['promote.json', scenarios],
  ['plan.json', planScenarios],
])('infrastructure/iam/%s', (file, uses) => {
  const policy = readPolicy(file);
  const granted = new Map<string, readonly Ask[]>();

  test.each(Object.keys(uses))('is enough for %s', async (name) => {
    await uses[name]?.(policy);
    granted.set(name, [...scene.harness.sandbox.aws.iam.granted]);
  });

  test('has nothing in it that none of these needs', () => {
    expect(granted.size).toBe(Object.keys(uses).length);
    expect(unused(policy, [...granted.values()].flat())).toEqual([]);
  });

  test.each(statementNames(policy))('is not enough without the statement %s', async (sid) => {
    const statement = { ...policy, Statement: policy.Statement.filter(({ Sid }) => Sid === sid) };
    const actions = [statement.Statement[0]?.Action ?? []].flat();
    const needing = Object.keys(uses).find(
      (name) => unused(statement, granted.get(name) ?? []).length < actions.length,
    );
    await expect(uses[needing ?? '']?.(without(policy, sid))).rejects.toThrow();
  });
});

describe('infrastructure/iam/promote-images-of-another-account.json', () => {
  const beside = readPolicy('promote-images-of-another-account.json');
  const given = { ...WEB, 'image-owners': '444455556666', commit: COMMIT_C, branch: 'main', version: 'v1' };
  let foreign: string;

  beforeEach(async () => {
    foreign = await scene.baked('foreign', COMMIT_C);
    const { aws, sandbox } = scene.harness;
    const LaunchPermission = { Add: [{ UserId: ACCOUNT }] };
    await aws.ec2.send(new ModifyImageAttributeCommand({ ImageId: foreign, LaunchPermission }));
    // The tags of its owner are not seen here.
    await aws.ec2.send(new DeleteTagsCommand({ Resources: [foreign] }));
    const record = sandbox.world.region(REGION).state.images.get(foreign);
    if (record) record.image.OwnerId = '444455556666';
  });

  test('lets an image of the account that bakes be promoted, and is needed for nothing but its first marks', async () => {
    const { iam } = scene.harness.sandbox.aws;
    iam.load({ '*': [readPolicy('promote.json'), beside] });
    await scene.run({ ...given, 'ami-id': foreign });
    expect(unused(beside, iam.granted)).toEqual([]);
    expect((await scene.tags(foreign))['immutable-deploy:promoted:dev']).toBeDefined();
    load(readPolicy('promote.json'));
    await scene.run({ ...WEB, commit: COMMIT_A, rollback: 'true' });
    await scene.run({ ...given, 'ami-id': foreign, 'allow-older': 'true' });
    expect(status()).toBe('promoted');
  });

  test('without it such an image is refused before anything is written', async () => {
    load(readPolicy('promote.json'));
    await expect(scene.run({ ...given, 'ami-id': foreign })).rejects.toThrow(/CreateTags/);
    expect(scene.writes()).toEqual(['CreateTags']);
  });
});

describe('the role of another environment', () => {
  const dev = readPolicy('promote.json', 'dev');

  beforeEach(async () => {
    await group('live', 'production');
    load(dev);
  });

  test('cannot promote to a group of production', async () => {
    const given = { environment: 'dev', 'auto-scaling-groups': 'live', commit: COMMIT_B };
    await expect(scene.run(given)).rejects.toThrow(/AWS refused the call/);
    expect(await scene.refreshes('live')).toEqual([]);
  });

  test('cannot mark an image as promoted or rejected in production', async () => {
    const given = { environment: 'production', 'auto-scaling-groups': 'web', commit: COMMIT_B };
    await expect(scene.run(given)).rejects.toThrow(/CreateTags/);
    expect(Object.keys(await scene.tags(next)).filter((key) => key.endsWith(':production'))).toEqual([]);
  });

  test.each([
    ['a mark of production', { 'immutable-deploy:promoted:production': 'x' }],
    ['the commit', { 'immutable-deploy:commit': COMMIT_C }],
    ['the application', { 'immutable-deploy:application': 'octo/other' }],
    ['a mark of its own beside something else', { 'immutable-deploy:promoted:dev': 'x', Name: 'x' }],
  ])('cannot write %s on an image', async (_what, tags) => {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await expect(
      scene.harness.aws.ec2.send(new CreateTagsCommand({ Resources: [next], Tags })),
    ).rejects.toThrow(/not authorized/);
  });

  test("cannot make versions of production's launch templates, nor move their default", async () => {
    const { launchTemplateId: LaunchTemplateId } = await (async () => {
      scene.harness.sandbox.aws.iam.clear();
      const made = await group('live-2', 'production');
      load(dev);
      return made;
    })();
    const { ec2 } = scene.harness.aws;
    await expect(
      ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateId,
          SourceVersion: '1',
          LaunchTemplateData: { ImageId: next },
        }),
      ),
    ).rejects.toThrow(/not authorized/);
    await expect(
      ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion: '1' })),
    ).rejects.toThrow(/not authorized/);
  });

  test('cannot touch images of other applications', async () => {
    scene.harness.sandbox.aws.iam.clear();
    const foreign = await scene.baked('foreign', COMMIT_C, { 'immutable-deploy:application': 'octo/other' });
    load(dev);
    await expect(scene.run({ ...WEB, 'ami-id': foreign })).rejects.toThrow(/CreateTags/);
    expect(scene.writes().filter((operation) => operation !== 'CreateTags')).toEqual([]);
  });
});

test('the policies name one account only, to be replaced', () => {
  expect(JSON.stringify(readPolicy('promote.json'))).toContain(ACCOUNT);
});
