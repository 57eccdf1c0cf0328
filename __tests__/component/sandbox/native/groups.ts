import {
  type AutoScalingGroup,
  CreateAutoScalingGroupCommand,
  type CreateAutoScalingGroupCommandInput,
  CreateOrUpdateTagsCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
  SetInstanceProtectionCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import { expect } from '@jest/globals';
import { ACCOUNT } from '../../../../sandbox/engine/world.ts';
import { type GroupScene, groupScene, TERMINATING } from '../group-scene.ts';
import { expectAbsent, expectError, expectMembers, expectPresent, type FactTable } from './fact.ts';
import { part, without } from './values.ts';

/** Creating, changing, deleting and describing groups. */

const create = (scene: GroupScene, overrides: Partial<CreateAutoScalingGroupCommandInput>) =>
  scene.client.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'other',
      LaunchTemplate: { LaunchTemplateId: scene.templateId, Version: '$Latest' },
      AvailabilityZones: ['us-east-1a'],
      MinSize: 0,
      MaxSize: 2,
      ...overrides,
    }),
  );

const update = (scene: GroupScene, request: object) =>
  scene.client.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: scene.name, ...request }));

const forceDelete = (scene: GroupScene) =>
  scene.client.send(
    new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: scene.name, ForceDelete: true }),
  );

async function groupsOf(scene: GroupScene): Promise<AutoScalingGroup[]> {
  const { AutoScalingGroups } = await scene.client.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [scene.name] }),
  );
  return AutoScalingGroups ?? [];
}

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

