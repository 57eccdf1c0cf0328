import { ACCOUNT, type Region } from '../engine/world.ts';

/** A resource that a call is authorised on. */
export interface Resource {
  /** The kind as the Service Authorization Reference names it. */
  kind: string;
  arn: string;
  tags: Readonly<Record<string, string>>;
  /** Condition keys besides the tags: `ec2:Owner` and the like. */
  keys?: Readonly<Record<string, string>>;
}

/** All resources that an input names; which of them matter is the action's affair. */
export function resourcesIn(service: string, input: object, region: Region): Resource[] {
  switch (service) {
    case 'ec2':
      return ec2Resources(input, region);
    case 'autoscaling':
      return groupResources(input, region);
    case 'elasticloadbalancing':
      return loadBalancingResources(input, region);
    case 'ssm':
      return ssmResources(input, region);
    case 'sns':
      return named(input, ['Name', 'TopicArn', 'ResourceArn'], (name) => {
        const arn = name.startsWith('arn:') ? name : `arn:aws:sns:${region.name}:${ACCOUNT}:${name}`;
        return { kind: 'topic', arn, tags: arnTags(region, arn) };
      });
    case 'cloudwatch':
      return named(input, ['AlarmName', 'AlarmNames'], (name) => {
        const arn = `arn:aws:cloudwatch:${region.name}:${ACCOUNT}:alarm:${name}`;
        return { kind: 'alarm', arn, tags: arnTags(region, arn) };
      });
    case 'sts':
      return named(input, ['RoleArn'], (arn) => ({ kind: 'role', arn, tags: {} }));
    default:
      return [];
  }
}

/** AWS's own parameters and documents have no account. */
function ssmResources(input: object, region: Region): Resource[] {
  const arnOf = (kind: string, name: string, isAws: boolean) =>
    name.startsWith('arn:')
      ? name
      : `arn:aws:ssm:${region.name}:${isAws ? '' : ACCOUNT}:${kind}/${name.replace(/^\//, '')}`;
  return [
    ...named(input, ['Name', 'Names'], (name) => {
      const path = name.startsWith('arn:') ? name : name.replace(/:[^/]*$/, '');
      return { kind: 'parameter', arn: arnOf('parameter', path, name.startsWith('/aws/')), tags: {} };
    }),
    ...named(input, ['DocumentName'], (name) => ({
      kind: 'document',
      arn: arnOf('document', name, name.startsWith('AWS-')),
      tags: {},
    })),
    ...named(input, ['InstanceIds'], (id) => ec2Resource('instance', id, region)),
  ];
}

/** Tags of what is not EC2's. */
const arnTags = (region: Region, arn: string) => region.state.arnTags.get(arn) ?? {};

function named(input: object, members: readonly string[], make: (name: string) => Resource): Resource[] {
  return members.flatMap((member) => textsIn(Reflect.get(input, member))).map(make);
}

const KINDS: Readonly<Record<string, string>> = {
  ami: 'image',
  amiur: 'image-usage-report',
  snap: 'snapshot',
  i: 'instance',
  vol: 'volume',
  lt: 'launch-template',
  subnet: 'subnet',
  sg: 'security-group',
  key: 'key-pair',
  vpc: 'vpc',
  eni: 'network-interface',
};

function ec2Resources(input: object, region: Region): Resource[] {
  const { state } = region;
  const byId = textsIn(input).flatMap((text) => {
    const kind = KINDS[/^([a-z]+)-[0-9a-f]+$/.exec(text)?.[1] ?? ''];
    return kind === undefined ? [] : [ec2Resource(kind, text, region)];
  });
  const templates = textsIn(Reflect.get(input, 'LaunchTemplateName')).flatMap((name) =>
    [...state.launchTemplates.values()].filter((template) => template.name === name),
  );
  // Named in the ARN, tagged by id.
  const keys = textsIn(Reflect.get(input, 'KeyName')).map((name) => {
    const pair = [...state.keyPairs.values()].find((one) => one.name === name);
    return { ...ec2Resource('key-pair', name, region), tags: region.tagsOf(pair?.id ?? name) };
  });
  return [...byId, ...templates.map(({ id }) => ec2Resource('launch-template', id, region)), ...keys];
}

