import type {
  ListenerRecord,
  LoadBalancerRecord,
  RuleRecord,
  TargetGroupRecord,
} from '../../engine/records/load-balancing.ts';
import type { Table } from '../../engine/state.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';
import { page } from '../pages.ts';

/** The resources of load balancing: their ARNs, how they are found, and pages of them. */

export function newArn(region: Region, resource: string): string {
  return `arn:aws:elasticloadbalancing:${region.name}:${ACCOUNT}:${resource}/${newSuffix(region)}`;
}

/** Sixteen hexadecimal digits. */
export const newSuffix = (region: Region) => region.world.newId('x').slice(3);

export const findLoadBalancer = (region: Region, arn: string | undefined): LoadBalancerRecord =>
  find(region.state.loadBalancers, arn, 'load balancer', 'loadbalancer/', 'LoadBalancerNotFound');

export const findListener = (region: Region, arn: string | undefined): ListenerRecord =>
  find(region.state.listeners, arn, 'listener', 'listener/', 'ListenerNotFound');

export const findRule = (region: Region, arn: string | undefined): RuleRecord =>
  find(region.state.rules, arn, 'listener rule', 'listener-rule/', 'RuleNotFound');

export const findTargetGroup = (region: Region, arn: string | undefined): TargetGroupRecord =>
  find(region.state.targetGroups, arn, 'target group', 'targetgroup/', 'TargetGroupNotFound');

const PLURALS: Readonly<Record<string, string>> = {
  LoadBalancerNotFound: 'load balancers',
  ListenerNotFound: 'listeners',
  RuleNotFound: 'rules',
  TargetGroupNotFound: 'target groups',
};

function find<T>(table: Table<T>, arn: string | undefined, kind: string, path: string, code: string): T {
  requireArn(arn, kind, path);
  const item = table.get(arn ?? '');
  if (!item) throw notFound(code);
  return item;
}

export const notFound = (code: string) => new ServiceError(code, `One or more ${PLURALS[code]} not found`);

/** Something that is no ARN of the kind is refused before anything is looked for. */
export function requireArn(arn: string | undefined, kind: string, path: string): void {
  if (!new RegExp(`^arn:aws:elasticloadbalancing:[a-z0-9-]+:\\d{12}:${path}.+$`).test(arn ?? ''))
    throw validationError(`'${arn}' is not a valid ${kind} ARN`);
}

/** The rules for names of load balancers and target groups. */
export function requireName(name: string, kind: string): void {
  if (name.length > 32) throw validationError(`${kind} name '${name}' cannot be longer than '32' characters`);
  if (!/^[A-Za-z0-9-]+$/.test(name))
    throw validationError(
      `${kind} name '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`,
    );
  if (/^-|-$/.test(name)) throw validationError(`${kind} name '${name}' cannot begin or end with '-'`);
}

const LARGEST_PAGE = 400;

/** Pages as load balancing has them; a marker belongs to its query. */
export function elbPage<T>(
  items: readonly T[],
  input: { Marker?: string | undefined; PageSize?: number | undefined },
): { items: T[]; next: { NextMarker?: string } } {
  const { Marker, PageSize, ...query } = input;
  if (PageSize !== undefined && (PageSize < 1 || PageSize > LARGEST_PAGE)) {
    const bound = PageSize < 1 ? 'greater than or equal to 1' : `less than or equal to ${LARGEST_PAGE}`;
    throw validationError(
      `1 validation error detected: Value '${PageSize}' at 'pageSize' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  const { items: content, nextToken } = page(items, {
    token: Marker,
    size: PageSize,
    otherwise: LARGEST_PAGE,
    query,
    badToken: (token) => validationError(`The marker '${token}' is not valid`),
  });
  return { items: content, next: nextToken === undefined ? {} : { NextMarker: nextToken } };
}
