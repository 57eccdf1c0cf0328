import type {
  AutoScalingGroup,
  BlockDeviceMapping,
  DesiredConfiguration,
  InstanceMaintenancePolicy,
  InstanceRefreshProgressDetails,
  LaunchTemplateSpecification,
  LifecycleState,
  MixedInstancesPolicy,
  PutScalingPolicyType,
  RefreshPreferences,
  WarmPoolConfiguration,
} from '@aws-sdk/client-auto-scaling';

/** Auto Scaling groups and what hangs on them. Times are milliseconds since 1970. */

export interface GroupRecord {
  name: string;
  arn: string;
  createdAt: number;
  source: LaunchSource;
  minSize: number;
  maxSize: number;
  desiredCapacity: number;
  defaultCooldown: number;
  defaultInstanceWarmup?: number;
  instanceMaintenancePolicy?: InstanceMaintenancePolicy;
  healthCheckType: string;
  healthCheckGracePeriod: number;
  subnetIds: string[];
  targetGroupArns: string[];
  /** Classic Load Balancers. */
  loadBalancerNames: string[];
  /** Traffic sources that are neither target groups nor Classic Load Balancers: VPC Lattice. */
  trafficSources: { identifier: string; type: string }[];
  terminationPolicies: string[];
  suspendedProcesses: { name: string; since: number }[];
  tags: { key: string; value: string; propagate: boolean }[];
  newInstancesProtected: boolean;
  /** What is kept as it was given and returned; most of it has no effect here. */
  settings: GroupSettings;
  lifecycleHooks: LifecycleHookRecord[];
  scalingPolicies: ScalingPolicyRecord[];
  scheduledActions: ScheduledActionRecord[];
  notifications: { topicArn: string; type: string }[];
  enabledMetrics: string[];
  members: MemberRecord[];
  warmPool?: WarmPoolRecord;
  /** Members of the warm pool: they do not count for the capacity. */
  warmMembers: MemberRecord[];
  /** It is being deleted; its members go from this time on. */
  deletingFrom?: number;
  /** Members terminated as unhealthy whose replacements have not been launched yet. */
  replacements: number;
  replaceFrom?: number;
  /** The sentence that explains a change of the desired capacity, until a launch or termination has told it. */
  capacityCause?: string;
  /** A launch failed: not tried again before this time. */
  launchBackoffUntil?: number;
  launchFailures: number;
  /** When the group is looked at next; absent when nothing is to be done. */
  reconcileAt?: number;
}

/**
 * What a group launches, as AWS shows it: templates with id, name and the version as it was given (a number,
 * `$Latest` or `$Default`).
 */
export type LaunchSource =
  | { kind: 'launch-template'; launchTemplate: LaunchTemplateSpecification }
  | { kind: 'mixed-instances'; policy: MixedInstancesPolicy }
  | { kind: 'launch-configuration'; name: string };

export interface LaunchConfigurationRecord {
  name: string;
  arn: string;
  createdAt: number;
  imageId: string;
  instanceType: string;
  blockDeviceMappings?: BlockDeviceMapping[];
}

export type GroupSettings = Pick<
  AutoScalingGroup,
  | 'AvailabilityZoneDistribution'
  | 'AvailabilityZoneImpairmentPolicy'
  | 'CapacityRebalance'
  | 'CapacityReservationSpecification'
  | 'Context'
  | 'DeletionProtection'
  | 'DesiredCapacityType'
  | 'InstanceLifecyclePolicy'
  | 'MaxInstanceLifetime'
  | 'PlacementGroup'
  | 'ServiceLinkedRoleARN'
>;

export interface LifecycleHookRecord {
  name: string;
  transition: 'autoscaling:EC2_INSTANCE_LAUNCHING' | 'autoscaling:EC2_INSTANCE_TERMINATING';
  heartbeatTimeout: number;
  defaultResult: 'CONTINUE' | 'ABANDON';
  notificationTarget?: string;
  roleArn?: string;
  notificationMetadata?: string;
}

