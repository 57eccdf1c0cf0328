import {
  DeleteAutoScalingGroupCommand,
  DescribeScalingActivitiesCommand,
  ExecutePolicyCommand,
  type Filter,
  PutScalingPolicyCommand,
  ResumeProcessesCommand,
  SetDesiredCapacityCommand,
  SetInstanceHealthCommand,
  SetInstanceProtectionCommand,
  StartInstanceRefreshCommand,
  SuspendProcessesCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { expect } from '@jest/globals';
import { type GroupScene, groupScene, TERMINATING } from '../group-scene.ts';
import { expectAbsent, expectError, expectMembers, expectPresent, type FactTable } from './fact.ts';
import { expectDetails, part, pauseIn, seconds, without } from './values.ts';

/** What a group does about its capacity, and how its activities tell it. */

const describeWith = (scene: GroupScene, filters: Filter[], named = true) =>
  scene.client.send(
    new DescribeScalingActivitiesCommand({
      ...(named ? { AutoScalingGroupName: scene.name } : {}),
      Filters: filters,
    }),
  );

const since = (scene: GroupScene, ...Values: string[]) =>
  describeWith(scene, [{ Name: 'StartTimeLowerBound', Values }]);

export const groupActivityFacts: FactTable = {
  checks: {
    'asg-030': async (harness, fact) => {
      const scene = await groupScene(harness);
      const answer = await scene.client.send(
        new SetDesiredCapacityCommand({
          AutoScalingGroupName: scene.name,
          DesiredCapacity: 1,
          ...fact.request,
        }),
      );
      expectAbsent(answer, ['Activities']);
      expectMembers(await scene.group(), { DesiredCapacity: fact.request.DesiredCapacity, Instances: [] });
      scene.pass(15);
      expect(await scene.states()).toEqual(['InService']);
      const { least, most } = seconds(fact);
      const pause = pauseIn((await scene.newestActivity()).Cause);
      expect(pause).toBeGreaterThanOrEqual(least);
      expect(pause).toBeLessThanOrEqual(most);
    },
    'asg-031': async (harness, fact) => {
      const scene = await groupScene(harness);
      await scene.setDesired(1);
      scene.pass(30);
      const activity = await scene.newestActivity();
      expectMembers(activity, without(fact, 'Details'), { id: (await scene.member()).InstanceId });
      expectDetails(activity.Details, part(fact, 'Details'));
      expect(activity.Cause).toMatch(
        /^At \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ a user request .* to 1\. {2}At \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ an /,
      );
    },
    'asg-032': async (harness, fact) => {
      const scene = await groupScene(harness);
      await scene.setDesired(2);
      scene.pass(9);
      const running = await scene.newestActivity();
      expectPresent(running, part(fact, 'fields_present'));
      expectAbsent(running, part(fact, 'only_when_over'));
      expectAbsent(running, part(fact, 'only_when_failed_or_cancelled_by_hook'));
      scene.pass(30.5);
      expectPresent(await scene.newestActivity(), part(fact, 'only_when_over'));
      await scene.setDesired(1);
      scene.pass(60);
      const activities = await scene.activities();
      const starts = activities.map(({ StartTime }) => StartTime?.getTime() ?? 0);
      expect(starts).toEqual(starts.toSorted((a, b) => b - a));
      expect(starts[0]).not.toBe(starts.at(-1));
      expect(starts.some((start) => start % 1000 !== 0)).toBe(true);
      expect(activities.map(({ EndTime }) => (EndTime?.getTime() ?? 1) % 1000)).toEqual([0, 0, 0]);
    },
    'asg-033': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      const id = (await scene.member()).InstanceId;
      await scene.setDesired(0);
      scene.pass(180);
      const activity = await scene.newestActivity();
      expectMembers(activity, fact.response, { id });
      const { least, most } = seconds(fact);
      expect(pauseIn(activity.Cause)).toBeGreaterThanOrEqual(least);
      expect(pauseIn(activity.Cause)).toBeLessThanOrEqual(most);
    },
    'asg-034': async (harness, fact) => {
      const scene = await groupScene(harness, { MaxSize: 1 });
      await scene.client.send(
        new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: scene.name, MinSize: 1, MaxSize: 2 }),
      );
      expect((await scene.group()).DesiredCapacity).toBe(1);
      scene.pass(30);
      expectMembers(await scene.newestActivity(), fact.response);
    },
    'asg-035': async (harness, fact) => {
      const scene = await groupScene(harness);
      await scene.putHook({});
      await scene.setDesired(1);
      scene.pass(20);
      const activity = await scene.newestActivity();
      const { InstanceId: id } = await scene.member();
      expectMembers(activity, without(fact, 'fields_absent'), { id });
      expectAbsent(activity, part(fact, 'fields_absent'));
      expect(await scene.states()).toEqual(['Pending:Wait']);
    },
    'asg-036': async (harness, fact) => {
      const scene = await groupScene(harness);
      await scene.setDesired(1);
      scene.pass(9);
      const activity = await scene.newestActivity();
      expectMembers(activity, without(fact, 'fields_absent'));
      expectAbsent(activity, part(fact, 'fields_absent'));
      expect(await scene.states()).toEqual(['Pending']);
    },
    'asg-037': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      await scene.putHook({ LifecycleTransition: TERMINATING });
      await scene.setDesired(0);
      scene.pass(20);
      const activity = await scene.newestActivity();
      expectMembers(activity, without(fact, 'fields_absent'));
      expectAbsent(activity, part(fact, 'fields_absent'));
      expect(await scene.states()).toEqual(['Terminating:Wait']);
    },
    'asg-038': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      const { InstanceId } = await scene.member();
      await scene.client.send(
        new SetInstanceProtectionCommand({
          AutoScalingGroupName: scene.name,
          InstanceIds: [InstanceId],
          ProtectedFromScaleIn: true,
        }),
      );
      await scene.setDesired(0);
      scene.pass(60);
      const [activity, before] = await scene.activities();
      expectMembers(activity, { ...without(fact, 'StartTime', 'EndTime', 'Details') });
      expect(activity?.Details).toBe(part(fact, 'Details'));
      expect(activity?.EndTime).toEqual(activity?.StartTime);
      expect(activity?.Cause).toContain(`At ${activity?.StartTime?.toISOString().slice(0, 19)}Z group`);
      // One such activity, not one per attempt.
      expect(before?.Description).toMatch(/^Launching/);
      expectMembers(await scene.group(), { DesiredCapacity: 0 });
      expect(await scene.states()).toEqual(['InService']);
    },
    'asg-060': async (harness, fact) => {
      const scene = await groupScene(harness);
      await scene.client.send(
        new SuspendProcessesCommand({ AutoScalingGroupName: scene.name, ScalingProcesses: ['Launch'] }),
      );
      await scene.client.send(
        new SetDesiredCapacityCommand({
          AutoScalingGroupName: scene.name,
          DesiredCapacity: 0,
          ...fact.request,
        }),
      );
      scene.pass(50);
      expectMembers({ Activities: await scene.activities() }, part(fact, 'DescribeScalingActivities_after'));
      expectMembers(await scene.group(), { DesiredCapacity: part(fact, 'DesiredCapacity') });
    },
    'asg-061': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      const { InstanceId } = await scene.member();
      const processes = { AutoScalingGroupName: scene.name, ScalingProcesses: ['Terminate'] };
      await scene.client.send(new SuspendProcessesCommand(processes));
      await scene.client.send(new SetInstanceHealthCommand({ InstanceId, HealthStatus: 'Unhealthy' }));
      await scene.setDesired(0);
      scene.pass(60);
      expect(await scene.states()).toEqual(['InService']);
      await scene.client.send(new ResumeProcessesCommand(processes));
      scene.pass(60);
      expectMembers(await scene.newestActivity(), { Cause: part(fact, 'Cause_after_resume') });
      expect((await scene.newestActivity()).Cause).not.toContain('user request');
    },
    'asg-062': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      const started = await scene.newestActivity();
      expect(started.Cause).toContain(part(fact, 'capacity_difference'));
      await scene.client.send(
        new SetInstanceHealthCommand({
          InstanceId: (await scene.member()).InstanceId,
          HealthStatus: 'Unhealthy',
        }),
      );
      scene.pass(60);
      expect((await scene.newestActivity()).Cause).toContain(part(fact, 'refresh_and_unhealthy'));
      await scene.client.send(new StartInstanceRefreshCommand({ AutoScalingGroupName: scene.name }));
      scene.pass(60);
      const causes = (await scene.activities()).map(({ Cause }) => Cause);
      expect(causes).toContainEqual(
        expect.stringContaining(`${part(fact, 'refresh_and_unhealthy')} an instance refresh`),
      );
    },
    'asg-067': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      await scene.client.send(
        new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: scene.name, ForceDelete: true }),
      );
      scene.pass(7200);
      const { Activities: [newest] = [] } = await scene.client.send(
        new DescribeScalingActivitiesCommand({
          AutoScalingGroupName: scene.name,
          IncludeDeletedGroups: fact.request.IncludeDeletedGroups === true,
        }),
      );
      expectMembers(newest, fact.response);
    },
    'asg-088': async (harness, fact) => {
      await expectError(
        harness.aws.autoScaling.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName: 'none' })),
        fact,
        { group: 'none' },
      );
    },
    'asg-089': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      const { ActivityId = '', StartTime } = await scene.newestActivity();
      const ActivityIds = [ActivityId];
      await expectError(
        scene.client.send(new DescribeScalingActivitiesCommand({ ...fact.request, ActivityIds })),
        fact,
      );
      const { Activities } = await scene.client.send(
        new DescribeScalingActivitiesCommand({
          ActivityIds,
          Filters: [{ Name: 'StartTimeLowerBound', Values: [StartTime?.toISOString() ?? ''] }],
        }),
      );
      expect(Activities).toHaveLength(1);
    },
    'asg-090': async (harness, fact) => {
      const scene = await groupScene(harness);
      const bad: Record<string, string> = {
        'no zone': '2026-09-27T12:47:11',
        'blank instead of T': '2026-09-27 12:47:11Z',
        'date only': '2026-09-27',
        'basic format': '20260927T124711Z',
        '+0800 without colon': '2026-09-27T12:47:11+0800',
        'epoch seconds': '1790000000',
        'empty string': '',
        'minute 60': '2026-09-27T12:60:11Z',
        'second 60': '2026-09-27T12:47:60Z',
        'comma fraction': '2026-09-27T12:47:11,5Z',
        'ten fraction digits': '2026-09-27T12:47:11.0123456789Z',
        'one-digit fields': '2026-9-27T2:47:11Z',
      };
      for (const [name, value] of Object.entries(bad)) {
        expect(fact.given).toContain(name);
        await expectError(since(scene, value), fact);
      }
    },
    'asg-091': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      const described: Record<string, string> = {
        'nine fraction digits': '2026-09-27T12:47:11.123456789Z',
        'offset +18:00': '2026-09-27T12:47:11+18:00',
      };
      for (const value of Array.from(Object.values(Object(part(fact, 'accepted'))), String)) {
        const { Activities } = await since(scene, described[value] ?? value);
        expect(Activities).toHaveLength(1);
      }
      await expect(since(scene, '2026-09-27T24:00:01Z')).rejects.toThrow("timestamp isn't valid");
    },
    'asg-092': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      const start = (await scene.newestActivity()).StartTime?.toISOString() ?? '';
      const count = async (bound: string) => (await since(scene, bound)).Activities?.length;
      expect((await count(start)) === 1).toBe(part(fact, 'included'));
      expect(await count(start.replace('Z', '000001Z'))).toBe(1);
      expect(await count(new Date(Date.parse(start) + 1).toISOString())).toBe(0);
    },
    'asg-093': async (harness, fact) => {
      const scene = await groupScene(harness);
      const [one, other] = ['2026-09-27T12:47:11Z', '2026-09-28T12:47:11Z'];
      await expectError(since(scene, one, other), fact);
      await expectError(since(scene, one, one), fact);
      const filter = (value: string) => ({ Name: 'StartTimeLowerBound', Values: [value] });
      await expectError(describeWith(scene, [filter(one), filter(other)]), fact);
    },
    'asg-094': async (harness, fact) => {
      const scene = await groupScene(harness);
      await expectError(
        scene.client.send(
          new DescribeScalingActivitiesCommand({ AutoScalingGroupName: scene.name, ...fact.request }),
        ),
        fact,
      );
    },
    'asg-095': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 2 });
      await scene.setDesired(1);
      scene.pass(60);
      const first = await scene.client.send(
        new DescribeScalingActivitiesCommand({ AutoScalingGroupName: scene.name, ...fact.request }),
      );
      const newest = await scene.newestActivity();
      expect(first.Activities?.map(({ ActivityId }) => ActivityId)).toEqual([newest.ActivityId]);
      expectPresent(first, ['NextToken']);
      expect(`${first.Activities?.length}, the newest`).toBe(part(fact, 'Activities'));
    },
    'asg-100': async (harness, fact) => {
      const scene = await groupScene(harness);
      await scene.client.send(
        new PutScalingPolicyCommand({
          AutoScalingGroupName: scene.name,
          PolicyName: 'one',
          PolicyType: 'SimpleScaling',
          AdjustmentType: 'ExactCapacity',
          ScalingAdjustment: 1,
        }),
      );
      await scene.client.send(
        new SuspendProcessesCommand({ AutoScalingGroupName: scene.name, ScalingProcesses: ['Launch'] }),
      );
      await scene.setDesired(2);
      await scene.client.send(
        new ExecutePolicyCommand({
          AutoScalingGroupName: scene.name,
          PolicyName: 'one',
          HonorCooldown: false,
        }),
      );
      expectMembers(await scene.group(), { DesiredCapacity: part(fact, 'DesiredCapacity') });
      scene.pass(60);
      expect(await scene.activities()).toEqual(part(fact, 'Activities'));
    },
  },
  cannotHold: {
    'asg-063': 'There is no EventBridge in the sandbox.',
    'asg-064': 'There is no EventBridge in the sandbox.',
  },
};