export const groupFacts: FactTable = {
  checks: {
    'asg-068': async (harness, fact) => {
      const scene = await groupScene(harness);
      const { $metadata, ...answer } = await create(scene, {});
      expect($metadata.httpStatusCode).toBe(fact.status);
      expect(answer).toEqual(fact.response);
    },
    'asg-069': async (harness, fact) => {
      const scene = await groupScene(harness);
      await create(scene, {});
      await expectError(create(scene, {}), fact, { group: 'other' });
    },
    'asg-070': async (harness, fact) => {
      await expectError(create(await groupScene(harness), fact.request), fact);
    },
    'asg-071': async (harness, fact) => {
      await expectError(create(await groupScene(harness), fact.request), fact);
    },
    'asg-072': async (harness, fact) => {
      await expectError(create(await groupScene(harness), fact.request), fact);
    },
    'asg-073': async (harness, fact) => {
      const scene = await groupScene(harness);
      const { Version } = Object(fact.request.LaunchTemplate);
      const message = fact.error?.message.replace('lt-EXAMPLE', scene.templateId) ?? '';
      await expectError(create(scene, { LaunchTemplate: { LaunchTemplateId: scene.templateId, Version } }), {
        ...fact,
        error: { code: fact.error?.code ?? '', message },
      });
    },
    'asg-078': async (harness, fact) => {
      const scene = await groupScene(harness, { MaxSize: 3 });
      await expectError(
        scene.client.send(
          new SetDesiredCapacityCommand({
            AutoScalingGroupName: scene.name,
            DesiredCapacity: Number(fact.request.DesiredCapacity),
          }),
        ),
        fact,
      );
    },
    'asg-079': async (harness, fact) => {
      const scene = await groupScene(harness);
      const before = await scene.group();
      await expect(update(scene, { ...fact.request, DefaultCooldown: 7 })).rejects.toThrow('Max bound');
      expect(await scene.group()).toEqual(before);
    },
    'asg-080': async (harness, fact) => {
      const scene = await groupScene(harness, { MaxSize: 3, DesiredCapacity: 2 });
      await update(scene, { MinSize: 1, MaxSize: 2, ...fact.request });
      expectMembers(await scene.group(), { MinSize: 1, MaxSize: 2, ...without(fact) });
    },
    'asg-081': async (harness, fact) => {
      const scene = await groupScene(harness);
      await expectError(update(scene, { TerminationPolicies: ['Best'] }), fact, { policy: 'Best' });
    },
    'asg-082': async (harness, fact) => {
      await expectError(
        harness.aws.autoScaling.send(
          new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: 'none', ...fact.request }),
        ),
        fact,
        { group: 'none' },
      );
    },
    'asg-083': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      await expectError(
        scene.client.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: scene.name })),
        fact,
      );
    },
    'asg-084': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      await scene.client.send(
        new SetInstanceProtectionCommand({
          AutoScalingGroupName: scene.name,
          InstanceIds: [(await scene.member()).InstanceId],
          ProtectedFromScaleIn: true,
        }),
      );
      await forceDelete(scene);
      scene.pass(5);
      expectMembers(await scene.group(), fact.response);
      scene.pass(5);
      expect(await scene.states()).toEqual(['Terminating']);
      scene.pass(60);
      expect(await groupsOf(scene)).toEqual([]);
    },
    'asg-085': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      await scene.putHook({ LifecycleTransition: TERMINATING, HeartbeatTimeout: 300 });
      await forceDelete(scene);
      scene.pass(299);
      expectMembers(await scene.group(), fact.response);
      scene.pass(32);
      expectMembers(await scene.group(), { Instances: [] });
      scene.pass(5);
      expect(await groupsOf(scene)).toEqual([]);
    },
    'asg-086': async (harness, fact) => {
      const scene = await groupScene(harness);
      await forceDelete(scene);
      const [, first = '', second = '', gone = ''] =
        /([\d.]+) s and ([\d.]+) s after the call, gone at ([\d.]+) s/.exec(fact.timing ?? '') ?? [];
      scene.pass(Number(first));
      expect((await scene.group()).Status).toBe('Delete in progress');
      scene.pass(Number(second) - Number(first));
      expect((await scene.group()).Status).toBe('Delete in progress');
      scene.pass(Number(gone) - Number(second));
      expect(await groupsOf(scene)).toEqual([]);
    },
    'asg-087': async (harness, fact) => {
      const { $metadata, ...answer } = await harness.aws.autoScaling.send(
        new DescribeAutoScalingGroupsCommand(fact.request),
      );
      expect($metadata.httpStatusCode).toBe(fact.status);
      expect(answer).toEqual(fact.response);
    },
    'asg-106': async (harness, fact) => {
      const scene = await groupScene(harness);
      const role = String(part(fact, 'ServiceLinkedRoleARN')).replace('000000000000', ACCOUNT);
      expectMembers(await scene.group(), { ...fact.response, ServiceLinkedRoleARN: role });
    },
    'asg-107': async (harness, fact) => {
      const scene = await groupScene(harness);
      expectAbsent(await scene.group(), part(fact, 'fields_absent'));
    },
    'asg-108': async (harness, fact) => {
      expectMembers(await (await groupScene(harness)).group(), fact.response);
    },
    'asg-109': async (harness, fact) => {
      const scene = await groupScene(harness);
      for (const InstanceType of ['t3.small', 't3.medium'] as const) {
        await harness.aws.ec2.send(
          new CreateLaunchTemplateVersionCommand({
            LaunchTemplateId: scene.templateId,
            SourceVersion: '1',
            LaunchTemplateData: { InstanceType },
          }),
        );
      }
      await scene.setDesired(1);
      scene.pass(30);
      const template = { ...Object(part(fact, 'LaunchTemplate')), LaunchTemplateId: scene.templateId };
      const group = await scene.group();
      expectMembers(group.LaunchTemplate, template, { name: 'web-template' });
      expect(String(part(fact, 'Instances_LaunchTemplate_Version'))).toContain(
        `e.g. ${group.Instances?.[0]?.LaunchTemplate?.Version}`,
      );
    },
    'asg-110': async (harness, fact) => {
      const { Subnets = [] } = await harness.aws.ec2.send(new DescribeSubnetsCommand({}));
      const zones = part(fact, 'AvailabilityZones');
      const ofZones = Subnets.filter(({ AvailabilityZone }) =>
        Object.values(Object(zones)).includes(AvailabilityZone),
      );
      const ids = ofZones.map(({ SubnetId }) => SubnetId ?? '').sort();
      const scene = await groupScene(harness, { VPCZoneIdentifier: ids.toReversed().join(',') });
      const group = await scene.group();
      expect(group.VPCZoneIdentifier).toBe(ids.join(','));
      expect(group.AvailabilityZones?.toSorted()).toEqual(zones);
      // Parallel lists, in the order of the subnets.
      const described = ids.map((id) => ofZones.find(({ SubnetId }) => SubnetId === id));
      expect(group.AvailabilityZones).toEqual(described.map((subnet) => subnet?.AvailabilityZone));
      expect(group.AvailabilityZoneIds).toEqual(described.map((subnet) => subnet?.AvailabilityZoneId));
    },
    'asg-111': async (harness, fact) => {
      const scene = await groupScene(harness, { DesiredCapacity: 1 });
      const member = await scene.member();
      expectPresent(member, part(fact, 'Instances_fields'));
      expectAbsent(member, part(fact, 'fields_absent'));
    },
    'asg-112': async (harness, fact) => {
      const scene = await groupScene(harness);
      expect((await scene.group()).Tags).toEqual([]);
      const tag = {
        ResourceId: scene.name,
        ResourceType: 'auto-scaling-group',
        Value: '',
        PropagateAtLaunch: true,
      };
      await scene.client.send(
        new CreateOrUpdateTagsCommand({ Tags: ['b', 'c', 'a'].map((Key) => ({ ...tag, Key })) }),
      );
      const { Tags = [] } = await scene.group();
      expect(Tags.map(({ Key }) => Key)).toEqual(['a', 'b', 'c']);
      for (const described of Tags) {
        expectPresent(described, part(fact, 'Tags_fields'));
        expectMembers(described, { ResourceType: part(fact, 'ResourceType') });
      }
    },
    'asg-113': async (harness, fact) => {
      harness.sandbox.clock.advance(123);
      const scene = await groupScene(harness);
      const group = await scene.group();
      expect(part(fact, 'CreatedTime')).toBe('with milliseconds');
      expect(group.CreatedTime?.getMilliseconds()).toBe(123);
      scene.pass(100);
      expect((await scene.group()).CreatedTime).toEqual(group.CreatedTime);
      const [template = ''] = /arn:\S+/.exec(fact.note ?? '') ?? [];
      const [before, after] = template
        .replace('{region}', 'us-east-1')
        .replace('{account}', ACCOUNT)
        .replace('{group}', scene.name)
        .split('{uuid}');
      expect(group.AutoScalingGroupARN?.replace(before ?? '?', '').replace(after ?? '?', '')).toMatch(uuid);
    },
  },
  cannotHold: {},
};
