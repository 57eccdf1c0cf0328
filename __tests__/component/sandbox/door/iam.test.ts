import { CreateAutoScalingGroupCommand, StartInstanceRefreshCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  RegisterImageCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { PublishCommand } from '@aws-sdk/client-sns';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { authorization } from '../../../../sandbox/iam/authorization.ts';
import { addGroup, addImage, publicImage } from '../../../../sandbox/scene.ts';
import { services } from '../../../../sandbox/services/index.ts';
import { createAws } from '../../../../src/aws/clients.ts';
import { type Harness, REGION, startHarness } from '../../../support/harness.ts';
import { webIdentityToken } from '../../../support/web-identity.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

type Statement = Readonly<Record<string, unknown>>;
const allow = (Action: string | string[], Resource = '*', Condition?: object): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition ? { Condition } : {}),
});
const deny = (Action: string, Resource: string, Condition?: object): Statement => ({
  ...allow(Action, Resource, Condition),
  Effect: 'Deny',
});
/** From now on everybody has this policy. */
const permit = (...Statement: Statement[]) =>
  harness.sandbox.aws.iam.load({ '*': { Version: '2012-10-17', Statement } });

const IMAGE = `arn:aws:ec2:${REGION}::image/`;
const tag = (id: string, key: string, value = 'x') =>
  harness.aws.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: key, Value: value }] }));
const refused = (work: Promise<unknown>) => expect(work).rejects.toThrow(/not authorized/);

describe('without policies', () => {
  test('everybody may do everything', async () => {
    await tag(publicImage(harness.sandbox, REGION), 'a');
  });

  test('who has none may do everything, also when others have some', async () => {
    harness.sandbox.aws.iam.load({ AKIAOTHER: { Statement: deny('*', '*') } });
    await tag(publicImage(harness.sandbox, REGION), 'a');
  });
});

describe('actions and resources', () => {
  test('what no statement allows is refused in the words of each service', async () => {
    permit(allow('s3:*'));
    const { ec2, elb, ssm, sns, sts } = harness.aws;
    const user = 'User: arn:aws:iam::123456789012:user/sandbox is not authorized to perform:';
    const why = (action: string) => `because no identity-based policy allows the ${action} action`;
    await expect(ec2.send(new DescribeImagesCommand({}))).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
      message: expect.stringMatching(
        `^You are not authorized to perform this operation. ${user} ec2:DescribeImages on resource: \\* ${why('ec2:DescribeImages')}. Encoded authorization failure message: [\\w-]+$`,
      ),
      $metadata: expect.objectContaining({ httpStatusCode: 403 }),
    });
    const describeTargets = 'elasticloadbalancing:DescribeTargetGroups';
    await expect(elb.send(new DescribeTargetGroupsCommand({}))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `${user} ${describeTargets} on resource: * ${why(describeTargets)}`,
      $metadata: expect.objectContaining({ httpStatusCode: 403 }),
    });
    await expect(ssm.send(new GetParameterCommand({ Name: '/a/b' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `${user} ssm:GetParameter on resource: arn:aws:ssm:${REGION}:123456789012:parameter/a/b ${why('ssm:GetParameter')}`,
    });
    const TopicArn = `arn:aws:sns:${REGION}:123456789012:news`;
    await expect(sns.send(new PublishCommand({ TopicArn, Message: 'm' }))).rejects.toMatchObject({
      message: `${user} sns:Publish on resource: ${TopicArn} ${why('sns:Publish')}`,
    });
    // Who one is may always be asked.
    await sts.send(new GetCallerIdentityCommand({}));
  });

  test('wildcards, and a denial that beats an allowance', async () => {
    const id = await addImage(harness.sandbox, harness.aws, 'shop');
    permit(allow('ec2:*tags', `${IMAGE}${id.slice(0, 8)}*`), deny('ec2:DeleteT?gs', '*'));
    await tag(id, 'a');
    const remove = harness.aws.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'a' }] }));
    await expect(remove).rejects.toThrow(/with an explicit deny in an identity-based policy/);
    await refused(tag(publicImage(harness.sandbox, REGION), 'a'));
  });

  test('NotAction and NotResource', async () => {
    const id = await addImage(harness.sandbox, harness.aws, 'shop');
    permit({
      Effect: 'Allow',
      NotAction: 'ec2:Deregister*',
      NotResource: `${IMAGE}${publicImage(harness.sandbox, REGION)}`,
    });
    await tag(id, 'a');
    await refused(tag(publicImage(harness.sandbox, REGION), 'a'));
    await refused(harness.aws.ec2.send(new DeregisterImageCommand({ ImageId: id })));
  });

  test('every resource of a call has to be allowed', async () => {
    const ImageId = publicImage(harness.sandbox, REGION);
    const run = () =>
      harness.aws.ec2.send(
        new RunInstancesCommand({ ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
      );
    const account = `arn:aws:ec2:${REGION}:123456789012:`;
    const all = ['instance', 'network-interface', 'security-group', 'subnet', 'volume'].map(
      (kind) => `${account}${kind}/*`,
    );
    permit(allow('ec2:RunInstances', `${IMAGE}*`), ...all.map((arn) => allow('ec2:RunInstances', arn)));
    await run();
    for (const missing of all) {
      permit(
        allow('ec2:RunInstances', `${IMAGE}*`),
        ...all.filter((arn) => arn !== missing).map((arn) => allow('ec2:RunInstances', arn)),
      );
      await expect(run()).rejects.toThrow(`on resource: ${missing.slice(0, -1)}`);
    }
  });

  test('permissions are looked at before a dry run is answered', async () => {
    permit(allow('ec2:Describe*'));
    const id = publicImage(harness.sandbox, REGION);
    const dry = harness.aws.ec2.send(new DeregisterImageCommand({ ImageId: id, DryRun: true }));
    await expect(dry).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
    const allowed = harness.aws.ec2.send(new DescribeImagesCommand({ DryRun: true }));
    await expect(allowed).rejects.toMatchObject({ name: 'DryRunOperation' });
  });
});

