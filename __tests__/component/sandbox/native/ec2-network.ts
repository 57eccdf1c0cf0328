import { createHash, createPrivateKey } from 'node:crypto';
import {
  CreateKeyPairCommand,
  type CreateKeyPairRequest,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeKeyPairsCommand,
  type DescribeKeyPairsRequest,
  DescribeSecurityGroupsCommand,
  type DescribeSecurityGroupsRequest,
} from '@aws-sdk/client-ec2';
import { expect } from '@jest/globals';
import type { Harness } from '../../../support/harness.ts';
import { describeImage, part, registered } from './ec2-scene.ts';
import { type Check, expectAbsent, expectError, expectMembers, type FactTable } from './fact.ts';

const key = ({ aws }: Harness, request: Partial<CreateKeyPairRequest> = {}) =>
  aws.ec2.send(new CreateKeyPairCommand({ KeyName: 'there', ...request }));

const describing = ({ aws }: Harness, request: DescribeKeyPairsRequest) =>
  aws.ec2.send(new DescribeKeyPairsCommand(request));

/** CreateKeyPair with the fact's own request is refused. */
const refusesKey: Check = async (harness, fact) => await expectError(key(harness, fact.request), fact);

const group = ({ aws }: Harness, GroupName: string, tags: Readonly<Record<string, string>> = {}) => {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return aws.ec2.send(
    new CreateSecurityGroupCommand({
      GroupName,
      Description: 'text',
      ...(Tags.length > 0 ? { TagSpecifications: [{ ResourceType: 'security-group', Tags }] } : {}),
    }),
  );
};

const groups = ({ aws }: Harness, request: DescribeSecurityGroupsRequest) =>
  aws.ec2.send(new DescribeSecurityGroupsCommand(request));

