import type {
  DesiredConfiguration,
  InstanceMaintenancePolicy,
  LaunchTemplateSpecification,
  RefreshPreferences,
} from '@aws-sdk/client-auto-scaling';
import type { Image, LaunchPermission, RequestLaunchTemplateData } from '@aws-sdk/client-ec2';

/**
 * Everything that the local AWS knows, as plain data (times are milliseconds since 1970), so that it can be saved
 * as JSON and loaded again. What a person would look up in the console is here; what happens next is in the
 * clock's timers.
 */
export interface State {
  /** Numbers handed out so far: ids are made of them. */
  issued: number;
  regions: Record<string, RegionState>;
  /** Temporary credentials that STS handed out, by access key id. */
  credentials: Table<CredentialRecord>;
}

export interface CredentialRecord {
  /** Of the session: `arn:aws:sts::…:assumed-role/role/session`. */
  arn: string;
  role: string;
  /** The policy document that was given with the request: it narrows what the role may do. */
  sessionPolicy?: string;
}

export type Table<T> = Map<string, T>;

export interface RegionState {
  tags: Table<Record<string, string>>;
  images: Table<ImageRecord>;
  snapshots: Table<SnapshotRecord>;
  volumes: Table<VolumeRecord>;
  instances: Table<InstanceRecord>;
  launchTemplates: Table<LaunchTemplateRecord>;
  keyPairs: Table<{ id: string; name: string; createdAt: number }>;
  securityGroups: Table<{ id: string; name: string; description: string; vpcId: string }>;
  subnets: Table<{ id: string; vpcId: string; zone: string; zoneId: string; cidr: string }>;
  vpcs: Table<{ id: string; cidr: string }>;
  groups: Table<GroupRecord>;
  launchConfigurations: Table<LaunchConfigurationRecord>;
  refreshes: Table<RefreshRecord>;
  activities: ActivityRecord[];
  loadBalancers: Table<LoadBalancerRecord>;
  listeners: Table<ListenerRecord>;
  targetGroups: Table<TargetGroupRecord>;
  parameters: Table<ParameterRecord>;
  topics: Table<{ arn: string; messages: { at: number; subject?: string; message: string }[] }>;
  alarms: Table<AlarmRecord>;
  /** Answers already given, by operation and client token. */
  tokens: Table<{ request: string; id: string }>;
}

export interface ImageRecord {
  image: Image & { ImageId: string; Name: string; CreationDate: string };
  launchPermissions: LaunchPermission[];
  deregisteredAt?: number;
}

export interface SnapshotRecord {
  id: string;
  volumeId: string;
  description: string;
  startedAt: number;
  completedAt?: number;
  sizeGiB: number;
  encrypted: boolean;
}

export interface VolumeRecord {
  id: string;
  sizeGiB: number;
  type: string;
  zone: string;
  createdAt: number;
  state: 'in-use' | 'available';
  instanceId?: string;
  deviceName?: string;
  deleteOnTermination: boolean;
  snapshotId?: string;
}

export type InstanceStateName =
  | 'pending'
  | 'running'
  | 'stopping'
  | 'stopped'
  | 'shutting-down'
  | 'terminated';

export interface InstanceRecord {
  id: string;
  reservationId: string;
  imageId: string;
  instanceType: string;
  subnetId: string;
  privateIp: string;
  state: InstanceStateName;
  launchedAt: number;
  /** What the driver said when the instance started: when the application answers, if ever. */
  answersAt?: number;
  volumeIds: string[];
  keyName?: string;
  securityGroupIds: string[];
  launchTemplate?: { id: string; version: number };
  terminationReason?: string;
  terminatedAt?: number;
}

export interface LaunchTemplateRecord {
  id: string;
  name: string;
  createdAt: number;
  defaultVersion: number;
  /** The highest number ever given: numbers are not used again. */
  lastNumber: number;
  versions: LaunchTemplateVersionRecord[];
}

export interface LaunchTemplateVersionRecord {
  number: number;
  createdAt: number;
  description?: string;
  data: RequestLaunchTemplateData;
}