describe('conditions', () => {
  test('on the tags of the resource', async () => {
    const ours = await addImage(harness.sandbox, harness.aws, 'ours', { application: 'shop' });
    const theirs = await addImage(harness.sandbox, harness.aws, 'theirs', { application: 'bank' });
    for (const key of ['aws:ResourceTag/application', 'ec2:ResourceTag/application']) {
      permit(allow('ec2:*', '*', { StringEquals: { [key]: 'shop' } }));
      await tag(ours, 'a');
      await refused(tag(theirs, 'a'));
    }
  });

  test('on the tags in the request: a role of dev cannot mark for production', async () => {
    const id = await addImage(harness.sandbox, harness.aws, 'shop');
    permit(
      allow('ec2:CreateTags', `${IMAGE}*`, {
        'ForAllValues:StringLike': { 'aws:TagKeys': ['*:dev', 'note'] },
      }),
    );
    await tag(id, 'promoted:dev');
    await refused(tag(id, 'promoted:production'));
    permit(allow('ec2:CreateTags', `${IMAGE}*`, { StringEquals: { 'aws:RequestTag/note': ['a', 'b'] } }));
    await tag(id, 'note', 'b');
    await refused(tag(id, 'note', 'c'));
  });

  test('a key that the resource does not have', async () => {
    const id = await addImage(harness.sandbox, harness.aws, 'shop');
    const key = 'aws:ResourceTag/missing';
    const decides = async (condition: object) => {
      permit(allow('ec2:CreateTags', '*', condition));
      return await tag(id, 'a').then(
        () => true,
        () => false,
      );
    };
    expect(await decides({ StringEquals: { [key]: 'x' } })).toBe(false);
    expect(await decides({ StringEqualsIfExists: { [key]: 'x' } })).toBe(true);
    expect(await decides({ StringNotEquals: { [key]: 'x' } })).toBe(true);
    expect(await decides({ Null: { [key]: 'true' } })).toBe(true);
    expect(await decides({ Null: { [key]: 'false' } })).toBe(false);
    expect(await decides({ 'ForAnyValue:StringEquals': { [key]: 'x' } })).toBe(false);
  });

  test('on the Region, and on who owns the image', async () => {
    const id = publicImage(harness.sandbox, REGION);
    permit(allow('ec2:*', '*', { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }));
    await refused(tag(id, 'a'));
    permit(allow('ec2:*', '*', { StringEquals: { 'aws:RequestedRegion': REGION, 'ec2:Owner': 'amazon' } }));
    await tag(id, 'a');
    await refused(tag(await unowned(), 'a'));
  });

  /** An image that belongs to the account. */
  async function unowned(): Promise<string> {
    const { documents } = harness.sandbox.aws.iam;
    harness.sandbox.aws.iam.clear();
    const id = await addImage(harness.sandbox, harness.aws, 'own');
    harness.sandbox.aws.iam.load(documents);
    return id;
  }

  test('tags that are given with a new resource need CreateTags for that call', async () => {
    const { aws, sandbox } = harness;
    const ImageId = publicImage(sandbox, REGION);
    const launch = { ImageId, InstanceType: 't3.micro' as const, MinCount: 1, MaxCount: 1 };
    const { Instances: [builder] = [] } = await aws.ec2.send(new RunInstancesCommand(launch));
    const instance = builder?.InstanceId ?? '';
    sandbox.clock.advance(10_000);
    const create = (Name: string, ...kinds: ('image' | 'snapshot')[]) =>
      aws.ec2.send(
        new CreateImageCommand({
          InstanceId: instance,
          Name,
          TagSpecifications: kinds.map((ResourceType) => ({
            ResourceType,
            Tags: [{ Key: 'a', Value: 'b' }],
          })),
        }),
      );
    permit(
      allow('ec2:CreateImage'),
      allow('ec2:CreateTags', `${IMAGE}*`, { StringEquals: { 'ec2:CreateAction': 'CreateImage' } }),
    );
    await create('untagged');
    await create('tagged', 'image');
    await expect(create('both', 'image', 'snapshot')).rejects.toThrow(
      `ec2:CreateTags on resource: arn:aws:ec2:${REGION}::snapshot/*`,
    );
    // Later tagging is another matter.
    const [image = ''] = sandbox.world.region(REGION).state.images.keys();
    await refused(tag(image, 'a'));
  });

  test('RegisterImage needs nothing but itself on the image and the snapshot, and CreateTags for tags', async () => {
    const { aws, sandbox } = harness;
    await addImage(sandbox, aws, 'shop');
    const [SnapshotId = ''] = sandbox.world.region(REGION).state.snapshots.keys();
    const register = (Name: string, Tags: { Key: string; Value: string }[]) =>
      aws.ec2.send(
        new RegisterImageCommand({
          Name,
          RootDeviceName: '/dev/xvda',
          BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId } }],
          TagSpecifications: Tags.length === 0 ? [] : [{ ResourceType: 'image', Tags }],
        }),
      );
    permit(
      allow('ec2:RegisterImage', `${IMAGE}*`),
      allow('ec2:RegisterImage', `arn:aws:ec2:${REGION}::snapshot/${SnapshotId}`),
    );
    await register('bare', []);
    await expect(register('tagged', [{ Key: 'a', Value: 'b' }])).rejects.toThrow(
      `ec2:CreateTags on resource: ${IMAGE}*`,
    );
  });

  test('a launch through a template can be told from another', async () => {
    const { aws, sandbox } = harness;
    const ImageId = publicImage(sandbox, REGION);
    const { LaunchTemplate } = await aws.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'dev',
        LaunchTemplateData: { ImageId, InstanceType: 't3.micro' },
      }),
    );
    const run = (more: object) =>
      aws.ec2.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1, ...more }));
    const named = { LaunchTemplate: { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId } };
    const templates = `arn:aws:ec2:${REGION}:123456789012:launch-template/*`;
    permit(allow('ec2:RunInstances', '*', { ArnLike: { 'ec2:LaunchTemplate': templates } }));
    await run(named);
    await refused(run({ ImageId, InstanceType: 't3.micro' }));
    permit(
      allow('ec2:RunInstances'),
      deny('ec2:RunInstances', `${IMAGE}*`, { Bool: { 'ec2:IsLaunchTemplateResource': 'false' } }),
    );
    await run(named);
    await refused(run({ ...named, ImageId: await theOtherImage() }));
  });

  async function theOtherImage(): Promise<string> {
    const { documents } = harness.sandbox.aws.iam;
    harness.sandbox.aws.iam.clear();
    const id = await addImage(harness.sandbox, harness.aws, 'other');
    harness.sandbox.aws.iam.load(documents);
    return id;
  }
});

