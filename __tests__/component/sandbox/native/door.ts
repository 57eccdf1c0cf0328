import {
  CreateAutoScalingGroupCommand,
  SetDesiredCapacityCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, RegisterImageCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from '@jest/globals';
import { publicImage } from '../../../../sandbox/scene.ts';
import { type Aws, createAws } from '../../../../src/aws/clients.ts';
import { type Harness, REGION } from '../../../support/harness.ts';
import { webIdentityToken } from '../../../support/web-identity.ts';
import { post, query } from '../door/wire.ts';
import { expectError, expectMembers, expectPresent, type Fact, type FactTable, pattern } from './fact.ts';

/** The front door: wire formats, and who may do what. */
export const door: FactTable = {
  checks: {
    'ec2-001': async ({ sandbox }, fact) => {
      const answer = await post(sandbox, query('DescribeImages', { 'ImageId.1': 'ami-0000000000000000f' }));
      expect(answer.status).toBe(fact.status);
      const { body, headers } = wireOf(fact);
      const id = answer.headers['x-amzn-requestid'] ?? '';
      expect(answer.body).toMatch(pattern(body, { id, code: 'InvalidAMIID.NotFound' }));
      for (const name of ['content-type', 'server', 'cache-control'])
        expect([name, answer.headers[name]]).toEqual([name, headers[name]]);
      expect(headers['x-amzn-requestid']).toBe('same id as RequestID');
      expect(headers.connection).toBe(`${answer.headers.connection} (on 400, not on 412)`);
      const dryRun = await post(sandbox, query('DescribeImages', { DryRun: 'true' }));
      expect([dryRun.status, dryRun.headers.connection]).toEqual([412, 'keep-alive']);
    },
    'ec2-002': async (harness, { response = {} }) => {
      const { sandbox } = harness;
      const tag = { 'ResourceId.1': publicImage(sandbox, REGION), 'Tag.1.Key': 'k', 'Tag.1.Value': 'v' };
      const created = await post(sandbox, query('CreateTags', tag));
      expect(oneLine(created.body)).toMatch(pattern(String(response.CreateTags)));
      const deleted = await post(sandbox, query('DeleteTags', tag));
      const start = String(response.DeleteTags)
        .replace(' ...>', ' {xmlns}>')
        .replace('<requestId/>', '<requestId>{id}</requestId>');
      expect(oneLine(deleted.body)).toMatch(pattern(`${start}</DeleteTagsResponse>`));
      const group = await post(
        sandbox,
        query('CreateSecurityGroup', { GroupName: 'g', GroupDescription: 'd' }),
      );
      expect(response.CreateSecurityGroup).toBe('has <return>true</return> before groupId');
      expect(group.body).toMatch(/<return>true<\/return><groupId>/);
      const pair = await post(sandbox, query('CreateKeyPair', { KeyName: 'k' }));
      expect(response.CreateKeyPair).toBe('has no <return>');
      expect(pair.body).not.toContain('<return>');
    },
    'ec2-003': async (harness, fact) => {
      const snapshot = await aSnapshot(harness);
      const policy = allow(['ec2:RegisterImage'], `arn:aws:ec2:${REGION}::image/*`);
      const caller = await session(harness, policy);
      const register = caller.ec2.send(
        new RegisterImageCommand({
          Name: 'copy',
          RootDeviceName: '/dev/xvda',
          BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: snapshot } }],
        }),
      );
      await expectError(register, fact, {
        account: '123456789012',
        role: 'deploy',
        session: 'check',
        Action: 'RegisterImage',
        arn: `arn:aws:ec2:${REGION}::snapshot/${snapshot}`,
      });
    },
    'ec2-014': async (harness, fact) => {
      const image = publicImage(harness.sandbox, REGION);
      // Everything but the image, whose ARN has no account.
      const caller = await session(harness, allow(['ec2:RunInstances'], 'arn:aws:ec2:*:123456789012:*'));
      const run = caller.ec2.send(
        new RunInstancesCommand({
          ...fact.request,
          ImageId: image,
          InstanceType: 't3.micro',
          MinCount: 1,
          MaxCount: 1,
        }),
      );
      await expectError(run, fact, {
        arn: 'arn:aws:sts::123456789012:assumed-role/deploy/check',
        'image-id': image,
      });
    },
    'ec2-155': async ({ sandbox }, { status, response = {} }) => {
      const call = (operation: string, input: object) =>
        post(sandbox, JSON.stringify(input), {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `AmazonSSM.${operation}`,
        });
      const refused = await call('PutParameter', { Name: '/a' });
      expect(refused.status).toBe(status);
      expect(refused.body).toMatch(pattern(String(response.body), { Code: 'ValidationException' }));
      expect(response['upper-case Message']).toContain('InvalidNextToken');
      const token = await call('DescribeParameters', { NextToken: 'x' });
      expect(Object.keys(JSON.parse(token.body))).toEqual(['__type', 'Message']);
      expect(response['no message member']).toContain('ParameterNotFound');
      const missing = await call('GetParameter', { Name: '/none' });
      expect(JSON.parse(missing.body)).toEqual({ __type: 'ParameterNotFound' });
    },
    'asg-074': async (harness, fact) => {
      const id = await aTemplate(harness);
      harness.sandbox.aws.iam.load({ '*': withoutLaunch });
      await expectError(createGroup(harness, id, fact.request), named(fact, id));
      // The note: a missing iam:PassRole has the same text.
      harness.sandbox.aws.iam.load({ '*': withoutPassRole });
      await expectError(createGroup(harness, id, fact.request), named(fact, id));
    },
    'asg-075': async (harness, fact) => {
      await aGroupOfSomebodyWithoutLaunch(harness);
      const { aws } = harness;
      const answer = await aws.autoScaling.send(
        new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'dev', ...fact.request }),
      );
      expect(answer.$metadata.httpStatusCode).toBe(fact.status);
      expectMembers(answer, fact.response);
    },
    'asg-076': async (harness, fact) => {
      const LaunchTemplateId = await aGroupOfSomebodyWithoutLaunch(harness);
      const Version = String(Reflect.get(Object(fact.request.LaunchTemplate), 'Version'));
      const update = new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: 'dev',
        LaunchTemplate: { LaunchTemplateId, Version },
      });
      await expectError(harness.aws.autoScaling.send(update), named(fact, LaunchTemplateId));
    },
    'asg-077': async (harness, fact) => {
      await aGroupOfSomebodyWithoutLaunch(harness);
      const { aws, sandbox } = harness;
      const answer = await aws.autoScaling.send(
        new SetDesiredCapacityCommand({
          AutoScalingGroupName: 'dev',
          DesiredCapacity: Number(fact.request.DesiredCapacity),
        }),
      );
      expect(answer.$metadata.httpStatusCode).toBe(fact.status);
      sandbox.clock.advance(60_000);
      // The launch runs under the service-linked role, whatever the caller may do.
      expect(sandbox.world.region(REGION).state.groups.get('dev')?.members).toHaveLength(1);
    },
  },
  cannotHold: {},
};

