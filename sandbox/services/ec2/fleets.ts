import type {
  DescribeFleetsRequest,
  DescribeFleetsResult,
  DescribeSpotFleetRequestsRequest,
  DescribeSpotFleetRequestsResponse,
  DescribeSpotInstanceRequestsRequest,
  DescribeSpotInstanceRequestsResult,
  FleetData,
  SpotInstanceRequest,
} from '@aws-sdk/client-ec2';
import type { Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { byIds, checkPages, ec2Page, type FilterValues, filtered } from './query.ts';

/** EC2 Fleets, Spot Fleets and Spot requests, as they are described; making them is not served. */
export const fleetHandlers: Handlers = {
  DescribeFleets,
  DescribeSpotFleetRequests,
  DescribeSpotInstanceRequests,
};

const fleetFilters: FilterValues<FleetData> = {
  'activity-status': (fleet) => fleet.ActivityStatus,
  'fleet-state': (fleet) => fleet.FleetState,
  type: (fleet) => fleet.Type,
};

function DescribeFleets(input: DescribeFleetsRequest, region: Region): DescribeFleetsResult {
  const fleets = byIds(
    region.state.fleets,
    input.FleetIds,
    (id) => new ServiceError('InvalidFleetId.NotFound', `The fleet ID '${id}' does not exist.`),
  );
  const { items, next } = ec2Page(filtered(region, fleets, input.Filters, fleetFilters), input);
  return { Fleets: items, ...next };
}

/** Pages have 100 requests when nothing is said, and no filters. */
function DescribeSpotFleetRequests(
  input: DescribeSpotFleetRequestsRequest,
  region: Region,
): DescribeSpotFleetRequestsResponse {
  const requests = byIds(
    region.state.spotFleetRequests,
    input.SpotFleetRequestIds,
    (id) =>
      new ServiceError(
        'InvalidSpotFleetRequestId.NotFound',
        `The spot fleet request ID '${id}' does not exist`,
      ),
  );
  const { items, next } = ec2Page(requests, {
    NextToken: input.NextToken,
    MaxResults: input.MaxResults ?? 100,
  });
  return { SpotFleetRequestConfigs: items, ...next };
}

const spotFilters: FilterValues<SpotInstanceRequest> = {
  'instance-id': (request) => request.InstanceId,
  'launch.image-id': (request) => request.LaunchSpecification?.ImageId,
  'spot-instance-request-id': (request) => request.SpotInstanceRequestId,
  state: (request) => request.State,
  type: (request) => request.Type,
};

function DescribeSpotInstanceRequests(
  input: DescribeSpotInstanceRequestsRequest,
  region: Region,
): DescribeSpotInstanceRequestsResult {
  checkPages(input.SpotInstanceRequestIds, input.MaxResults, 'spotInstanceRequestIdSet');
  const requests = byIds(
    region.state.spotInstanceRequests,
    input.SpotInstanceRequestIds,
    (id) =>
      new ServiceError(
        'InvalidSpotInstanceRequestID.NotFound',
        `The spot instance request ID '${id}' does not exist`,
      ),
  );
  const { items, next } = ec2Page(filtered(region, requests, input.Filters, spotFilters), input);
  return { SpotInstanceRequests: items, ...next };
}
