import type {
  DesiredConfiguration,
  InstanceMaintenancePolicy,
  LaunchTemplateSpecification,
  RefreshPreferences,
} from '@aws-sdk/client-auto-scaling';
import type {
  _InstanceType,
  ArchitectureValues,
  BootModeValues,
  CreateVolumePermission,
  HttpTokensState,
  Image,
  InstanceMetadataEndpointState,
  InstanceMetadataProtocolState,
  InstanceMetadataTagsState,
  IpPermission,
  LaunchPermission,
  LockMode,
  RequestLaunchTemplateData,
  VolumeType,
} from '@aws-sdk/client-ec2';
import { IndexedTable } from './indexes.ts';

/**
 * Everything that the local AWS knows, as plain data (times are milliseconds since 1970), so that it can be saved
 * as JSON and loaded again. What a person would look up in the console is here; what happens next is in the
 * clock's timers.
 */
export interface State {
  /** Numbers handed out so far: ids are made of them. */
  issued: number;
  regions: Record<string, RegionState>;
}

export type Table<T> = Map<string, T>;

export interface RegionState {
  /** Of every kind of resource, by its id. Changed by putting a new record in the old one's place. */
  tags: IndexedTable<Readonly<Record<string, string>>>;
  images: IndexedTable<ImageRecord>;
  snapshots: Table<SnapshotRecord>;
  volumes: Table<VolumeRecord>;
  instances: Table<InstanceRecord>;
  launchTemplates: Table<LaunchTemplateRecord>;
  keyPairs: Table<KeyPairRecord>;
  securityGroups: Table<SecurityGroupRecord>;
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
  imageUsageReports: Table<ImageUsageReportRecord>;
  /** Launch templates a Region and versions a template; AWS does not raise them. */
  quotas: { launchTemplates: number; launchTemplateVersions: number };
}

export interface ImageRecord {
  image: Image & { ImageId: string; Name: string; CreationDate: string };
  launchPermissions: LaunchPermission[];
  deregisteredAt?: number;
  /** Launches of the last day, and the last one before: `LastLaunchedTime` tells a launch a day later. */
  launches?: number[];
  /** A deregistration protection with cooldown was disabled: it goes on until then. */
  protectedUntil?: number;
  /** Why the image will end as `failed`. */
  failure?: string;
  /** What other accounts make of a shared image. There are none here: a scene puts it straight into the state. */
  usedElsewhere?: ImageUsage[];
}

export interface ImageUsage {
  accountId: string;
  /** As reports name it: `ec2:Instance` or `ec2:LaunchTemplate`. */
  type: string;
  count: number;
}

export interface ImageUsageReportRecord {
  id: string;
  imageId: string;
  createdAt: number;
  available: boolean;
  resourceTypes: { type: string; versionDepth: number }[];
  accountIds: string[];
  entries: ImageUsage[];
}

export interface SnapshotRecord {
  id: string;
  volumeId: string;
  description: string;
  startedAt: number;
  completedAt?: number;
  sizeGiB: number;
  encrypted: boolean;
  /** Absent: the account of the sandbox. */
  ownerId?: string;
  kmsKeyId?: string;
  /** Why the snapshot will end, or ended, in `error`. */
  failure?: string;
  failed?: boolean;
  createVolumePermissions?: CreateVolumePermission[];
  lock?: SnapshotLock;
}

export interface SnapshotLock {
  mode: LockMode;
  createdAt: number;
  durationDays: number;
  expiresAt: number;
  /** Hours in which a compliance lock can still be taken off. */
  coolOffPeriod?: number;
}

export interface VolumeRecord {
  id: string;
  sizeGiB: number;
  type: VolumeType;
  zone: string;
  createdAt: number;
  state: 'creating' | 'in-use' | 'available' | 'deleting';
  instanceId?: string;
  deviceName?: string;
  attachedAt?: number;
  deleteOnTermination: boolean;
  snapshotId?: string;
  iops?: number;
  throughput?: number;
  encrypted?: boolean;
  kmsKeyId?: string;
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
  instanceType: _InstanceType;
  subnetId: string;
  privateIp: string;
  state: InstanceStateName;
  /** Of the last start: EC2's `LaunchTime` moves with each. */
  launchedAt: number;
  firstLaunchedAt: number;
  /** What the driver said when the instance started: when the application answers, if ever. */
  answersAt?: number;
  volumeIds: string[];
  keyName?: string;
  securityGroupIds: string[];
  launchTemplate?: { id: string; version: number };
  /** Taken over from the image at the launch: the image may be gone since. */
  system: {
    architecture: ArchitectureValues;
    rootDeviceName: string;
    platformDetails: string;
    usageOperation: string;
    bootMode?: BootModeValues;
    enaSupport: boolean;
  };
  metadataOptions: {
    HttpTokens: HttpTokensState;
    HttpPutResponseHopLimit: number;
    HttpEndpoint: InstanceMetadataEndpointState;
    HttpProtocolIpv6: InstanceMetadataProtocolState;
    InstanceMetadataTags: InstanceMetadataTagsState;
  };
  networkInterfaceId: string;
  networkAttachmentId: string;
  instanceProfile?: { arn: string; id: string };
  userData?: string;
  monitoring: boolean;
  ebsOptimized: boolean;
  disableApiTermination: boolean;
  shutdownBehavior: string;
  clientToken?: string;
  /** The service that launched it. */
  requesterId?: string;
  /** Why it stops or stopped: `User initiated (…)`. */
  transitionReason?: string;
  /** A stopped instance is being terminated: it is `stopped` for a moment still, without a network. */
  leaving?: boolean;
  terminatedAt?: number;
}

export interface KeyPairRecord {
  id: string;
  name: string;
  createdAt: number;
  type: 'rsa' | 'ed25519';
  fingerprint: string;
  /** In OpenSSH's format, without the comment. */
  publicKey: string;
}

export interface SecurityGroupRecord {
  id: string;
  name: string;
  description: string;
  vpcId: string;
  ingress: IpPermission[];
  egress: IpPermission[];
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

export function emptyRegion(): RegionState {
  return {
    tags: new IndexedTable(),
    images: new IndexedTable(),
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
    imageUsageReports: new Map(),
    quotas: { launchTemplates: 5000, launchTemplateVersions: 10_000 },
  };
}
