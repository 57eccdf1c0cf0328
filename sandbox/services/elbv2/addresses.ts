import type { TargetDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetGroupRecord } from '../../engine/records/load-balancing.ts';
import type { Region } from '../../engine/world.ts';
import { validationError } from '../../protocol/error.ts';

/** Targets that are addresses: which ones are taken, and in which zone they are. */

/** Private ranges beside a VPC's own: RFC 1918 and RFC 6598. */
const PRIVATE = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'];

/** The zone of an address target, or the reason why it cannot be registered. */
export function zoneOfAddress(region: Region, group: TargetGroupRecord, target: TargetDescription): string {
  const address = target.Id ?? '';
  if (parse(address) === undefined)
    throw validationError(`The IP address '${address}' is not a valid IPv4 address`);
  const vpc = region.state.vpcs.get(group.vpcId);
  if (vpc && within(vpc.cidr, address)) {
    const subnet = [...region.state.subnets.values()].find(
      (candidate) => candidate.vpcId === vpc.id && within(candidate.cidr, address),
    );
    if (subnet) return subnet.zone;
    throw validationError(
      `The IP address '${address}' is within the VPC, but is not within a VPC subnet so it can't be registered`,
    );
  }
  if (!PRIVATE.some((range) => within(range, address)))
    throw validationError(
      `The IP address '${address}' is not allowed, as it must be an address from a VPC subnet, RFC1918, or RFC6598`,
    );
  if (target.AvailabilityZone === undefined)
    throw validationError(
      `You must specify an Availability Zone for the IP address '${address}', because it is outside the VPC`,
    );
  return target.AvailabilityZone;
}

/** Whether an IPv4 address is in a range such as `10.0.0.0/8`. */
export function within(cidr: string, address: string): boolean {
  const [base = '', bits = '32'] = cidr.split('/');
  const [from, number] = [parse(base), parse(address)];
  const size = 2 ** (32 - Number(bits));
  return from !== undefined && number !== undefined && from <= number && number < from + size;
}

function parse(address: string): number | undefined {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255))
    return undefined;
  return parts.reduce((number, part) => number * 256 + Number(part), 0);
}
