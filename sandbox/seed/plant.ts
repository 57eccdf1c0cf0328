import type { Region } from '../engine/world.ts';
import { overviewOf } from '../page/overview.ts';
import type { Sandbox } from '../sandbox.ts';
import { ageOfOldest, plantImages } from './images.ts';
import { make, membersOf, tagList, textIn, without } from './make.ts';
import { type Seed, VERSION_KEYS } from './schema.ts';

/** More than it takes until everything of an ordinary seed is in service. */
const SETTLING_MS = 15 * 60_000;
const LOOK_MS = 10_000;

/** When the sandbox has to begin, so that the images have their ages, and all is in service, at the time `now`. */
export function beginningOf(seed: Seed, now: number): number {
  return now - ageOfOldest(seed) - SETTLING_MS;
}

/**
 * Makes everything that the seed names, through the services' own operations, and lets the time run until all
 * instances are in service. Returns the groups that are not: an image may misbehave on purpose.
 */
export function plant(sandbox: Sandbox, seed: Seed): { unsettled: string[] } {
  const regionOf = (item: { region?: string | undefined }) =>
    sandbox.world.region(item.region ?? seed.region);
  const images = plantImages(sandbox, seed);
  const targetGroups = new Map<string, string>();
  for (const [index, item] of seed.launchTemplates.entries())
    plantTemplate(regionOf(item), item, images, `launchTemplates[${index}]`);
  for (const [index, item] of seed.targetGroups.entries()) {
    const region = regionOf(item);
    targetGroups.set(`${region.name} ${item.name}`, plantTargetGroup(region, item, `targetGroups[${index}]`));
  }
  for (const [index, item] of seed.parameters.entries())
    plantParameter(regionOf(item), item, images, `parameters[${index}]`);
  for (const [index, item] of seed.alarms.entries()) plantAlarm(regionOf(item), item, `alarms[${index}]`);
  for (const [index, item] of seed.groups.entries()) {
    const region = regionOf(item);
    const arns = (item.targetGroups ?? []).map((name) => targetGroups.get(`${region.name} ${name}`));
    plantGroup(region, item, { arns, newest: newestVersion(seed, item) }, `groups[${index}]`);
  }
  if (seed.commits.length > 0) sandbox.github.commits = seed.commits;
  return { unsettled: settle(sandbox, new Set(seed.groups.map((item) => regionOf(item).name))) };
}

function plantTemplate(
  region: Region,
  template: Seed['launchTemplates'][number],
  images: ReadonlyMap<string, string>,
  path: string,
): void {
  const dataOf = (version: (typeof template.versions)[number]) => ({
    ...(version.image === undefined ? {} : { ImageId: images.get(`${region.name} ${version.image}`) }),
    ...without(version, VERSION_KEYS),
  });
  const LaunchTemplateName = template.name;
  for (const [index, version] of template.versions.entries()) {
    const common = {
      LaunchTemplateName,
      LaunchTemplateData: dataOf(version),
      ...(version.description === undefined ? {} : { VersionDescription: version.description }),
    };
    if (index === 0)
      make(region, 'CreateLaunchTemplate', { ...common, ...membersOf('launchTemplates', template) }, path);
    else make(region, 'CreateLaunchTemplateVersion', common, `${path}.versions[${index}]`);
  }
  if (template.default !== undefined)
    make(
      region,
      'ModifyLaunchTemplate',
      { LaunchTemplateName, DefaultVersion: String(template.default) },
      `${path}.default`,
    );
}