describe('Auto Scaling', () => {
  test('a refresh is allowed by the tags of its group, and tries the launch with the rights of the caller', async () => {
    const { aws, sandbox } = harness;
    const ImageId = publicImage(sandbox, REGION);
    const options = { imageId: ImageId, size: 0, tags: { environment: 'dev' } };
    const { launchTemplateId } = await addGroup(sandbox, aws, { name: 'dev', ...options });
    const start = (LaunchTemplateId?: string) =>
      aws.autoScaling.send(
        new StartInstanceRefreshCommand({
          AutoScalingGroupName: 'dev',
          ...(LaunchTemplateId === undefined
            ? {}
            : { DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId, Version: '1' } } }),
        }),
      );
    const dev = { StringEquals: { 'autoscaling:ResourceTag/environment': 'dev' } };
    const production = { StringEquals: { 'aws:ResourceTag/environment': 'production' } };
    permit(allow('autoscaling:*', '*', production), allow('ec2:*'));
    await expect(start(launchTemplateId)).rejects.toThrow(
      /autoscaling:StartInstanceRefresh on resource: arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:[0-9a-f-]{36}:autoScalingGroupName\/dev because/,
    );
    permit(allow('autoscaling:*', '*', dev));
    await expect(start(launchTemplateId)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `You are not authorized to use launch template: ${launchTemplateId}`,
    });
    permit(allow('autoscaling:*', '*', dev), allow('ec2:RunInstances'));
    await start(launchTemplateId);
  });

  test('a template with a role and with tags needs iam:PassRole for EC2 and ec2:CreateTags', async () => {
    const { aws } = harness;
    const { LaunchTemplate } = await aws.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'dev',
        LaunchTemplateData: {
          ImageId: publicImage(harness.sandbox, REGION),
          InstanceType: 't3.micro',
          IamInstanceProfile: { Arn: 'arn:aws:iam::123456789012:instance-profile/web' },
          TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a', Value: 'b' }] }],
        },
      }),
    );
    const create = (name: string) =>
      aws.autoScaling.send(
        new CreateAutoScalingGroupCommand({
          AutoScalingGroupName: name,
          LaunchTemplate: { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId, Version: '1' },
          MinSize: 0,
          MaxSize: 1,
          AvailabilityZones: [`${REGION}a`],
        }),
      );
    const needed = [
      allow('ec2:RunInstances'),
      allow('iam:PassRole', 'arn:aws:iam::123456789012:role/web', {
        StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' },
      }),
      allow('ec2:CreateTags', `arn:aws:ec2:${REGION}:*:instance/*`, {
        StringEquals: { 'ec2:CreateAction': 'RunInstances' },
      }),
    ];
    for (const [index] of needed.entries()) {
      permit(allow('autoscaling:*'), ...needed.toSpliced(index, 1));
      await expect(create('dev')).rejects.toThrow('You are not authorized to use launch template');
    }
    permit(allow('autoscaling:*'), ...needed);
    await create('dev');
  });
});