function wireOf({ response = {} }: Fact): { body: string; headers: Record<string, string> } {
  expectPresent(response, ['body', 'headers']);
  return { body: String(response.body), headers: Object(response.headers) };
}

const oneLine = (body: string) => body.replace(/^<\?xml[^>]*>\n?/, '');

/** The facts write `lt-EXAMPLE` for the template of their scene. */
function named(fact: Fact, id: string): Fact {
  if (!fact.error) throw new Error(`${fact.id} has no error.`);
  return { ...fact, error: { ...fact.error, message: fact.error.message.replace('lt-EXAMPLE', id) } };
}

const allow = (Action: string[], Resource: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
});

const withoutLaunch = allow(['autoscaling:*', 'ec2:Describe*', 'ec2:CreateTags', 'iam:PassRole'], '*');
const withoutPassRole = allow(['autoscaling:*', 'ec2:*'], '*');

/** Clients with the credentials of a role that was assumed with this session policy. */
async function session({ sandbox, aws }: Harness, policy: object): Promise<Aws> {
  const { Credentials } = await aws.sts.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: 'arn:aws:iam::123456789012:role/deploy',
      RoleSessionName: 'check',
      WebIdentityToken: webIdentityToken(),
      Policy: JSON.stringify(policy),
    }),
  );
  return createAws({
    region: REGION,
    endpoint: sandbox.url,
    attempts: 1,
    credentials: async () => ({
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
      expiration: new Date(Date.now() + 3_600_000),
    }),
  });
}

async function aSnapshot({ sandbox, aws }: Harness): Promise<string> {
  const image = publicImage(sandbox, REGION);
  await aws.ec2.send(
    new RunInstancesCommand({ ImageId: image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
  );
  const [instance] = sandbox.world.region(REGION).state.instances.keys();
  const made = await post(sandbox, query('CreateImage', { InstanceId: instance ?? '', Name: 'original' }));
  expect(made.status).toBe(200);
  sandbox.clock.advance(120_000);
  return [...sandbox.world.region(REGION).state.snapshots.keys()].at(-1) ?? '';
}

async function aTemplate({ sandbox, aws }: Harness): Promise<string> {
  const { LaunchTemplate } = await aws.ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'dev',
      LaunchTemplateData: {
        ImageId: publicImage(sandbox, REGION),
        InstanceType: 't3.micro',
        IamInstanceProfile: { Name: 'web' },
      },
    }),
  );
  return LaunchTemplate?.LaunchTemplateId ?? '';
}

function createGroup({ aws }: Harness, LaunchTemplateId: string, request: object) {
  return aws.autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'dev',
      LaunchTemplate: { LaunchTemplateId, Version: '1' },
      MinSize: 0,
      MaxSize: 2,
      AvailabilityZones: [`${REGION}a`],
      ...request,
    }),
  );
}

/** Returns the group's launch template. */
async function aGroupOfSomebodyWithoutLaunch(harness: Harness): Promise<string> {
  const id = await aTemplate(harness);
  await createGroup(harness, id, { DesiredCapacity: 0 });
  harness.sandbox.aws.iam.load({ '*': withoutLaunch });
  return id;
}