/** One hook that a member waits for. */
export interface LifecycleActionRecord {
  hook: string;
  token: string;
  /** When the heartbeat time-out ends it; heartbeats move that, up to the global time-out. */
  timesOutAt: number;
  expiresAt: number;
}

/** A policy as it was put, with what AWS adds. */
export interface ScalingPolicyRecord {
  arn: string;
  policy: PutScalingPolicyType & { PolicyName: string };
}

export interface ScheduledActionRecord {
  name: string;
  arn: string;
  startsAt?: number;
  endsAt?: number;
  recurrence?: string;
  timeZone?: string;
  minSize?: number;
  maxSize?: number;
  desiredCapacity?: number;
}

export interface WarmPoolRecord {
  configuration: WarmPoolConfiguration & { MinSize: number; PoolState: string };
  /** The sentence that explains the pool's next launch. */
  cause?: string;
}

export interface MemberRecord {
  instanceId: string;
  lifecycleState: LifecycleState;
  healthy: boolean;
  /** What found it unhealthy, as the cause of its termination says it. */
  unhealthyBy?: string;
  protected: boolean;
  /** Absent for one of a launch configuration, and for an attached instance that no template made. */
  launchTemplate?: { id: string; name: string; version: string };
  launchConfigurationName?: string;
  /** Units of capacity, where the group's overrides have weights; otherwise an instance is one unit. */
  weight?: number;
  /** The image, where an override names it. */
  imageId?: string;
  spot?: true;
  inServiceAt?: number;
  /** When its termination began. */
  leavingSince?: number;
  /** Hooks that it waits for in Pending:Wait or Terminating:Wait. */
  actions?: LifecycleActionRecord[];
  /** The refresh that launched it. */
  refreshId?: string;
  activityId: string;
}

export type RefreshStatus =
  | 'Pending'
  | 'InProgress'
  | 'Baking'
  | 'Successful'
  | 'Failed'
  | 'Cancelling'
  | 'Cancelled'
  | 'RollbackInProgress'
  | 'RollbackSuccessful'
  | 'RollbackFailed';

export interface RefreshRecord {
  id: string;
  group: string;
  /** Tells the group from a later one of the same name. */
  groupArn: string;
  status: RefreshStatus;
  reason?: string;
  preferences: RefreshPreferences & { InstanceWarmup: number; MinHealthyPercentage: number };
  desired?: DesiredConfiguration;
  requestedAt: number;
  startedAt?: number;
  endedAt?: number;
  percentage?: number;
  toUpdate?: number;
  details?: InstanceRefreshProgressDetails;
  /** Instances that have to go, in the direction in which the refresh runs at the moment. */
  outgoing: string[];
  /** The same of the warm pool. */
  warmOutgoing: string[];
  /** How many instances were to be replaced in this direction. */
  total: number;
  /** The furthest that it came in this direction, in steps of instances, and when: an hour without progress ends it. */
  furthest: number;
  lastProgressAt: number;
  /** How many were gone at the last look: the refresh looks once more after the last termination. */
  goneSeen: number;
  /** Checkpoints passed so far, and how long the present one is waited at. */
  checkpointsPassed: number;
  checkpointUntil?: number;
  bakeUntil?: number;
  waitForTransitioning: boolean;
  rollback?: {
    reason: string;
    startedAt: number;
    percentage: number;
    toUpdate: number;
    forwardTotal: number;
  };
}

export interface ActivityRecord {
  id: string;
  group: string;
  groupArn: string;
  description: string;
  cause: string;
  startedAt: number;
  endedAt?: number;
  status:
    | 'PreInService'
    | 'MidLifecycleAction'
    | 'MidTerminatingLifecycleAction'
    | 'InProgress'
    | 'Successful'
    | 'Failed'
    | 'Cancelled';
  statusMessage?: string;
  progress: number;
  details: string;
}