export const ec2Network: FactTable = {
  checks: {
    'ec2-005': async (harness, fact) => {
      await key(harness);
      await expectError(key(harness, fact.request), fact);
      await expectError(key(harness, { DryRun: true }), fact);
    },
    'ec2-006': async (harness, fact) => await expectError(describing(harness, fact.request), fact),
    'ec2-136': refusesKey,
    'ec2-137': refusesKey,
    'ec2-138': async (harness, fact) => {
      await key(harness, { KeyName: 'k'.repeat(255) });
      await expectError(key(harness, { KeyName: 'k'.repeat(256) }), fact);
    },
    'ec2-139': refusesKey,
    'ec2-140': async (harness, fact) => {
      await refusesKey(harness, fact);
      const KeyFormat = 'der' as 'pem';
      await expect(key(harness, { KeyFormat })).rejects.toThrow(
        /'keyFormat' .+ enum value set: \[ppk, pem\]$/,
      );
    },
    'ec2-141': refusesKey,
    'ec2-142': async (harness, fact) => {
      const rsa = await key(harness, { KeyType: 'rsa' });
      const header = String(part(fact.response, 'rsa pem header')).split(',')[0] ?? '';
      expect(rsa.KeyMaterial?.startsWith(`${header}\n`)).toBe(true);
      const privateKey = createPrivateKey(rsa.KeyMaterial ?? '');
      expect(privateKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
      const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
      expect(rsa.KeyFingerprint?.replaceAll(':', '')).toBe(createHash('sha1').update(pkcs8).digest('hex'));
      expectAbsent(rsa, fact.response?.absent);

      const edwards = await key(harness, { KeyName: 'edwards', KeyType: 'ed25519' });
      expect(edwards.KeyMaterial?.split('\n')[0]).toBe(part(fact.response, 'ed25519 pem header'));
      const { KeyPairs } = await describing(harness, { KeyNames: ['edwards'], IncludePublicKey: true });
      const blob = Buffer.from(KeyPairs?.[0]?.PublicKey?.split(' ')[1] ?? '', 'base64');
      expect(edwards.KeyFingerprint).toBe(createHash('sha256').update(blob).digest('base64'));
      const lines = edwards.KeyMaterial?.split('\n').slice(1, -2).join('') ?? '';
      // The private key's file has the public key in it.
      expect(Buffer.from(lines, 'base64').includes(blob)).toBe(true);
    },
    'ec2-144': async (harness, fact) => {
      await key(harness);
      await expectError(describing(harness, fact.request), fact, { name: 'missing' });
    },
    'ec2-145': async (harness, fact) => {
      await expectError(describing(harness, fact.request), fact);
      const zeros = 'key-00000000000000000';
      await expect(describing(harness, { KeyPairIds: [zeros] })).rejects.toThrow(
        `Invalid value '${zeros}' for keyPairId.`,
      );
    },
    'ec2-146': async (harness, fact) => {
      await key(harness, { KeyName: 'a' });
      const { KeyPairs } = await describing(harness, fact.request);
      expect(KeyPairs).toHaveLength((part(fact.response, 'KeyPairs') as unknown[]).length);
    },
    'ec2-147': async (harness, fact) => {
      await key(harness);
      const { KeyPairs } = await describing(harness, fact.request);
      expect({ KeyPairs }).toEqual(fact.response);
      const apart = { KeyNames: ['there'], Filters: [{ Name: 'key-name', Values: ['elsewhere'] }] };
      expect({ KeyPairs: (await describing(harness, apart)).KeyPairs }).toEqual(fact.response);
    },
    'ec2-148': async (harness, fact) => {
      const one = await key(harness, {
        TagSpecifications: [{ ResourceType: 'key-pair', Tags: [{ Key: 'team', Value: 'blue' }] }],
      });
      await key(harness, { KeyName: 'other' });
      for (const [Name, value] of [
        ['key-name', 'the*'],
        ['key-pair-id', one.KeyPairId],
        ['fingerprint', one.KeyFingerprint],
        ['tag:team', 'blue'],
        ['tag-key', 'team'],
      ] as const) {
        const { KeyPairs } = await describing(harness, { Filters: [{ Name, Values: [value ?? ''] }] });
        expect([Name, KeyPairs?.map(({ KeyName }) => KeyName)]).toEqual([Name, ['there']]);
        expectAbsent(KeyPairs?.[0] ?? {}, ['PublicKey']);
      }
      const { KeyPairs } = await describing(harness, { KeyNames: ['there'], IncludePublicKey: true });
      expect(KeyPairs?.[0]?.PublicKey).toMatch(/^ssh-rsa [A-Za-z0-9+/=]+ there\n?$/);
      await expectError(describing(harness, { Filters: [{ Name: 'key-type', Values: ['rsa'] }] }), fact);
    },
    'ec2-149': async (harness, fact) => {
      const { imageId } = await registered(harness);
      const tag = (...Tags: { Key: string; Value: string }[]) =>
        harness.aws.ec2.send(new CreateTagsCommand({ Resources: [imageId], Tags }));
      await tag({ Key: 'Name', Value: 'first' }, { Key: 'suite', Value: 'native' });
      const before = (await describeImage(harness, imageId)).Tags?.map(({ Key }) => Key);
      await tag(...(fact.request.Tags as { Key: string; Value: string }[]));
      expect(fact.response?.['tag order']).toBe('unchanged, value replaced');
      const { Tags } = await describeImage(harness, imageId);
      expect(Tags?.map(({ Key }) => Key)).toEqual(before);
      expect(Tags).toContainEqual(part(fact.request, 'Tags', 0));
    },
    'ec2-150': async (harness, fact) => {
      const { imageId } = await registered(harness);
      const Resources = [imageId];
      const Tags = [
        { Key: 'Name', Value: 'x' },
        { Key: 'kept', Value: 'y' },
      ];
      await harness.aws.ec2.send(new CreateTagsCommand({ Resources, Tags }));
      const gone = fact.request.Tags as { Key: string }[];
      await harness.aws.ec2.send(new DeleteTagsCommand({ Resources, Tags: gone }));
      expect((await describeImage(harness, imageId)).Tags).toEqual([{ Key: 'kept', Value: 'y' }]);
    },
    'ec2-151': async (harness, fact) => {
      const bare = await group(harness, 'bare');
      const { GroupId, SecurityGroupArn } = fact.response ?? {};
      expect(GroupId).toBe('sg-EXAMPLE');
      expect(bare.GroupId).toMatch(/^sg-0[0-9a-f]{16}$/);
      expectMembers(bare, { SecurityGroupArn }, { account: '123456789012', 'sg-id': bare.GroupId ?? '' });
      expectAbsent(bare, ['Tags']);
      const tagged = await group(harness, 'tagged', { team: 'blue' });
      expect(tagged.Tags).toEqual([{ Key: 'team', Value: 'blue' }]);
    },
    'ec2-152': async (harness, fact) => {
      const { GroupId = '' } = await group(harness, 'new');
      const { SecurityGroups = [] } = await groups(harness, {});
      const made = SecurityGroups.find((one) => one.GroupId === GroupId);
      expect(made).toMatchObject(part(fact.response, 'new') as object);
      const given = SecurityGroups.find((one) => one.GroupName === 'default');
      const { absent, ...members } = part(fact.response, 'default') as Record<string, unknown>;
      const itself = JSON.parse(JSON.stringify(members).replaceAll('"itself"', `"${given?.GroupId}"`));
      expectMembers(given, itself, { account: '123456789012' });
      expectAbsent(given ?? {}, absent);
    },
    'ec2-153': async (harness, fact) => {
      for (let number = 0; number < 6; number++) await group(harness, `g${number}`, { suite: 'native' });
      const Filters = [{ Name: 'tag:suite', Values: ['native'] }];
      const first = await groups(harness, { Filters, MaxResults: Number(fact.request.MaxResults) });
      expect(part(fact.response, 'first page')).toBe(`${first.SecurityGroups?.length} items and NextToken`);
      const token = Buffer.from(first.NextToken ?? '', 'base64').toString();
      expect(typeof JSON.parse(token)).toBe('object');
      const second = await groups(harness, { Filters, MaxResults: 5, NextToken: first.NextToken });
      const names = [...(first.SecurityGroups ?? []), ...(second.SecurityGroups ?? [])].map(
        ({ GroupName }) => GroupName,
      );
      expect(names.sort()).toEqual(['g0', 'g1', 'g2', 'g3', 'g4', 'g5']);
      expectAbsent(second, ['NextToken']);
    },
    'ec2-154': async (harness, fact) => {
      for (let number = 0; number < 6; number++) await group(harness, `g${number}`);
      const { NextToken } = await groups(harness, { MaxResults: 5 });
      const Filters = [{ Name: String(part(fact.request, 'Filters', 0, 'Name')), Values: ['x'] }];
      const refused = groups(harness, { Filters, MaxResults: 5, NextToken });
      await expectError(refused, fact);
      // What is inside the token is told, not the token.
      await expect(refused).rejects.not.toThrow(NextToken ?? '');
    },
  },
  cannotHold: {},
};
