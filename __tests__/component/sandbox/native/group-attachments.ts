import {
  CreateOrUpdateTagsCommand,
  DeletePolicyCommand,
  DeleteTagsCommand,
  DeleteWarmPoolCommand,
  DescribeLifecycleHooksCommand,
  DescribePoliciesCommand,
  DescribeScalingProcessTypesCommand,
  DescribeScheduledActionsCommand,
  DescribeTagsCommand,
  DescribeTerminationPolicyTypesCommand,
  DescribeWarmPoolCommand,
  PutScalingPolicyCommand,
  type PutScalingPolicyCommandInput,
  PutScheduledUpdateGroupActionCommand,
  PutWarmPoolCommand,
  type PutWarmPoolCommandInput,
  ResumeProcessesCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import { expect } from '@jest/globals';
import { ACCOUNT } from '../../../../sandbox/engine/world.ts';
import { type GroupScene, groupScene } from '../group-scene.ts';
import { expectAbsent, expectError, expectMembers, type FactTable } from './fact.ts';
import { part, pauseIn, without } from './values.ts';

/** What hangs on a group: hooks, suspended processes, policies, scheduled actions, tags, the warm pool. */

const putPool = (scene: GroupScene, request: Partial<PutWarmPoolCommandInput> | object = {}) =>
  scene.client.send(new PutWarmPoolCommand({ AutoScalingGroupName: scene.name, ...request }));

const pool = (scene: GroupScene) =>
  scene.client.send(new DescribeWarmPoolCommand({ AutoScalingGroupName: scene.name }));

const putPolicy = (scene: GroupScene, request: Partial<PutScalingPolicyCommandInput>) =>
  scene.client.send(
    new PutScalingPolicyCommand({ AutoScalingGroupName: scene.name, PolicyName: 'policy', ...request }),
  );

const SIMPLE = {
  PolicyType: 'SimpleScaling',
  AdjustmentType: 'ExactCapacity',
  ScalingAdjustment: 1,
  Cooldown: 3,
};

export const groupAttachmentFacts: FactTable = {
  checks: {
    'asg-096': async (harness, fact) => {
      const scene = await groupScene(harness);
      await scene.putHook(fact.request);
      const { LifecycleHooks = [] } = await scene.client.send(
        new DescribeLifecycleHooksCommand({ AutoScalingGroupName: scene.name }),
      );
      expectMembers({ LifecycleHooks }, without(fact), { hook: 'hook', group: scene.name });
      expectAbsent(LifecycleHooks[0] ?? {}, part(fact, 'fields_absent'));
    },
    'asg-097': async (harness, fact) => {
      const scene = await groupScene(harness);
      const processes = { AutoScalingGroupName: scene.name, ...fact.request };
      harness.sandbox.clock.set({ now: Date.parse('2026-11-27T04:49:13.600Z') });
      await scene.client.send(new SuspendProcessesCommand(processes));
      const [{ SuspensionReason = '', ...process }] = Array.from(
        Object.values(Object(part(fact, 'SuspendedProcesses'))),
        Object,
      );
      expectMembers(await scene.group(), {
        SuspendedProcesses: [
          { ...process, SuspensionReason: SuspensionReason.replace('2026-09-27', '2026-11-27') },
        ],
      });
      await scene.client.send(new ResumeProcessesCommand(processes));
      expect((await scene.group()).SuspendedProcesses).toEqual([]);
    },
    'asg-098': async (harness, fact) => {
      const scene = await groupScene(harness);
      const PolicyARN = String(part(fact, 'PolicyARN')).replace('000000000000', ACCOUNT);
      const answer = await putPolicy(scene, fact.request);
      expectMembers(answer, { ...fact.response, PolicyARN }, { group: scene.name, policy: 'policy' });
    },
    'asg-099': async (harness, fact) => {
      const scene = await groupScene(harness);
      await putPolicy(scene, SIMPLE);
      const { ScalingPolicies: [policy = {}] = [] } = await scene.client.send(
        new DescribePoliciesCommand({ AutoScalingGroupName: scene.name }),
      );
      expectMembers(policy, part(fact, 'fields'));
      expectAbsent(policy, part(fact, 'fields_absent'));
    },
    'asg-101': async (harness, fact) => {
      const scene = await groupScene(harness);
      await expectError(
        scene.client.send(new DeletePolicyCommand({ AutoScalingGroupName: scene.name, PolicyName: 'none' })),
        fact,
        { policy: 'none' },
      );
    },
    'asg-102': async (harness, fact) => {
      const scene = await groupScene(harness);
      const { MinSize, MaxSize, DesiredCapacity, StartTime, Time } = Object(
        part(fact, 'DescribeScheduledActions'),
      );
      // A year on, so that the time is not over; the SDK sends milliseconds.
      const later = (time: string) => new Date(Date.parse(time.replace('2026', '2027')));
      const put = (times: object) =>
        scene.client.send(
          new PutScheduledUpdateGroupActionCommand({
            AutoScalingGroupName: scene.name,
            ScheduledActionName: 'night',
            MinSize,
            MaxSize,
            DesiredCapacity,
            ...times,
          }),
        );
      for (const times of [
        { StartTime: later(String(fact.request.StartTime)) },
        { Time: later(String(fact.request.StartTime)) },
      ]) {
        await put(times);
        const { ScheduledUpdateGroupActions: [action = {}, ...others] = [] } = await scene.client.send(
          new DescribeScheduledActionsCommand({ AutoScalingGroupName: scene.name }),
        );
        expect(others).toEqual([]);
        expectMembers(action, { MinSize, MaxSize, DesiredCapacity });
        expect([action.StartTime, action.Time]).toEqual([later(StartTime), later(Time)]);
        expectAbsent(action, part(fact, 'fields_absent'));
      }
    },
    'asg-103': async (harness, fact) => {
      const scene = await groupScene(harness);
      const tag = { ResourceId: scene.name, ResourceType: 'auto-scaling-group' };
      const put = (Tags: object[]) =>
        scene.client.send(
          new CreateOrUpdateTagsCommand({ Tags: Tags.map((one) => ({ Key: '', ...tag, ...one })) }),
        );
      const known = { Key: 'known', Value: 'x' };
      await put([{ ...known, PropagateAtLaunch: false }]);
      const [empty = {}] = Array.from(Object.values(Object(fact.request.Tags)), Object);
      const { $metadata: _, ...answer } = await put([{ ...known, PropagateAtLaunch: true }, empty]);
      expect(answer).toEqual({});
      const tags = async () => (await scene.client.send(new DescribeTagsCommand({}))).Tags;
      expectMembers(await tags(), [empty, { ...known, PropagateAtLaunch: true }]);
      expect((await tags())?.[0]?.Value).toBe('');
      await scene.client.send(new DeleteTagsCommand({ Tags: [{ ...tag, Key: 'known' }] }));
      expectMembers(await tags(), [empty]);
    },
    'asg-104': async (harness, fact) => {
      const answer = await harness.aws.autoScaling.send(new DescribeTerminationPolicyTypesCommand({}));
      expectMembers(answer, fact.response);
    },
    'asg-105': async (harness, fact) => {
      const { Processes } = await harness.aws.autoScaling.send(new DescribeScalingProcessTypesCommand({}));
      expect(Processes?.map(({ ProcessName }) => ProcessName)).toEqual(part(fact, 'Processes'));
    },
    'asg-114': async (harness, fact) => {
      const answer = await pool(await groupScene(harness));
      expectMembers(answer, fact.response);
      expectAbsent(answer, ['WarmPoolConfiguration']);
    },
    'asg-115': async (harness, fact) => {
      const scene = await groupScene(harness);
      const { $metadata: _, ...answer } = await putPool(scene);
      expect(answer).toEqual({});
      expect((await pool(scene)).WarmPoolConfiguration).toEqual(part(fact, 'WarmPoolConfiguration'));
    },
    'asg-116': async (harness, fact) => {
      const scene = await groupScene(harness);
      await putPool(scene, Object(part(fact, 'WarmPoolConfiguration')));
      await putPool(scene);
      expect((await pool(scene)).WarmPoolConfiguration).toEqual(part(fact, 'WarmPoolConfiguration'));
    },
    'asg-117': async (harness, fact) => {
      await expectError(putPool(await groupScene(harness), fact.request), fact);
    },
    'asg-118': async (harness, fact) => {
      const scene = await groupScene(harness);
      await putPool(scene, { PoolState: 'Running' });
      const before = (await pool(scene)).WarmPoolConfiguration;
      await expectError(putPool(scene, fact.request), fact);
      expect((await pool(scene)).WarmPoolConfiguration).toEqual(before);
    },
    'asg-119': async (harness, fact) => {
      const scene = await groupScene(harness);
      await expectError(
        scene.client.send(new DeleteWarmPoolCommand({ AutoScalingGroupName: scene.name })),
        fact,
        { group: scene.name },
      );
    },
    'asg-120': async (harness, fact) => {
      const scene = await groupScene(harness);
      await expectError(
        scene.client.send(new DescribeWarmPoolCommand({ AutoScalingGroupName: scene.name, ...fact.request })),
        fact,
      );
    },
    'asg-121': async (harness, fact) => {
      const scene = await groupScene(harness);
      await putPool(scene, { MaxGroupPreparedCapacity: 1, PoolState: 'Running' });
      scene.pass(30);
      const id = (await pool(scene)).Instances?.[0]?.InstanceId ?? '';
      const activity = await scene.newestActivity();
      expectMembers(activity, fact.response, { id });
      expect(fact.timing).toContain(`${pauseIn(activity.Cause)} s between`);
    },
    'asg-122': async (harness, fact) => {
      const scene = await groupScene(harness);
      await putPool(scene, { MaxGroupPreparedCapacity: 1, PoolState: 'Running' });
      scene.pass(30);
      const id = (await pool(scene)).Instances?.[0]?.InstanceId ?? '';
      await scene.setDesired(1);
      scene.pass(30);
      const activity = await scene.newestActivity();
      expectMembers(activity, fact.response, { id });
      expectMembers(await scene.member(), { InstanceId: id, LifecycleState: 'InService' });
      const took = ((activity.EndTime?.getTime() ?? 0) - (activity.StartTime?.getTime() ?? 0)) / 1000;
      expect(fact.timing).toContain(`${took} s for PoolState Running`);
    },
    'asg-123': async (harness, fact) => {
      const scene = await groupScene(harness);
      await putPool(scene, Object(part(fact, 'WarmPoolConfiguration')));
      scene.pass(30);
      expectMembers(await scene.group(), fact.response);
      const { Instances: [member = {}] = [] } = await pool(scene);
      expectMembers(member, { LifecycleState: 'Warmed:Running' });
      expectAbsent(member, ['ProtectedFromScaleIn']);
    },
  },
  cannotHold: {},
};
