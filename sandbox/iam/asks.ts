import { ACCOUNT, type Region } from '../engine/world.ts';
import type { Call } from '../protocol/request.ts';
import type { ServiceName } from '../protocol/schema.ts';
import { authorization } from './authorization.ts';
import type { Context } from './conditions.ts';
import { isLaunch, type Launch, launchOf } from './launch.ts';
import type { Ask } from './policy.ts';
import { ec2Resource, type Resource, resourcesIn, textsIn } from './resources.ts';

/** The action that a policy names for an operation. */
export function actionOf(service: ServiceName, operation: string): string {
  return `${service.startsWith('elb') ? 'elasticloadbalancing' : service}:${operation}`;
}

/** Calls that nobody can be refused: AWS needs no permission for them. */
const FREE: ReadonlySet<string> = new Set(['sts:GetCallerIdentity', 'sts:AssumeRoleWithWebIdentity']);

/** Everything that has to be allowed for a call to go ahead, in the order in which it is asked. */
export function asksOf({ served, operation, input }: Call, region: Region): Ask[] {
  const action = actionOf(served.service.name, operation.name);
  if (FREE.has(action)) return [];
  if (isLaunch(action)) return launchAsks(launchOf(input, region), region);
  return [...asksFor(action, input, region), ...tagOnCreateAsks(action, input, region)];
}

/** What RunInstances needs, whoever makes the call in the end. */
export function launchAsks(launch: Launch, region: Region): Ask[] {
  const { input, templateArn, fromTemplate, role, parameter } = launch;
  const extra = (resource: Resource): Record<string, string> => {
    if (templateArn === undefined) return {};
    const named = fromTemplate.some((id) => resource.arn.endsWith(`/${id}`));
    return { 'ec2:LaunchTemplate': templateArn, 'ec2:IsLaunchTemplateResource': String(named) };
  };
  const passRole = { 'iam:PassedToService': 'ec2.amazonaws.com' };
  const kinds = new Set(['volume']);
  return [
    ...asksFor('ec2:RunInstances', input, region, extra, kinds),
    ...(role === undefined
      ? []
      : [{ action: 'iam:PassRole', resource: role, context: contextOf(region, { tags: {} }, {}, passRole) }]),
    ...(parameter === undefined ? [] : asksFor('ssm:GetParameters', { Names: [parameter] }, region)),
    ...tagOnCreateAsks('ec2:RunInstances', input, region),
  ];
}

/**
 * One ask for each resource on which the action is authorised: those that the input names, and a `*` of each kind
 * that the action always has, which is what it makes.
 */
function asksFor(
  action: string,
  input: object,
  region: Region,
  extra: (resource: Resource) => Record<string, string> = () => ({}),
  always: ReadonlySet<string> = new Set(),
): Ask[] {
  const service = action.split(':')[0] ?? '';
  const types = authorization[action] ?? {};
  const found = resourcesIn(service, input, region);
  const asks = Object.entries(types).flatMap(([name, keys]) => {
    if (name === '') return [];
    const kind = name.replace('*', '');
    const given = found.filter((resource) => resource.kind === kind);
    const required = name.endsWith('*') || always.has(kind);
    const resources =
      given.length > 0 || !required || service !== 'ec2' ? given : [ec2Resource(kind, '*', region)];
    const usable = new Set([...keys, ...(types[''] ?? [])]);
    return resources.map((resource) => ({
      action,
      resource: resource.arn,
      context: contextOf(
        region,
        resource,
        requestTags(input, kind),
        { ...inputKeys(action, input), ...extra(resource) },
        usable,
      ),
    }));
  });
  if (asks.length > 0) return unique(asks);
  const context = contextOf(
    region,
    { tags: {} },
    requestTags(input, ''),
    inputKeys(action, input),
    new Set(types[''] ?? []),
  );
  return [{ action, resource: '*', context }];
}

function unique(asks: readonly Ask[]): Ask[] {
  return [...new Map(asks.map((ask) => [ask.resource, ask])).values()];
}

/** Tags that are given with the call that makes a resource need `ec2:CreateTags` on it. */
function tagOnCreateAsks(action: string, input: object, region: Region): Ask[] {
  if (!action.startsWith('ec2:')) return [];
  const usable = new Set(authorization['ec2:CreateTags']?.[''] ?? []);
  return specifiedTags(input).map(({ kind, tags }) => {
    const keys = new Set([...(authorization['ec2:CreateTags']?.[kind] ?? []), ...usable]);
    const made = ec2Resource(kind, '*', region);
    const createAction = { 'ec2:CreateAction': action.slice('ec2:'.length) };
    return {
      action: 'ec2:CreateTags',
      resource: made.arn,
      context: contextOf(region, made, tags, createAction, keys),
    };
  });
}

type Tags = Readonly<Record<string, string>>;

function specifiedTags(input: object): { kind: string; tags: Tags }[] {
  return items(Reflect.get(input, 'TagSpecifications')).flatMap((specification) => {
    const tags = tagsOf(Reflect.get(specification, 'Tags'));
    const [kind] = textsIn(Reflect.get(specification, 'ResourceType'));
    return kind === undefined || Object.keys(tags).length === 0 ? [] : [{ kind, tags }];
  });
}

function requestTags(input: object, kind: string): Tags {
  const specified = specifiedTags(input).filter((specification) => specification.kind === kind);
  return Object.assign(tagsOf(Reflect.get(input, 'Tags')), ...specified.map(({ tags }) => tags));
}

function tagsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    items(value).flatMap((tag) =>
      textsIn(Reflect.get(tag, 'Key')).map((key) => [key, textsIn(Reflect.get(tag, 'Value'))[0] ?? '']),
    ),
  );
}

const items = (value: unknown): object[] => (Array.isArray(value) ? value.map(Object) : []);

/** Keys that come from the call itself. */
function inputKeys(action: string, input: object): Record<string, string> {
  const type: unknown = Reflect.get(input, 'InstanceType');
  return {
    ...(typeof type === 'string' ? { 'ec2:InstanceType': type } : {}),
    ...(action === 'ssm:PutParameter'
      ? { 'ssm:Overwrite': String(Reflect.get(input, 'Overwrite') === true) }
      : {}),
  };
}

/** What conditions can ask about; `usable` are the keys that the action has for this kind of resource. */
function contextOf(
  region: Region,
  { tags, keys = {} }: Pick<Resource, 'tags' | 'keys'>,
  requested: Tags,
  others: Readonly<Record<string, string>>,
  usable?: ReadonlySet<string>,
): Context {
  const context = new Map<string, readonly string[]>();
  const put = (key: string, ...values: string[]) => {
    const group = key.includes('/') ? key.slice(0, key.indexOf('/') + 1) : key;
    if (!usable || usable.has(group)) context.set(key.toLowerCase(), values);
  };
  for (const prefix of ['aws', 'ec2', 'autoscaling', 'elasticloadbalancing', 'ssm'])
    for (const [key, value] of Object.entries(tags)) put(`${prefix}:ResourceTag/${key}`, value);
  for (const [key, value] of Object.entries(requested)) put(`aws:RequestTag/${key}`, value);
  if (Object.keys(requested).length > 0) put('aws:TagKeys', ...Object.keys(requested));
  for (const [key, value] of Object.entries({ ...keys, ...others })) put(key, value);
  context.set('aws:requestedregion', [region.name]);
  context.set('ec2:region', [region.name]);
  context.set('aws:principalaccount', [ACCOUNT]);
  return context;
}