export interface GroupRecord {
  name: string;
  arn: string;
  createdAt: number;
  /** As AWS shows it: id, name and the version as it was given (a number, `$Latest` or `$Default`). */
  launchTemplate: LaunchTemplateSpecification;
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
  terminationPolicies: string[];
  suspendedProcesses: { name: string; since: number }[];
  tags: { key: string; value: string; propagate: boolean }[];
  newInstancesProtected: boolean;
  members: MemberRecord[];
  deleting: boolean;
  /** The sentence that explains a change of the desired capacity, until a launch or termination has told it. */
  capacityCause?: string;
  /** A launch failed: not tried again before this time. */
  launchBackoffUntil?: number;
  launchFailures: number;
  /** When the group is looked at next; absent when nothing is to be done. */
  reconcileAt?: number;
}

export interface LaunchConfigurationRecord {
  name: string;
  arn: string;
  createdAt: number;
  imageId: string;
  instanceType: string;
}

export type LifecycleState = 'Pending' | 'InService' | 'Terminating' | 'Standby';

export interface MemberRecord {
  instanceId: string;
  lifecycleState: LifecycleState;
  healthy: boolean;
  protected: boolean;
  launchTemplate: { id: string; name: string; version: string };
  inServiceAt?: number;
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
  status: RefreshStatus;
  reason?: string;
  preferences: RefreshPreferences & { InstanceWarmup: number; MinHealthyPercentage: number };
  desired?: DesiredConfiguration;
  requestedAt: number;
  startedAt?: number;
  endedAt?: number;
  percentage?: number;
  toUpdate?: number;
  /** Instances that have to go, in the direction in which the refresh runs at the moment. */
  outgoing: string[];
  /** How many instances were to be replaced in this direction. */
  total: number;
  /** The furthest that it came in this direction, in steps of instances, and when: an hour without progress ends it. */
  furthest: number;
  lastProgressAt: number;
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
  status: 'PreInService' | 'InProgress' | 'Successful' | 'Failed' | 'Cancelled';
  statusMessage?: string;
  progress: number;
  details: string;
}

export interface LoadBalancerRecord {
  arn: string;
  name: string;
  dnsName: string;
  type: string;
  scheme: string;
  createdAt: number;
  subnetIds: string[];
}

export interface ListenerRecord {
  arn: string;
  loadBalancerArn: string;
  protocol: string;
  port: number;
  targetGroups: { arn: string; weight: number }[];
}

export interface TargetGroupRecord {
  arn: string;
  name: string;
  protocol: string;
  port: number;
  vpcId: string;
  healthCheck: {
    path: string;
    intervalSeconds: number;
    timeoutSeconds: number;
    healthyThreshold: number;
    unhealthyThreshold: number;
  };
  attributes: Record<string, string>;
  targets: TargetRecord[];
}

export interface TargetRecord {
  instanceId: string;
  port: number;
  state: 'initial' | 'healthy' | 'unhealthy' | 'draining';
  /** Checks in a row that did not fit the present state. */
  streak: number;
}

export interface ParameterRecord {
  name: string;
  type: string;
  dataType: string;
  versions: { value: string; modifiedAt: number }[];
}

export interface AlarmRecord {
  name: string;
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  reason: string;
  updatedAt: number;
  definition: Record<string, unknown>;
}

export function emptyState(): State {
  return { issued: 0, regions: {}, credentials: new Map() };
}

export function emptyRegion(): RegionState {
  return {
    tags: new Map(),
    images: new Map(),
    snapshots: new Map(),
    volumes: new Map(),
    instances: new Map(),
    launchTemplates: new Map(),
    keyPairs: new Map(),
    securityGroups: new Map(),
    subnets: new Map(),
    vpcs: new Map(),
    groups: new Map(),
    launchConfigurations: new Map(),
    refreshes: new Map(),
    activities: [],
    loadBalancers: new Map(),
    listeners: new Map(),
    targetGroups: new Map(),
    parameters: new Map(),
    topics: new Map(),
    alarms: new Map(),
    tokens: new Map(),
  };
}
