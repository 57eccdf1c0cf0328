import {
  AttachInstancesCommand,
  DescribeAutoScalingInstancesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  SetInstanceProtectionCommand,
  SuspendProcessesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import { expect } from '@jest/globals';
import { publicImage } from '../../../../sandbox/scene.ts';
import { type Harness, REGION } from '../../../support/harness.ts';
import { type GroupScene, groupScene, TERMINATING } from '../group-scene.ts';
import { expectAbsent, expectError, expectMembers, type FactTable } from './fact.ts';
import { complete, retained, setUnhealthy } from './member-scene.ts';
import { expectDetails, part, seconds, without } from './values.ts';

/** Health, and what a user does with single members of a group. */

const standby = (scene: GroupScene, InstanceId: string) => ({
  AutoScalingGroupName: scene.name,
  InstanceIds: [InstanceId],
});

export const groupMemberFacts: FactTable = {
  checks: {
    'asg-039': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      const old = (await scene.member()).InstanceId;
      const called = harness.sandbox.clock.now();
      await setUnhealthy(scene, old);
      expectMembers(await scene.member(), { LifecycleState: 'InService', HealthStatus: 'Unhealthy' });
      scene.pass(20);
      const fresh = (await scene.members()).find(({ InstanceId }) => InstanceId !== old)?.InstanceId ?? '';
      const [launch, termination] = await scene.activities();
      const expected = part(fact, 'Activities_newest_first');
      expectMembers([launch, termination], expected, { old, new: fresh });
      const { least, most } = seconds(fact);
      const started = termination?.StartTime?.getTime() ?? 0;
      expect((started - called) / 1000).toBeGreaterThanOrEqual(least);
      expect((started - called) / 1000).toBeLessThanOrEqual(most);
      expect(fact.timing).toContain(`${((launch?.StartTime?.getTime() ?? 0) - started) / 1000} s before`);
    },
    'asg-040': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1, HealthCheckGracePeriod: 600 });
      await scene.putHook({ LifecycleTransition: TERMINATING });
      const { InstanceId } = await scene.member();
      await scene.client.send(
        new SetInstanceProtectionCommand({ ...standby(scene, InstanceId), ProtectedFromScaleIn: true }),
      );
      await setUnhealthy(scene, InstanceId, fact.request);
      scene.pass(30);
      expectMembers(await scene.members(), [
        { InstanceId, LifecycleState: 'Terminating:Wait', ProtectedFromScaleIn: true },
        { LifecycleState: 'InService' },
      ]);
    },
    'asg-041': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      await scene.putHook({ LifecycleTransition: TERMINATING });
      const old = (await scene.member()).InstanceId;
      await setUnhealthy(scene, old);
      scene.pass(11);
      const { AutoScalingInstances } = await scene.client.send(new DescribeAutoScalingInstancesCommand({}));
      expectMembers({ AutoScalingInstances }, fact.response, {
        old,
        new: AutoScalingInstances?.[1]?.InstanceId ?? '',
      });
      expectMembers(await scene.members(), [{ HealthStatus: 'Unhealthy' }, { HealthStatus: 'Healthy' }]);
    },
    'asg-042': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      const { InstanceId } = await scene.member();
      const { Activity } = await scene.client.send(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId,
          ShouldDecrementDesiredCapacity: fact.request.ShouldDecrementDesiredCapacity === true,
        }),
      );
      if (!Activity) throw new Error('The answer has no activity.');
      const { Details, ...expected } = Object(part(fact, 'Activity'));
      expectMembers(Activity, expected, { id: InstanceId });
      expectDetails(Activity.Details, Details);
      expectAbsent(Activity, part(fact, 'Activity_absent'));
      expect(await scene.states()).toEqual(['Terminating']);
    },
    'asg-043': async (harness, fact) => {
      const scene = await groupScene(harness, { MaxSize: 1, DesiredCapacity: 1 });
      await scene.putHook({ LifecycleTransition: TERMINATING });
      const { InstanceId } = await scene.member();
      await scene.client.send(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId,
          ShouldDecrementDesiredCapacity: false,
        }),
      );
      scene.pass(60);
      expect(await scene.states()).toEqual(['Terminating:Wait']);
      await complete(scene, 'CONTINUE', { InstanceId });
      scene.pass(3);
      expect(await scene.states()).toEqual(['Terminating:Proceed', 'Pending']);
      const fresh = (await scene.members())[1]?.InstanceId ?? '';
      expectMembers(await scene.newestActivity(), fact.response, { new: fresh });
    },
    'asg-054': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      const { InstanceId } = await scene.member();
      const { Activities } = await scene.client.send(
        new EnterStandbyCommand({
          ...standby(scene, InstanceId),
          ShouldDecrementDesiredCapacity: fact.request.ShouldDecrementDesiredCapacity === true,
        }),
      );
      const { Details, ...expected } = Object(part(fact, 'Activities', 0));
      expectMembers(Activities, [expected], { id: InstanceId });
      expectDetails(Activities?.[0]?.Details, Details);
      expectMembers(await scene.group(), {
        DesiredCapacity: 0,
        Instances: [{ LifecycleState: 'EnteringStandby', HealthStatus: 'Healthy' }],
      });
      scene.pass(5);
      expectMembers(await scene.member(), { LifecycleState: 'Standby', HealthStatus: 'Healthy' });
      expectMembers(await scene.newestActivity(), { StatusCode: 'Successful' });
    },
    'asg-055': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      const { InstanceId } = await scene.member();
      await scene.client.send(
        new EnterStandbyCommand({ ...standby(scene, InstanceId), ShouldDecrementDesiredCapacity: true }),
      );
      scene.pass(10);
      const { Activities } = await scene.client.send(new ExitStandbyCommand(standby(scene, InstanceId)));
      expectMembers({ Activities }, fact.response, { id: InstanceId });
      expectMembers(await scene.group(), {
        DesiredCapacity: 1,
        Instances: [{ LifecycleState: 'Pending' }],
      });
      scene.pass(6);
      expect(await scene.states()).toEqual(['InService']);
      const { StartTime, EndTime } = await scene.newestActivity();
      expect(fact.timing).toContain(
        `${((EndTime?.getTime() ?? 0) - (StartTime?.getTime() ?? 0)) / 1000} s after`,
      );
    },
    'asg-056': async (harness, fact) => {
      const { scene, id } = await retained(harness);
      await expectError(
        scene.client.send(
          new EnterStandbyCommand({ ...standby(scene, id), ShouldDecrementDesiredCapacity: false }),
        ),
        fact,
        { id },
      );
    },
    'asg-057': async (harness, fact) => {
      const scene = await groupScene(harness);
      await scene.client.send(
        new SuspendProcessesCommand({ AutoScalingGroupName: scene.name, ScalingProcesses: ['Launch'] }),
      );
      const InstanceId = await instanceOutside(harness);
      await expectError(scene.client.send(new AttachInstancesCommand(standby(scene, InstanceId))), fact, {
        group: scene.name,
      });
    },
    'asg-058': async (harness, fact) => {
      const scene = await groupScene(harness, { MaxSize: 1 });
      const InstanceId = await instanceOutside(harness);
      const answer = await scene.client.send(new AttachInstancesCommand(standby(scene, InstanceId)));
      expectMembers(answer, fact.response);
      expectMembers(await scene.group(), {
        DesiredCapacity: 1,
        Instances: [{ InstanceId, LifecycleState: 'Pending' }],
      });
      scene.pass(5);
      expect(await scene.states()).toEqual(['InService']);
    },
    'asg-059': async (harness, fact) => {
      const scene = await groupScene(harness, { MaxSize: 1 });
      const InstanceId = await instanceOutside(harness);
      await scene.client.send(new AttachInstancesCommand(standby(scene, InstanceId)));
      scene.pass(5);
      const [activity, ...others] = await scene.activities();
      expect(others).toEqual([]);
      expectMembers(activity, without(fact, 'Details'), { id: InstanceId });
      expectDetails(activity?.Details, part(fact, 'Details'));
    },
  },
  cannotHold: {},
};

async function instanceOutside(harness: Harness): Promise<string> {
  const { Instances } = await harness.aws.ec2.send(
    new RunInstancesCommand({
      ImageId: publicImage(harness.sandbox, REGION),
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
    }),
  );
  harness.sandbox.clock.advance(10_000);
  return Instances?.[0]?.InstanceId ?? '';
}