/** Images and snapshots have no account in their ARNs. */
export function ec2Resource(kind: string, id: string, region: Region): Resource {
  const account = kind === 'image' || kind === 'snapshot' ? '' : ACCOUNT;
  const image = region.state.images.get(id)?.image;
  const instanceType = region.state.instances.get(id)?.instanceType;
  return {
    kind,
    arn: `arn:aws:ec2:${region.name}:${account}:${kind}/${id}`,
    tags: region.tagsOf(id),
    keys: {
      ...(image
        ? {
            'ec2:ImageID': id,
            'ec2:Owner': image.ImageOwnerAlias ?? image.OwnerId ?? '',
            'ec2:Public': String(image.Public ?? false),
          }
        : {}),
      ...(kind === 'snapshot' && region.state.snapshots.has(id) ? { 'ec2:Owner': ACCOUNT } : {}),
      ...(instanceType === undefined ? {} : { 'ec2:InstanceType': instanceType }),
    },
  };
}

function groupResources(input: object, region: Region): Resource[] {
  const { groups, launchConfigurations } = region.state;
  const ofTags = Object.values(Object(Reflect.get(input, 'Tags')));
  const ofInstance = textsIn(Reflect.get(input, 'InstanceId')).flatMap((id) =>
    [...groups.values()].filter(({ members }) => members.some(({ instanceId }) => instanceId === id)),
  );
  const names = [
    ...textsIn(Reflect.get(input, 'AutoScalingGroupName')),
    ...textsIn(Reflect.get(input, 'AutoScalingGroupNames')),
    ...ofTags.flatMap((tag) => textsIn(Reflect.get(Object(tag), 'ResourceId'))),
    ...ofInstance.map(({ name }) => name),
  ];
  const prefix = `arn:aws:autoscaling:${region.name}:${ACCOUNT}`;
  return [
    ...[...new Set(names)].map((name) => {
      const group = groups.get(name);
      return {
        kind: 'autoScalingGroup',
        arn: group?.arn ?? `${prefix}:autoScalingGroup:*:autoScalingGroupName/${name}`,
        tags: Object.fromEntries((group?.tags ?? []).map(({ key, value }) => [key, value])),
      };
    }),
    ...textsIn(Reflect.get(input, 'LaunchConfigurationName')).map((name) => ({
      kind: 'launchConfiguration',
      arn:
        launchConfigurations.get(name)?.arn ??
        `${prefix}:launchConfiguration:*:launchConfigurationName/${name}`,
      tags: {},
    })),
  ];
}

function loadBalancingResources(input: object, region: Region): Resource[] {
  const prefix = `arn:aws:elasticloadbalancing:${region.name}:${ACCOUNT}:`;
  const given = textsIn(input)
    .filter((text) => text.startsWith('arn:aws:elasticloadbalancing:'))
    .map((arn) => ({ kind: loadBalancingKind(arn), arn, tags: arnTags(region, arn) }));
  const isBalancer =
    Reflect.has(input, 'Scheme') || Reflect.has(input, 'Type') || Reflect.has(input, 'Subnets');
  const network = Reflect.get(input, 'Type') === 'network';
  const made = textsIn(Reflect.get(input, 'Name')).flatMap((name) => {
    const balancer = `loadbalancer/${network ? 'net' : 'app'}/`;
    return [
      { kind: 'targetgroup', arn: `${prefix}targetgroup/${name}/*`, tags: {} },
      ...(isBalancer || given.length === 0
        ? [{ kind: balancer, arn: `${prefix}${balancer}${name}/*`, tags: {} }]
        : []),
    ];
  });
  return [...given, ...made];
}

/** `…:loadbalancer/app/name/id` → `loadbalancer/app/`, `…:listener/app/…` → `listener/app`. */
function loadBalancingKind(arn: string): string {
  const [type = '', family = ''] = (arn.split(':')[5] ?? '').split('/');
  if (type === 'targetgroup') return type;
  return type === 'loadbalancer' ? `${type}/${family}/` : `${type}/${family}`;
}

/** Every text anywhere in a value. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  return Object.values(value).flatMap(textsIn);
}