describe('principals', () => {
  test('an assumed role has the policies of the role, and its session may do less', async () => {
    const { sandbox, aws } = harness;
    const as = async (policy?: object) => {
      const { Credentials } = await aws.sts.send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: 'arn:aws:iam::123456789012:role/deploy',
          RoleSessionName: 'run-1',
          WebIdentityToken: webIdentityToken(),
          ...(policy ? { Policy: JSON.stringify(policy) } : {}),
        }),
      );
      const credentials = async () => ({
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
        expiration: new Date(Date.now() + 3_600_000),
      });
      return createAws({ region: REGION, endpoint: sandbox.url, attempts: 1, credentials }).ec2;
    };
    sandbox.aws.iam.load({ deploy: { Statement: allow('ec2:Describe*') } });
    const id = publicImage(sandbox, REGION);
    const tagging = new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: 'b' }] });
    const role = await as();
    await role.send(new DescribeImagesCommand({}));
    await expect(role.send(tagging)).rejects.toThrow(
      'User: arn:aws:sts::123456789012:assumed-role/deploy/run-1 is not authorized to perform: ec2:CreateTags',
    );
    const narrowed = await as({ Version: '2012-10-17', Statement: [allow('ec2:CreateTags')] });
    await expect(narrowed.send(new DescribeImagesCommand({}))).rejects.toThrow('no session policy allows');
    await refused(narrowed.send(tagging));
    // The one who set the scene has no policies.
    await aws.ec2.send(tagging);
  });
});

