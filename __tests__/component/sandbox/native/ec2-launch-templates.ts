import {
  CreateLaunchTemplateCommand,
  type CreateLaunchTemplateRequest,
  CreateLaunchTemplateVersionCommand,
  type CreateLaunchTemplateVersionRequest,
  CreateSecurityGroupCommand,
  DeleteLaunchTemplateCommand,
  DeleteLaunchTemplateVersionsCommand,
  DescribeLaunchTemplatesCommand,
  type DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplateVersionsCommand,
  type DescribeLaunchTemplateVersionsRequest,
  ModifyLaunchTemplateCommand,
  type RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { expect } from '@jest/globals';
import type { Harness } from '../../../support/harness.ts';
import { part, template, withIds } from './ec2-scene.ts';
import {
  type Check,
  expectAbsent,
  expectError,
  expectMembers,
  expectPresent,
  type Fact,
  type FactTable,
} from './fact.ts';

const create = ({ aws }: Harness, request: Partial<CreateLaunchTemplateRequest>) =>
  aws.ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'web',
      LaunchTemplateData: { InstanceType: 't3.micro' },
      ...request,
    }),
  );

const addVersion = async (
  { aws }: Harness,
  LaunchTemplateId: string,
  request: Partial<CreateLaunchTemplateVersionRequest> = {},
) =>
  await aws.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId,
      SourceVersion: '1',
      LaunchTemplateData: {},
      ...request,
    }),
  );

/** A template with this many versions; the first is the default. */
const withVersions = async (harness: Harness, count: number): Promise<string> => {
  const id = await template(harness);
  for (let number = 2; number <= count; number++) await addVersion(harness, id);
  return id;
};

const describing = ({ aws }: Harness, request: DescribeLaunchTemplatesRequest) =>
  aws.ec2.send(new DescribeLaunchTemplatesCommand(request));

const versions = ({ aws }: Harness, request: DescribeLaunchTemplateVersionsRequest) =>
  aws.ec2.send(new DescribeLaunchTemplateVersionsCommand(request));

const numbers = async (harness: Harness, request: DescribeLaunchTemplateVersionsRequest) =>
  (await versions(harness, request)).LaunchTemplateVersions?.map(({ VersionNumber }) => VersionNumber);

const remove = ({ aws }: Harness, LaunchTemplateId: string, Versions: string[]) =>
  aws.ec2.send(new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions }));

const modify = ({ aws }: Harness, LaunchTemplateId: string, DefaultVersion: string, ClientToken?: string) =>
  aws.ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion, ClientToken }));

/** CreateLaunchTemplate with the fact's own data is refused. */
const refusesData: Check = async (harness, fact) =>
  await expectError(
    create(harness, {
      LaunchTemplateData: part(fact.request, 'LaunchTemplateData') as RequestLaunchTemplateData,
    }),
    fact,
  );

const refusesDescribe: Check = async (harness, fact) =>
  await expectError(describing(harness, fact.request), fact);

/** Deletes the versions of the fact's request, and sees that nothing was deleted. */
const deletesNothing = async (harness: Harness, fact: Fact, ...others: string[][]) => {
  const id = await withVersions(harness, 3);
  for (const list of [part(fact.request, 'Versions') as string[], ...others])
    await expectError(remove(harness, id, list), fact);
  expect(await numbers(harness, { LaunchTemplateId: id })).toEqual([3, 2, 1]);
};

/** The default is moved to the version of the fact's request. */
const movesDefault = async (harness: Harness, fact: Fact, count: number) => {
  const { LaunchTemplate } = await create(harness, {
    TagSpecifications: [{ ResourceType: 'launch-template', Tags: [{ Key: 'a', Value: 'b' }] }],
  });
  const id = LaunchTemplate?.LaunchTemplateId ?? '';
  for (let number = 2; number <= count; number++) await addVersion(harness, id);
  const answer = await modify(harness, id, String(fact.request.DefaultVersion));
  const { $metadata: _metadata, ...answered } = answer;
  expectAbsent(answered.LaunchTemplate ?? {}, ['Tags']);
  const { LaunchTemplates } = await describing(harness, { LaunchTemplateIds: [id] });
  expect(LaunchTemplates?.[0]?.CreateTime).toEqual(LaunchTemplate?.CreateTime);
  return answered.LaunchTemplate;
};

