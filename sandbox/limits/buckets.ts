import type { Call } from '../protocol/request.ts';

/** A token bucket: how much it holds, and how much comes back in a second. */
export interface Bucket {
  /** Calls of the same name in the same Region share it. */
  name: string;
  capacity: number;
  refill: number;
  /** What this call takes out of it. */
  cost: number;
}

/** EC2's table of request token buckets for the actions that differ from their category. */
const EC2_ACTIONS: Readonly<Record<string, readonly [capacity: number, refill: number]>> = {
  CreateLaunchTemplateVersion: [100, 5],
  ModifyLaunchTemplate: [100, 5],
  CreateTags: [100, 10],
  DeleteTags: [100, 10],
  DeregisterImage: [100, 5],
  DeleteSnapshot: [100, 5],
  CreateSnapshot: [100, 5],
  CopyImage: [100, 1],
  ModifyImageAttribute: [100, 5],
  ModifySnapshotAttribute: [100, 5],
  RunInstances: [5, 2],
  TerminateInstances: [100, 5],
  DescribeSpotFleetRequests: [50, 3],
  CreateKeyPair: [50, 5],
  AuthorizeSecurityGroupIngress: [50, 5],
};

/** Describe calls that have a smaller bucket when they are neither filtered nor paginated. */
const EXPENSIVE_UNFILTERED =
  /^Describe(Instances|InstanceStatus|NetworkInterfaces|SecurityGroups|Snapshots|SpotInstanceRequests|Volumes)$/;

/**
 * The buckets that a call has to find tokens in, all of them or none. EC2 and Elastic Load Balancing publish theirs;
 * Auto Scaling and the rest publish none and are not limited here.
 */
export function bucketsOf({ served, operation: { name }, input }: Call): Bucket[] {
  const service = served.service.name;
  // One bucket for all Describe calls of an account is what ELB documents.
  if (service === 'elbv2' && name.startsWith('Describe'))
    return [{ name: 'elbv2 Describe*', capacity: 40, refill: 10, cost: 1 }];
  if (service !== 'ec2') return [];
  const [capacity, refill] = EC2_ACTIONS[name] ?? category(name, input);
  const calls = { name: `ec2 ${name}`, capacity, refill, cost: 1 };
  if (name === 'RunInstances')
    return [
      calls,
      {
        name: 'ec2 RunInstances instances',
        capacity: 1000,
        refill: 2,
        cost: Number(Reflect.get(input, 'MaxCount')) || 1,
      },
    ];
  if (name === 'TerminateInstances') {
    const ids: unknown = Reflect.get(input, 'InstanceIds');
    const cost = Array.isArray(ids) ? ids.length : 1;
    return [calls, { name: 'ec2 TerminateInstances instances', capacity: 1000, refill: 20, cost }];
  }
  return [calls];
}

function category(name: string, input: object): readonly [number, number] {
  if (!/^(Describe|Get)/.test(name)) return [50, 5];
  const narrow = Object.keys(input).some(
    (key) => key === 'Filters' || key === 'MaxResults' || key.endsWith('Ids'),
  );
  return EXPENSIVE_UNFILTERED.test(name) && !narrow ? [50, 10] : [100, 20];
}