test.each([
  ['{', 'The session policy is no JSON'],
  [
    JSON.stringify({ Statement: { Effect: 'Allow', Action: 'x', Resource: '*' } }),
    'The session policy, Statement',
  ],
])('a session policy that cannot be read is malformed: %s', async (Policy, sentence) => {
  const assume = harness.aws.sts.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: 'arn:aws:iam::123456789012:role/deploy',
      RoleSessionName: 'run-1',
      WebIdentityToken: webIdentityToken(),
      Policy,
    }),
  );
  await expect(assume).rejects.toMatchObject({
    name: 'MalformedPolicyDocumentException',
    message: expect.stringContaining(sentence),
  });
});

describe('policies that are not understood are refused when they are loaded', () => {
  test.each<[unknown, string]>([
    ['x', 'The policies by principal: Invalid type'],
    [{ a: {} }, 'The policy of a, Statement: Invalid key: Expected "Statement"'],
    [{ a: { Statement: { Effect: 'Maybe', Action: '*', Resource: '*' } } }, 'Statement'],
    [
      { a: { Statement: [{ Effect: 'Allow', Action: '*' }] } },
      'statement 1: it needs either Resource or NotResource',
    ],
    [
      { a: { Statement: [allow('*', '*', { StringIs: { 'aws:TagKeys': 'x' } })] } },
      'the condition operator StringIs is not known; known are StringEquals,',
    ],
    [
      { a: { Statement: [allow('*', '*', { StringLike: { 'aws:SourceIp': 'x' } })] } },
      'the condition key aws:SourceIp is not known; known are aws:RequestedRegion,',
    ],
    [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how IAM writes variables
      { a: { Statement: [allow('*', '*', { StringLike: { 'aws:TagKeys': '${aws:username}' } })] } },
      'has a policy variable',
    ],
  ])('%j', async (documents, sentence) => {
    permit(allow('ec2:Describe*'));
    const answer = await fetch(`${harness.sandbox.url}/_sandbox/iam`, {
      method: 'PUT',
      body: JSON.stringify(documents),
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(sentence.replaceAll('"', '\\"'));
    // What was there stays.
    await refused(tag(publicImage(harness.sandbox, REGION), 'a'));
  });
});

test('the table of authorisation knows every call that changes an EC2 resource or a group', () => {
  const names = services
    .filter(({ service }) => service.name === 'ec2' || service.name === 'autoscaling')
    .flatMap(({ service, handlers }) => Object.keys(handlers).map((name) => `${service.name}:${name}`))
    .filter((action) => !/:(Describe|Get|List)/.test(action));
  expect(names.filter((action) => authorization[action] === undefined)).toEqual([]);
});
