import { findLaunchTemplate, findVersion } from '../engine/launch-templates.ts';
import { ACCOUNT, type Region } from '../engine/world.ts';
import { ServiceError } from '../protocol/error.ts';
import { ec2Resource, textsIn } from './resources.ts';

/** A launch of instances, for the question who may do it. */
export interface Launch {
  /** The parameters of the call over those of the launch template. */
  input: object;
  templateArn?: string;
  /** The ids that come from the template, not from the call. */
  fromTemplate: readonly string[];
  /** Of the instance profile. */
  role?: string;
  /** The parameter behind an image that is given as `resolve:ssm:`. */
  parameter?: string;
}

export const isLaunch = (action: string) => action === 'ec2:RunInstances';

/** The launch that RunInstances with this input would make. */
export function launchOf(request: object, region: Region): Launch {
  const template = templateOf(Reflect.get(request, 'LaunchTemplate'), region);
  const data: object = template?.data ?? {};
  const input: Record<string, unknown> = { ...data, ...request };
  const imageId = textsIn(input.ImageId)[0] ?? '';
  const [, name] = /^resolve:ssm:([^:]+)/.exec(imageId) ?? [];
  if (name !== undefined) input.ImageId = region.state.parameters.get(name)?.versions.at(-1)?.value;
  const named = textsIn(input);
  // Without a network of its own, an instance goes to the default subnet and its default security group.
  if (!named.some((text) => text.startsWith('subnet-'))) input.SubnetId = [...region.state.subnets.keys()][0];
  if (!named.some((text) => text.startsWith('sg-')))
    input.SecurityGroupIds = [...region.state.securityGroups.keys()].slice(0, 1);
  // Packer sends an empty name for none.
  const profile = textsIn(input.IamInstanceProfile).find((text) => text !== '');
  return {
    input,
    fromTemplate: textsIn(data).filter((text) => !textsIn(request).includes(text)),
    ...(template ? { templateArn: ec2Resource('launch-template', template.id, region).arn } : {}),
    // The profiles' roles are not kept; as the console makes them, they have the profile's name (inference).
    ...(profile === undefined ? {} : { role: `arn:aws:iam::${ACCOUNT}:role/${profile.split('/').at(-1)}` }),
    ...(name === undefined ? {} : { parameter: name }),
  };
}

function templateOf(specification: unknown, region: Region): { id: string; data: object } | undefined {
  const given = Object(specification);
  const id = textsIn(Reflect.get(given, 'LaunchTemplateId'))[0];
  const name = textsIn(Reflect.get(given, 'LaunchTemplateName'))[0];
  if (id === undefined && name === undefined) return undefined;
  try {
    const template = findLaunchTemplate(region, { id, name });
    const { data } = findVersion(template, textsIn(Reflect.get(given, 'Version'))[0]);
    return { id: template.id, data };
  } catch (error) {
    // That it does not exist is for the call itself to say.
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

/** Calls of Auto Scaling that try a launch with the caller's permissions when a launch template is in the request. */
const TRIES_LAUNCH: ReadonlySet<string> = new Set([
  'CreateAutoScalingGroup',
  'UpdateAutoScalingGroup',
  'StartInstanceRefresh',
]);

/** The launch that a call of Auto Scaling tries with the caller's permissions, and the template that it names. */
export function triedLaunch(
  operation: string,
  input: object,
  region: Region,
): { launch: Launch; templateId: string } | undefined {
  if (!TRIES_LAUNCH.has(operation)) return undefined;
  const holder = Object(Reflect.get(input, 'DesiredConfiguration') ?? input);
  const mixed = Object(Object(Reflect.get(holder, 'MixedInstancesPolicy')).LaunchTemplate);
  const specification: unknown = Reflect.get(holder, 'LaunchTemplate') ?? mixed.LaunchTemplateSpecification;
  const template = templateOf(specification, region);
  if (!template) return undefined;
  return { launch: launchOf({ LaunchTemplate: specification }, region), templateId: template.id };
}