/** Behind a listener of a load balancer, since the targets of others are only `unused`. Returns its ARN. */
function plantTargetGroup(region: Region, item: Seed['targetGroups'][number], path: string): string {
  const { name, loadBalancer = name, listenerPort = 80, deregistrationDelay } = item;
  const answer = make(
    region,
    'CreateTargetGroup',
    {
      Name: name,
      Protocol: 'HTTP',
      Port: 80,
      VpcId: textIn([...region.state.vpcs.keys()], 0),
      ...membersOf('targetGroups', item),
    },
    path,
  );
  const TargetGroupArn = textIn(answer, 'TargetGroups', 0, 'TargetGroupArn');
  if (deregistrationDelay !== undefined) {
    const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: String(deregistrationDelay) }];
    make(region, 'ModifyTargetGroupAttributes', { TargetGroupArn, Attributes }, path);
  }
  const known = [...region.state.loadBalancers.values()].find((balancer) => balancer.name === loadBalancer);
  const LoadBalancerArn =
    known?.arn ??
    textIn(
      make(
        region,
        'CreateLoadBalancer',
        { Name: loadBalancer, Subnets: [...region.state.subnets.keys()] },
        path,
      ),
      'LoadBalancers',
      0,
      'LoadBalancerArn',
    );
  const listener = {
    LoadBalancerArn,
    Protocol: 'HTTP',
    Port: listenerPort,
    DefaultActions: [{ Type: 'forward', TargetGroupArn }],
  };
  make(region, 'CreateListener', listener, path);
  return TargetGroupArn;
}

function plantGroup(
  region: Region,
  group: Seed['groups'][number],
  { arns, newest }: { arns: readonly (string | undefined)[]; newest: number },
  path: string,
): void {
  const { name, size, launchTemplate, version = newest, healthCheckType, tags = {} } = group;
  make(
    region,
    'CreateAutoScalingGroup',
    {
      AutoScalingGroupName: name,
      MinSize: 0,
      MaxSize: Math.max(1, size * 2),
      DesiredCapacity: size,
      VPCZoneIdentifier: [...region.state.subnets.keys()].join(','),
      HealthCheckType: healthCheckType ?? (arns.length > 0 ? 'ELB' : 'EC2'),
      // As the console has it: enough for the boot and the health checks of an ordinary image.
      HealthCheckGracePeriod: 300,
      Tags: tagList(tags).map((tag) => ({ ...tag, PropagateAtLaunch: true })),
      ...(launchTemplate === undefined
        ? {}
        : { LaunchTemplate: { LaunchTemplateName: launchTemplate, Version: String(version) } }),
      ...(arns.length > 0 ? { TargetGroupARNs: arns } : {}),
      ...membersOf('groups', group),
    },
    path,
  );
}

/** Groups that are deployed to name their version by number: an alias is used only when the seed says it. */
function newestVersion(seed: Seed, group: Seed['groups'][number]): number {
  const template = seed.launchTemplates.find(
    ({ name, region }) =>
      name === group.launchTemplate && (region ?? seed.region) === (group.region ?? seed.region),
  );
  return template?.versions.length ?? 1;
}

function plantParameter(
  region: Region,
  item: Seed['parameters'][number],
  images: ReadonlyMap<string, string>,
  path: string,
): void {
  const { name: Name, image = '', value, type: Type = 'String' } = item;
  const Value = value ?? images.get(`${region.name} ${image}`);
  make(region, 'PutParameter', { Name, Value, Type, ...membersOf('parameters', item) }, path);
}

function plantAlarm(region: Region, item: Seed['alarms'][number], path: string): void {
  const { name: AlarmName, state, reason = 'Set by the seed' } = item;
  make(
    region,
    'PutMetricAlarm',
    {
      AlarmName,
      Namespace: 'Sandbox',
      MetricName: 'Errors',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      ...membersOf('alarms', item),
    },
    path,
  );
  if (state !== undefined)
    make(region, 'SetAlarmState', { AlarmName, StateValue: state, StateReason: reason }, path);
}

/** Lets the time run until every group is in service, or no longer than that may take. Returns those that are not. */
function settle(sandbox: Sandbox, regions: ReadonlySet<string>): string[] {
  const waiting = () => [...regions].flatMap((region) => unsettledGroups(sandbox, region));
  for (let waited = 0; waited < SETTLING_MS && waiting().length > 0; waited += LOOK_MS)
    sandbox.clock.advance(LOOK_MS);
  return waiting();
}

function unsettledGroups({ world }: Sandbox, name: string): string[] {
  const { region } = overviewOf({ world, calls: [], callsSoFar: 0, faults: [] }, name);
  return (region?.groups ?? [])
    .filter(({ desired, instances, targets }) => {
      const inService = instances.filter(({ state, healthy }) => state === 'InService' && healthy);
      return inService.length < desired || Object.keys(targets).some((state) => state !== 'healthy');
    })
    .map((group) => group.name);
}