export const ec2LaunchTemplates: FactTable = {
  checks: {
    'ec2-007': async (harness, fact) => {
      await expectError(create(harness, { LaunchTemplateData: {}, DryRun: true }), fact);
      expect((await describing(harness, {})).LaunchTemplates).toEqual([]);
    },
    'ec2-080': async (harness, fact) => {
      const Tags = [{ Key: 'team', Value: 'blue' }];
      const answer = await create(harness, {
        ...fact.request,
        LaunchTemplateName: 'web',
        TagSpecifications: [{ ResourceType: 'launch-template', Tags }],
      });
      const {
        CreateTime,
        Tags: given,
        ...members
      } = part(fact.response, 'LaunchTemplate') as Record<string, unknown>;
      expectMembers(
        answer.LaunchTemplate,
        withIds(members, { 'lt-EXAMPLE': '{id}', '{name}': 'web', ':user/{user}': ':user/sandbox' }),
        { account: '123456789012' },
      );
      expect([CreateTime, given]).toEqual(['whole seconds', 'given ones']);
      expect(answer.LaunchTemplate?.CreateTime?.getMilliseconds()).toBe(0);
      expect(answer.LaunchTemplate?.Tags).toEqual(Tags);
      expectAbsent({ ...answer, ...answer.LaunchTemplate }, fact.response?.absent);
    },
    'ec2-081': async (harness, fact) => {
      const first = await create(harness, { ClientToken: 'once' });
      harness.sandbox.clock.advance(5000);
      const again = await create(harness, { ClientToken: 'once' });
      expect(fact.response).toEqual({ LaunchTemplateId: 'the same id', CreateTime: 'the same' });
      expect(again.LaunchTemplate).toEqual(first.LaunchTemplate);
      expect((await describing(harness, {})).LaunchTemplates).toHaveLength(1);
    },
    'ec2-082': async (harness, fact) => {
      await create(harness, { ClientToken: 'once' });
      await expectError(create(harness, { ClientToken: 'once', VersionDescription: 'other' }), fact);
    },
    'ec2-083': async (harness, fact) => {
      const { LaunchTemplate } = await create(harness, { ClientToken: 'once' });
      const LaunchTemplateId = LaunchTemplate?.LaunchTemplateId ?? '';
      await addVersion(harness, LaunchTemplateId);
      await expectError(create(harness, { ClientToken: 'once' }), fact);
      await harness.aws.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId }));
      await expectError(create(harness, { ClientToken: 'once' }), fact);
    },
    'ec2-084': async (harness, fact) => {
      await template(harness);
      await expectError(create(harness, {}), fact);
    },
    'ec2-085': async (harness, fact) =>
      await expectError(
        create(harness, { LaunchTemplateName: String(fact.request.LaunchTemplateName) }),
        fact,
      ),
    'ec2-086': async (harness, fact) => {
      await refusesData(harness, fact);
      await expectError(create(harness, { LaunchTemplateData: {} }), fact);
    },
    'ec2-087': async (harness, fact) => {
      const answer = await harness.aws.ec2.send(
        new CreateLaunchTemplateCommand({
          LaunchTemplateName: 'web',
          LaunchTemplateData: fact.request.LaunchTemplateData as RequestLaunchTemplateData,
        }),
      );
      expectMembers(answer, { Warning: part(fact.response, 'Warning') });
      expect((await describing(harness, {})).LaunchTemplates).toHaveLength(1);
    },
    'ec2-088': async (harness, fact) => {
      const { GroupId = '' } = await harness.aws.ec2.send(
        new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web' }),
      );
      const missing = 'sg-0123456789abcdef0';
      const LaunchTemplateData = withIds(fact.request.LaunchTemplateData, {
        'sg-1': GroupId,
        'sg-2': missing,
      }) as RequestLaunchTemplateData;
      const answer = await create(harness, { LaunchTemplateData });
      expectMembers(answer, fact.response, { 'sg-id': missing });
      expect(answer.Warning?.Errors).toHaveLength(2);
    },
    'ec2-089': async (harness, fact) => {
      const LaunchTemplateData = fact.request.LaunchTemplateData as RequestLaunchTemplateData;
      const answer = await create(harness, { LaunchTemplateData });
      expect(answer.LaunchTemplate?.LaunchTemplateId).toMatch(/^lt-/);
      expectAbsent(answer, fact.response?.absent);
    },
    'ec2-090': refusesData,
    'ec2-091': refusesData,
    'ec2-092': refusesData,
    'ec2-093': async (harness, fact) => {
      const source: RequestLaunchTemplateData = {
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: 'snap-0123456789abcdef0' } }],
        ImageId: 'ami-0123456789abcdef0',
        InstanceType: 't3.micro',
        KeyName: 'key',
        UserData: 'dGV4dA==',
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
        Placement: { AvailabilityZone: 'us-east-1a', Tenancy: 'default' },
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a', Value: 'b' }] }],
      };
      const id = await template(harness, source);
      const { SourceVersion, LaunchTemplateData } =
        fact.request as Partial<CreateLaunchTemplateVersionRequest>;
      const answer = await addVersion(harness, id, { SourceVersion, LaunchTemplateData });
      const expected = part(fact.response, 'LaunchTemplateData') as Record<string, unknown>;
      for (const [member, value] of Object.entries(expected)) {
        const found: unknown = Reflect.get(Object(answer.LaunchTemplateVersion?.LaunchTemplateData), member);
        const inherited = typeof value === 'string' && value.startsWith('inherited');
        expect([member, found]).toEqual([member, inherited ? Reflect.get(source, member) : value]);
      }
      expectMembers(answer.LaunchTemplateVersion, { DefaultVersion: fact.response?.DefaultVersion });
    },
    'ec2-094': async (harness, fact) => {
      const id = await template(harness, { InstanceType: 't3.nano', KeyName: 'key' });
      const LaunchTemplateData = fact.request.LaunchTemplateData as RequestLaunchTemplateData;
      const { LaunchTemplateVersion } = await harness.aws.ec2.send(
        new CreateLaunchTemplateVersionCommand({ LaunchTemplateId: id, LaunchTemplateData }),
      );
      expect(LaunchTemplateVersion?.LaunchTemplateData).toEqual(part(fact.response, 'LaunchTemplateData'));
    },
    'ec2-095': async (harness, fact) => {
      const data = { InstanceType: 't3.nano' as const, KeyName: 'key' };
      const id = await template(harness, data);
      const { SourceVersion, LaunchTemplateData } =
        fact.request as Partial<CreateLaunchTemplateVersionRequest>;
      const { LaunchTemplateVersion } = await addVersion(harness, id, { SourceVersion, LaunchTemplateData });
      expect(fact.response).toEqual({ VersionNumber: 'next', LaunchTemplateData: "equal to the source's" });
      expect(LaunchTemplateVersion).toMatchObject({ VersionNumber: 2, LaunchTemplateData: data });
    },
    'ec2-096': async (harness, fact) => {
      const id = await template(harness);
      const first = await addVersion(harness, id, { ClientToken: 'once' });
      harness.sandbox.clock.advance(5000);
      const again = await addVersion(harness, id, { ClientToken: 'once' });
      expect(fact.response).toEqual({ VersionNumber: 'the same number', CreateTime: 'the same' });
      expect(again.LaunchTemplateVersion).toEqual(first.LaunchTemplateVersion);
      expect(await numbers(harness, { LaunchTemplateId: id })).toEqual([2, 1]);
    },
    'ec2-097': async (harness, fact) => {
      const id = await template(harness);
      await addVersion(harness, id, { ClientToken: 'once' });
      const other = { ClientToken: 'once', VersionDescription: 'other' };
      await expectError(addVersion(harness, id, other), fact);
    },
    'ec2-098': refusesDescribe,
    'ec2-099': async (harness, fact) => {
      await refusesDescribe(harness, fact);
      const LaunchTemplateId = await template(harness);
      await harness.aws.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId }));
      await expectError(describing(harness, { LaunchTemplateIds: [LaunchTemplateId] }), fact);
    },
    'ec2-100': refusesDescribe,
    'ec2-101': async (harness, fact) => {
      const id = await template(harness);
      await expectError(describing(harness, { ...fact.request, LaunchTemplateIds: [id] }), fact);
    },
    'ec2-102': async (harness, fact) => {
      for (const suite of ['native', 'other'])
        await create(harness, {
          LaunchTemplateName: suite,
          TagSpecifications: [{ ResourceType: 'launch-template', Tags: [{ Key: 'suite', Value: suite }] }],
        });
      const answer = await describing(harness, {
        Filters: [{ Name: String(part(fact.request, 'Filters', 0, 'Name')), Values: ['native'] }],
        MaxResults: Number(fact.request.MaxResults),
      });
      expect(answer.LaunchTemplates).toHaveLength(
        (part(fact.response, 'LaunchTemplates') as unknown[]).length,
      );
      expectAbsent(answer, fact.response?.absent);
    },
    'ec2-103': async (harness, fact) => {
      const id = String(fact.request.LaunchTemplateId);
      const remover = new DeleteLaunchTemplateCommand({ LaunchTemplateId: id });
      await expectError(harness.aws.ec2.send(remover), fact, { 'lt-id': id });
      await expectError(remove(harness, id, ['2']), fact, { 'lt-id': id });
    },
    'ec2-104': async (harness, fact) => {
      const { LaunchTemplate } = await create(harness, {
        TagSpecifications: [{ ResourceType: 'launch-template', Tags: [{ Key: 'a', Value: 'b' }] }],
      });
      const id = LaunchTemplate?.LaunchTemplateId ?? '';
      for (let count = 0; count < 2; count++) await addVersion(harness, id);
      await modify(harness, id, '2');
      const answer = await harness.aws.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id }));
      expectMembers(answer.LaunchTemplate, {
        DefaultVersionNumber: 2,
        LatestVersionNumber: 3,
        Operator: part(fact.response, 'LaunchTemplate', 'Operator'),
      });
      expectAbsent(answer.LaunchTemplate ?? {}, fact.response?.absent);
    },
    'ec2-105': async (harness, fact) => await expectError(versions(harness, fact.request), fact),
    'ec2-106': async (harness, fact) => {
      const LaunchTemplateId = await template(harness);
      await expectError(versions(harness, { LaunchTemplateId, LaunchTemplateName: 'web' }), fact);
    },
    'ec2-107': async (harness, fact) => {
      const LaunchTemplateId = await template(harness);
      await expectError(versions(harness, { LaunchTemplateId, ...fact.request }), fact);
      await expectError(versions(harness, { LaunchTemplateId, Versions: ['x'] }), fact);
    },
    'ec2-108': async (harness, fact) => {
      const LaunchTemplateId = await template(harness);
      const request = { ...fact.request, LaunchTemplateName: 'web' };
      await expectError(versions(harness, request), fact, { 'lt-id': LaunchTemplateId });
    },
    'ec2-109': async (harness, fact) => {
      const LaunchTemplateId = await withVersions(harness, 4);
      const found = (await versions(harness, { LaunchTemplateId })).LaunchTemplateVersions ?? [];
      const order = found.map(({ VersionNumber }) => VersionNumber).join(', ');
      expect(fact.response?.order).toBe(`descending by VersionNumber: ${order}`);
      for (const version of found) {
        expectMembers(version, { Operator: part(fact.response, 'Operator') });
        expectAbsent(version, ['VersionDescription']);
      }
    },
    'ec2-110': async (harness, fact) => {
      const LaunchTemplateId = await withVersions(harness, 3);
      const page = await versions(harness, { LaunchTemplateId, ...fact.request });
      expect(page.LaunchTemplateVersions?.map(({ VersionNumber }) => VersionNumber)).toEqual([3]);
      expectPresent(page, Object.keys(fact.response ?? {}));
      const { NextToken } = page;
      expect(await numbers(harness, { LaunchTemplateId, ...fact.request, NextToken })).toEqual([2]);
    },
    'ec2-111': async (harness, fact) => {
      const LaunchTemplateId = await withVersions(harness, 2);
      const { LaunchTemplateVersions = [] } = await versions(harness, { LaunchTemplateId, ...fact.request });
      expect(fact.response).toEqual({ LaunchTemplateVersions: 'three equal entries' });
      expect(LaunchTemplateVersions).toHaveLength(3);
      for (const version of LaunchTemplateVersions) expect(version).toEqual(LaunchTemplateVersions[0]);
    },
    'ec2-112': async (harness, fact) => {
      const id = await withVersions(harness, 2);
      const other = await template(harness, { KeyName: 'key' }, 'other');
      const { LaunchTemplateVersions } = await versions(harness, fact.request);
      expect(LaunchTemplateVersions).toMatchObject([
        { LaunchTemplateId: id, VersionNumber: 1 },
        { LaunchTemplateId: other, VersionNumber: 1 },
      ]);
    },
    'ec2-113': async (harness, fact) => {
      await template(harness);
      await expectError(versions(harness, fact.request), fact);
    },
    'ec2-114': async (harness, fact) => {
      const answer = await movesDefault(harness, fact, 4);
      const { CreateTime, ...members } = part(fact.response, 'LaunchTemplate') as Record<string, unknown>;
      expectMembers(answer, members);
      expect(answer?.CreateTime).toEqual(new Date(String(CreateTime)));
    },
    'ec2-115': async (harness, fact) => {
      const id = await withVersions(harness, 3);
      await modify(harness, id, '2', 'once');
      expect((await modify(harness, id, '2', 'once')).LaunchTemplate?.DefaultVersionNumber).toBe(2);
      await expectError(modify(harness, id, String(fact.request.DefaultVersion), 'once'), fact);
    },
    'ec2-116': async (harness, fact) => await deletesNothing(harness, fact, ['$Default']),
    'ec2-117': async (harness, fact) => {
      await deletesNothing(harness, fact, ['1', 'x']);
      for (const version of ['0', '-1']) {
        const id = await template(harness, undefined, `web${version}`);
        await expect(remove(harness, id, [version])).rejects.toThrow(`Invalid value for version: ${version}`);
      }
    },
    'ec2-118': async (harness, fact) => {
      const id = await withVersions(harness, 3);
      const { $metadata: _metadata, ...answer } = await remove(
        harness,
        id,
        part(fact.request, 'Versions') as string[],
      );
      expect(answer).toEqual(withIds(fact.response, { 'lt-EXAMPLE': id, '{name}': 'web' }));
    },
    'ec2-119': async (harness, fact) => {
      const id = await withVersions(harness, 3);
      await remove(harness, id, part(fact.request, 'Versions') as string[]);
      const { LaunchTemplates } = await describing(harness, { LaunchTemplateIds: [id] });
      expectMembers(LaunchTemplates?.[0], part(fact.response, 'DescribeLaunchTemplates'));
      expect(fact.response?.$Latest).toBe('version 2');
      expect(await numbers(harness, { LaunchTemplateId: id, Versions: ['$Latest'] })).toEqual([2]);
      const next = await addVersion(harness, id);
      expectMembers(next.LaunchTemplateVersion, part(fact.response, 'next CreateLaunchTemplateVersion'));
    },
    'asg-ec2-004': async (harness, fact) => {
      const answer = await movesDefault(harness, fact, 2);
      const { CreateTime, ...members } = fact.response ?? {};
      expectMembers(answer, members);
      expect(answer?.CreateTime).toEqual(new Date(String(CreateTime)));
    },
    'asg-ec2-005': async (harness, fact) => {
      const data: RequestLaunchTemplateData = {
        InstanceType: 't3.micro',
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8 } }],
      };
      const TagSpecifications = [
        { ResourceType: 'instance' as const, Tags: [{ Key: 'shared', Value: 'template' }] },
      ];
      const answer = await addVersion(harness, await template(harness, data), {
        LaunchTemplateData: { TagSpecifications },
      });
      const { LaunchTemplateData, ...members } = part(fact.response, 'LaunchTemplateVersion') as Record<
        string,
        unknown
      >;
      expectMembers(answer.LaunchTemplateVersion, members);
      expect(LaunchTemplateData).toBe('all fields of version 1 plus the new TagSpecifications');
      expect(answer.LaunchTemplateVersion?.LaunchTemplateData).toEqual({ ...data, TagSpecifications });
      expectAbsent({ ...answer, ...answer.LaunchTemplateVersion }, fact.response?.fields_absent);
    },
    'asg-ec2-006': async (harness, fact) => {
      const LaunchTemplateId = await template(harness);
      await harness.aws.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId }));
      await expectError(describing(harness, { LaunchTemplateIds: [LaunchTemplateId] }), fact);
    },
  },
  cannotHold: {},
};
