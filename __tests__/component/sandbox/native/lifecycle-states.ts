import {
  type Activity,
  RecordLifecycleActionHeartbeatCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { expect } from '@jest/globals';
import { ACCOUNT } from '../../../../sandbox/engine/world.ts';
import { REGION } from '../../../support/harness.ts';
import { type GroupScene, groupScene, LAUNCHING, TERMINATING } from '../group-scene.ts';
import { expectAbsent, expectError, expectMembers, type FactTable } from './fact.ts';
import { complete, retained } from './member-scene.ts';
import { part, without } from './values.ts';

/** Lifecycle states of a group's members, and the hooks that hold them. */

/** What is seen in the group, second by second, without repetitions; nothing at all is `(gone)`. */
async function statesOver(scene: GroupScene, forSeconds: number): Promise<string[]> {
  const seen: string[] = [];
  for (let second = 0; second < forSeconds; second++) {
    scene.pass(1);
    const [state = '(gone)'] = await scene.states();
    if (seen.at(-1) !== state) seen.push(state);
  }
  return seen;
}

const terminationOf = (activities: readonly Activity[]) =>
  activities.find(({ Description }) => Description?.startsWith('Terminating'));

export const lifecycleStateFacts: FactTable = {
  checks: {
    'asg-044': async (harness, fact) => {
      const scene = await groupScene(harness, { MaxSize: 1 });
      await scene.putHook({});
      await scene.putHook({ LifecycleHookName: 'end', LifecycleTransition: TERMINATING });
      await scene.setDesired(1);
      scene.pass(20);
      const { InstanceId } = await scene.member();
      await complete(scene, String(fact.request.LifecycleActionResult), { InstanceId });
      expect(await scene.states()).toEqual(['Terminating']);
      expectMembers(terminationOf(await scene.activities()), part(fact, 'terminate_activity'), {
        id: InstanceId,
      });
      scene.pass(5);
      expect(await scene.states()).toEqual(['Terminating:Wait']);
      await complete(scene, 'CONTINUE', { InstanceId, LifecycleHookName: 'end' });
      expect(await scene.states()).toEqual(['Terminating:Proceed']);
    },
    'asg-045': async (harness, fact) => {
      const { scene, id } = await retained(harness);
      const activity = terminationOf(await scene.activities());
      const token = /token (\S+)/.exec(activity?.StatusMessage ?? '')?.[1] ?? '';
      expect(token).toMatch(/^[0-9a-f-]{36}$/);
      expectMembers(activity, fact.response, { id, token });
    },
    'asg-046': async (harness, fact) => {
      // The native member was healthy when its termination was abandoned: here it is terminated by a user.
      const scene = await groupScene(harness, {
        MaxSize: 1,
        DesiredCapacity: 1,
        InstanceLifecyclePolicy: { RetentionTriggers: { TerminateHookAbandon: 'retain' } },
      });
      await scene.putHook({ LifecycleTransition: TERMINATING });
      const { InstanceId } = await scene.member();
      await scene.client.send(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId,
          ShouldDecrementDesiredCapacity: false,
        }),
      );
      scene.pass(10);
      await complete(scene, 'ABANDON', { InstanceId });
      expectMembers(await scene.group(), fact.response);
      scene.pass(30);
      expect(await scene.states()).toEqual([part(fact, 'Instances', 0, 'LifecycleState'), 'InService']);
    },
    'asg-047': async (harness, fact) => {
      const scene = await groupScene(harness);
      await scene.putHook({});
      await scene.setDesired(1);
      scene.pass(20);
      const { InstanceId } = await scene.member();
      const called = harness.sandbox.clock.now();
      await complete(scene, String(fact.request.LifecycleActionResult), { InstanceId });
      expect((await scene.states())[0]).toMatch(/^Pending/);
      scene.pass(6);
      expect(await scene.states()).toEqual(['InService']);
      const ended = (await scene.newestActivity()).EndTime?.getTime() ?? 0;
      expect(ended - called).toBeLessThanOrEqual(1000);
    },
    'asg-048': async (harness, fact) => {
      const scene = await groupScene(harness);
      await scene.putHook({});
      const token = '00000000-0000-4000-8000-000000000000';
      const which = { LifecycleActionToken: token };
      await expectError(complete(scene, 'CONTINUE', which), fact, { token });
      const heartbeat = new RecordLifecycleActionHeartbeatCommand({
        AutoScalingGroupName: scene.name,
        LifecycleHookName: 'hook',
        ...which,
      });
      await expectError(scene.client.send(heartbeat), fact, { token });
    },
    'asg-049': async (harness, fact) => {
      const scene = await groupScene(harness);
      await scene.putHook({ HeartbeatTimeout: 60 });
      await scene.setDesired(1);
      scene.pass(60);
      const { InstanceId } = await scene.member();
      const answer = await scene.client.send(
        new RecordLifecycleActionHeartbeatCommand({
          AutoScalingGroupName: scene.name,
          LifecycleHookName: 'hook',
          InstanceId,
        }),
      );
      expectMembers(answer, fact.response);
      scene.pass(50);
      // Without the heartbeat, another instance would be waiting by now.
      expectMembers(await scene.member(), { InstanceId, LifecycleState: 'Pending:Wait' });
    },
    'asg-050': async (harness, fact) => {
      const scene = await groupScene(harness);
      await scene.setDesired(1);
      scene.pass(8);
      expectMembers(await scene.member(), {
        LifecycleState: 'Pending',
        HealthStatus: part(fact, 'HealthStatus'),
      });
      expect(
        ['Pending', ...(await statesOver(scene, 6))].filter((state, at, all) => state !== all[at - 1]),
      ).toEqual(part(fact, 'LifecycleState_sequence'));
    },
    'asg-051': async (harness, fact) => {
      const scene = await groupScene(harness);
      await scene.putHook({});
      await scene.setDesired(1);
      scene.pass(7);
      const before = await statesOver(scene, 10);
      await complete(scene, 'CONTINUE', { InstanceId: (await scene.member()).InstanceId });
      const after = await statesOver(scene, 5);
      expect([...before, ...after]).toEqual(part(fact, 'LifecycleState_sequence'));
    },
    'asg-052': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      await scene.putHook({ LifecycleTransition: TERMINATING });
      const { InstanceId } = await scene.member();
      await scene.client.send(
        new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: true }),
      );
      const first = await scene.states();
      const waiting = await statesOver(scene, 6);
      await complete(scene, 'CONTINUE', { InstanceId });
      const proceeding = await statesOver(scene, 16);
      const over = await statesOver(scene, 24);
      expect([first, waiting, proceeding, over.slice(1)].flat()).toEqual(
        part(fact, 'LifecycleState_sequence'),
      );
    },
    'asg-065': async (harness, fact) => {
      // The native target was a queue; a topic gets the same message.
      const { TopicArn: NotificationTargetARN = '' } = await harness.aws.sns.send(
        new CreateTopicCommand({ Name: 'hooks' }),
      );
      const scene = await groupScene(harness);
      await scene.putHook({ NotificationTargetARN });
      const topic = harness.sandbox.world.region(REGION).state.topics.get(NotificationTargetARN);
      const [sent, ...others] = topic?.messages ?? [];
      expect(others).toEqual([]);
      const expected = { ...Object(part(fact, 'message_sent')), AccountId: ACCOUNT };
      expectMembers(JSON.parse(sent?.message ?? '{}'), expected, {
        group: scene.name,
        arn: (await scene.group()).AutoScalingGroupARN ?? '',
      });
    },
    'asg-066': async (harness, fact) => {
      const { TopicArn: NotificationTargetARN } = await harness.aws.sns.send(
        new CreateTopicCommand({ Name: 'hooks' }),
      );
      const scene = await groupScene(harness);
      const hook = { NotificationTargetARN, HeartbeatTimeout: 30, DefaultResult: 'CONTINUE' };
      await scene.putHook({ ...hook, LifecycleTransition: LAUNCHING });
      await scene.putHook({ ...hook, LifecycleHookName: 'end', LifecycleTransition: TERMINATING });
      harness.sandbox.world.region(REGION).state.topics.clear();
      await scene.setDesired(1);
      scene.pass(8 + 5);
      const launch = await scene.newestActivity();
      expectMembers(launch, without(fact));
      expectAbsent(launch, part(fact, 'fields_absent'));
      await scene.setDesired(0);
      scene.pass(8 + 25);
      expectMembers(await scene.newestActivity(), { Description: 'Terminating {..}', ...without(fact) });
    },
  },
  cannotHold: {
    'asg-053':
      'AWS was seen to forget a member early in some runs and to wait for EC2 in others; the sandbox always waits.',
  },
};
