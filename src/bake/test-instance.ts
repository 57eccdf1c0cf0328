import {
  type _InstanceType,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSubnetsCommand,
  GetConsoleOutputCommand,
  type ResponseLaunchTemplateData,
  RunInstancesCommand,
  type RunInstancesRequest,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import { ConfigurationError, DeploymentError, errorCode } from '../errors.ts';
import type { BakeInputs } from '../inputs/schema.ts';
import { TAG } from '../tags.ts';
import type { FinishedImage } from './finish-image.ts';

/** How the instance of a smoke test is launched, besides its image. */
export type LaunchSettings = Pick<
  RunInstancesRequest,
  | 'InstanceType'
  | 'SubnetId'
  | 'SecurityGroupIds'
  | 'NetworkInterfaces'
  | 'IamInstanceProfile'
  | 'MetadataOptions'
  | 'UserData'
>;

/**
 * The settings that the inputs give, else the launch template that they name. User data come from the input alone:
 * those of a template would make the instance a member of its environment.
 *
 * @throws ConfigurationError when the template or the subnet is not there
 */
export async function launchSettings(aws: Aws, inputs: BakeInputs): Promise<LaunchSettings> {
  const { smokeTestSubnet, smokeTestInstanceType: type, smokeTestUserData } = inputs;
  if (smokeTestSubnet !== undefined) await refuseMissingSubnet(aws, smokeTestSubnet);
  const template = await templateData(aws, inputs.smokeTestLaunchTemplate);
  const { HttpEndpoint, HttpTokens, HttpPutResponseHopLimit } = template.MetadataOptions ?? {};
  const InstanceType = type !== undefined && isInstanceType(type) ? type : template.InstanceType;
  const profile = profileOf(inputs.smokeTestInstanceProfile) ?? template.IamInstanceProfile;
  return {
    ...networkOf(template, smokeTestSubnet),
    ...(InstanceType === undefined ? {} : { InstanceType }),
    ...(profile === undefined ? {} : { IamInstanceProfile: profile }),
    ...(template.MetadataOptions === undefined
      ? {}
      : { MetadataOptions: { HttpEndpoint, HttpTokens, HttpPutResponseHopLimit } }),
    ...(smokeTestUserData === undefined
      ? {}
      : { UserData: Buffer.from(smokeTestUserData).toString('base64') }),
  };
}

/** By its form: AWS has more types than this version of the SDK knows. */
const isInstanceType = (name: string): name is _InstanceType => name.includes('.');

function profileOf(profile: string | undefined): RunInstancesRequest['IamInstanceProfile'] {
  if (profile === undefined) return undefined;
  return profile.startsWith('arn:') ? { Arn: profile } : { Name: profile };
}

/** A request with network interfaces has its subnet and security groups there, and nowhere else. */
function networkOf(
  { NetworkInterfaces: [first] = [], SecurityGroupIds = [] }: ResponseLaunchTemplateData,
  subnet: string | undefined,
): Pick<LaunchSettings, 'SubnetId' | 'SecurityGroupIds' | 'NetworkInterfaces'> {
  if (!first)
    return {
      ...(subnet === undefined ? {} : { SubnetId: subnet }),
      ...(SecurityGroupIds.length === 0 ? {} : { SecurityGroupIds }),
    };
  const SubnetId = subnet ?? first.SubnetId;
  return {
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        DeleteOnTermination: true,
        ...(SubnetId === undefined ? {} : { SubnetId }),
        ...(first.Groups === undefined ? {} : { Groups: first.Groups }),
        ...(first.AssociatePublicIpAddress === undefined
          ? {}
          : { AssociatePublicIpAddress: first.AssociatePublicIpAddress }),
      },
    ],
  };
}

async function templateData(aws: Aws, input: string | undefined): Promise<ResponseLaunchTemplateData> {
  if (input === undefined) return {};
  const [name = '', version = '$Default'] = input.split(':');
  const which = /^lt-[0-9a-f]+$/.test(name) ? { LaunchTemplateId: name } : { LaunchTemplateName: name };
  try {
    const { LaunchTemplateVersions: [found] = [] } = await aws.ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ ...which, Versions: [version] }),
    );
    if (found?.LaunchTemplateData) return found.LaunchTemplateData;
  } catch (error) {
    if (!errorCode(error).startsWith('InvalidLaunchTemplate')) throw error;
  }
  throw new ConfigurationError([
    `There is no launch template ${name} with the version ${version} in ${aws.region}: check the input "smoke-test-launch-template".`,
  ]);
}

async function refuseMissingSubnet(aws: Aws, subnet: string): Promise<void> {
  try {
    await aws.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [subnet] }));
  } catch (error) {
    if (!errorCode(error).startsWith('InvalidSubnetI')) throw error;
    throw new ConfigurationError(
      [`There is no subnet ${subnet} in ${aws.region}: check the input "smoke-test-subnet".`],
      { cause: error },
    );
  }
}

/** Small types that are there in nearly every zone. */
const DEFAULT_TYPES: Readonly<Record<string, _InstanceType>> = { x86_64: 't3.micro', arm64: 't4g.micro' };

/**
 * Launches one instance of the image. It ends itself when its system shuts down, its disks go with it, and it carries
 * the mark by which it is found and removed if we do not come to that.
 *
 * @returns its id
 */
export async function launchTestInstance(
  aws: Aws,
  image: FinishedImage,
  settings: LaunchSettings,
  { builder, application }: { builder: string; application: string },
): Promise<string> {
  const InstanceType = settings.InstanceType ?? DEFAULT_TYPES[image.architecture];
  if (InstanceType === undefined)
    throw new DeploymentError(
      `There is no usual instance type for ${image.architecture}: give "smoke-test-instance-type".`,
    );
  const marks = [
    { Key: TAG.run, Value: builder },
    { Key: TAG.application, Value: application },
    { Key: 'Name', Value: 'immutable-deploy smoke test' },
  ];
  const { Instances: [instance] = [] } = await aws.ec2.send(
    new RunInstancesCommand({
      ImageId: image.imageId,
      MinCount: 1,
      MaxCount: 1,
      ...settings,
      InstanceType,
      InstanceInitiatedShutdownBehavior: 'terminate',
      BlockDeviceMappings: image.devices.map((DeviceName) => ({
        DeviceName,
        Ebs: { DeleteOnTermination: true },
      })),
      TagSpecifications: [
        { ResourceType: 'instance', Tags: marks },
        { ResourceType: 'volume', Tags: marks },
      ],
    }),
  );
  return instance?.InstanceId ?? '';
}

export async function terminateTestInstance(aws: Aws, instanceId: string): Promise<void> {
  await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
}

/** How much of the console goes into the log; EC2 keeps 64 KiB. */
const CONSOLE_LINES = 40;

/** The last lines of the console; none when there is nothing, or it cannot be had. */
export async function consoleTail(aws: Aws, InstanceId: string): Promise<string[]> {
  for (const Latest of [true, false]) {
    try {
      const { Output = '' } = await aws.ec2.send(
        // Instances that are not on Nitro know no latest output, only that of some minutes ago.
        new GetConsoleOutputCommand({ InstanceId, ...(Latest ? { Latest } : {}) }),
      );
      const lines = Buffer.from(Output, 'base64').toString().trimEnd().split(/\r?\n/);
      if (Output !== '') return lines.slice(-CONSOLE_LINES);
    } catch {
      // It only helps to understand: what is wrong is told without it.
    }
  }
  return [];
}
