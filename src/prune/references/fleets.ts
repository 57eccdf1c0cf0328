import {
  type DescribeFleetsResult,
  type FleetData,
  paginateDescribeFleets,
  paginateDescribeSpotFleetRequests,
  paginateDescribeSpotInstanceRequests,
  type SpotFleetRequestConfig,
  type SpotInstanceRequest,
} from '@aws-sdk/client-ec2';
import type { Context } from '../../context.ts';
import { launchUses, specificationUse, type Use } from './use.ts';

/** Nothing is launched for them any more. In every other state, also one that is not known here, they count. */
const ENDED: ReadonlySet<string | undefined> = new Set([
  'deleted',
  'deleted_terminating',
  'failed',
  'cancelled',
  'cancelled_terminating',
  'closed',
]);

/** What the EC2 Fleets of the Region launch. */
export async function readFleets({ aws, signal }: Context): Promise<Use[]> {
  const uses: Use[] = [];
  const pages: AsyncIterable<DescribeFleetsResult> = paginateDescribeFleets(
    { client: aws.ec2, pageSize: 100 },
    {},
    { abortSignal: signal },
  );
  for await (const { Fleets = [] } of pages) uses.push(...Fleets.flatMap(fleetUses));
  return uses;
}

/** Each configuration names a version, and an override can have an image of its own. */
export function fleetUses({ FleetId, FleetState, LaunchTemplateConfigs = [] }: FleetData): Use[] {
  if (ENDED.has(FleetState)) return [];
  const holder = `EC2 Fleet ${FleetId}`;
  return LaunchTemplateConfigs.flatMap(({ LaunchTemplateSpecification, Overrides = [] }) => [
    ...specificationUse(holder, LaunchTemplateSpecification),
    ...Overrides.flatMap((override) => launchUses(holder, override)),
  ]);
}

/** What the Spot Fleets of the Region launch. */
export async function readSpotFleets({ aws, signal }: Context): Promise<Use[]> {
  const uses: Use[] = [];
  const pages = paginateDescribeSpotFleetRequests(
    { client: aws.ec2, pageSize: 100 },
    {},
    { abortSignal: signal },
  );
  for await (const { SpotFleetRequestConfigs = [] } of pages)
    uses.push(...SpotFleetRequestConfigs.flatMap(spotFleetUses));
  return uses;
}

/** A Spot Fleet has launch specifications, which name images themselves, or launch templates. */
export function spotFleetUses(request: SpotFleetRequestConfig): Use[] {
  if (ENDED.has(request.SpotFleetRequestState)) return [];
  const holder = `Spot Fleet request ${request.SpotFleetRequestId}`;
  const { LaunchSpecifications = [], LaunchTemplateConfigs = [] } = request.SpotFleetRequestConfig ?? {};
  return [
    ...LaunchSpecifications.flatMap((launch) => launchUses(holder, launch)),
    ...LaunchTemplateConfigs.flatMap(({ LaunchTemplateSpecification }) =>
      specificationUse(holder, LaunchTemplateSpecification),
    ),
  ];
}

/** What the open and persistent Spot requests of the Region launch. */
export async function readSpotRequests({ aws, signal }: Context): Promise<Use[]> {
  const uses: Use[] = [];
  const pages = paginateDescribeSpotInstanceRequests(
    { client: aws.ec2, pageSize: 1000 },
    {},
    { abortSignal: signal },
  );
  for await (const { SpotInstanceRequests = [] } of pages)
    uses.push(...SpotInstanceRequests.flatMap(spotRequestUses));
  return uses;
}

/** A cancelled request can still have its instance, which counts by itself. */
export function spotRequestUses({
  SpotInstanceRequestId,
  State,
  LaunchSpecification,
}: SpotInstanceRequest): Use[] {
  return ENDED.has(State) ? [] : launchUses(`Spot request ${SpotInstanceRequestId}`, LaunchSpecification);
}
