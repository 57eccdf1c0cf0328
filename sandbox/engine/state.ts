import type {
  AutoScalingGroup,
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
import type { Action, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
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
  /** Temporary credentials that STS handed out, by access key id. */
  credentials: Table<CredentialRecord>;
  /** Whom a role trusts, by the role's ARN. One that is not here trusts every token. */
  trust: Table<TrustRecord>;
}

export interface CredentialRecord {
  /** Of the session: `arn:aws:sts::…:assumed-role/role/session`. */
  arn: string;
  userId: string;
  role: string;
  /** The policy document that was given with the request: it narrows what the role may do. */
  sessionPolicy?: string;
  /** In the machine's time, like the expiration that the SDKs compare with it. */
  expiresAt: number;
}

export interface TrustRecord {
  /** What the identity provider takes as `aud` or `azp`. */
  audiences: string[];
  /** What the trust policy takes as `sub`; `*` stands for anything. */
  subjects: string[];
}

export type Table<T> = Map<string, T>;

export interface RegionState {
  /** Of every kind of resource, by its id. Changed by putting a new record in the old one's place. */
  tags: IndexedTable<Readonly<Record<string, string>>>;
  /** Tags of what is not EC2's, by ARN. */
  arnTags: Table<Record<string, string>>;
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
  rules: Table<RuleRecord>;
  targetGroups: Table<TargetGroupRecord>;
  classicLoadBalancers: Table<ClassicLoadBalancerRecord>;
  parameters: Table<ParameterRecord>;
  parameterPuts: Table<ParameterPut>;
  commands: Table<CommandRecord>;
  topics: Table<TopicRecord>;
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
  /** The HTTP status with which it answers; absent: 200. */
  answersWith?: number;
  volumeIds: string[];
  keyName?: string;
  securityGroupIds: string[];
  launchTemplate?: { id: string; version: number };
  /** The Auto Scaling group that it is a member of, or in whose warm pool it is. */
  group?: string;
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

export interface LoadBalancerRecord {
  arn: string;
  name: string;
  dnsName: string;
  type: 'application' | 'network';
  scheme: 'internet-facing' | 'internal';
  createdAt: number;
  vpcId: string;
  subnetIds: string[];
  securityGroupIds: string[];
  attributes: Record<string, string>;
}

export interface ListenerRecord {
  arn: string;
  loadBalancerArn: string;
  protocol: ListenerProtocol;
  port: number;
  defaultActions: Action[];
  certificates: string[];
  sslPolicy?: string;
}

export type ListenerProtocol = 'HTTP' | 'HTTPS' | 'TCP' | 'TLS' | 'UDP' | 'TCP_UDP';

/** A rule besides the default one, which is the listener's own `defaultActions`. */
export interface RuleRecord {
  arn: string;
  listenerArn: string;
  priority: number;
  conditions: RuleCondition[];
  actions: Action[];
}

export interface TargetGroupRecord {
  arn: string;
  name: string;
  targetType: 'instance' | 'ip';
  protocol: ListenerProtocol;
  protocolVersion?: string;
  port: number;
  vpcId: string;
  healthCheck: TargetHealthCheck;
  attributes: Record<string, string>;
  /** By instance id or address: one and the same may be there with several ports. */
  targets: Table<TargetRecord[]>;
  /** A listener or a rule forwards to it: only then are its targets checked. */
  inUse: boolean;
  /** A deleted load balancer holds its target groups for some seconds more. */
  heldUntil?: number;
}

export interface TargetHealthCheck {
  protocol: 'HTTP' | 'HTTPS' | 'TCP';
  /** A number, or `traffic-port`. */
  port: string;
  intervalSeconds: number;
  timeoutSeconds: number;
  healthyThreshold: number;
  unhealthyThreshold: number;
  /** Of HTTP and HTTPS checks only. */
  path?: string;
  matcher?: string;
}

export interface TargetRecord {
  id: string;
  port: number;
  /** Of targets that are addresses. */
  zone?: string;
  state: 'initial' | 'healthy' | 'unhealthy' | 'draining';
  /** Checks in a row that did not fit the present state. */
  streak: number;
  /** Why the last check failed. */
  failure?: CheckFailure;
  /** When it is checked next; absent when nothing will change by itself. */
  checkAt?: number;
  drainsUntil?: number;
}

/** No answer in time, no connection, or the HTTP status of an answer that was not the wanted one. */
export type CheckFailure = 'timeout' | 'refused' | number;

/** A load balancer of the first generation: its instances are registered with it directly. */
export interface ClassicLoadBalancerRecord {
  name: string;
  dnsName: string;
  scheme: string;
  createdAt: number;
  vpcId: string;
  zones: string[];
  subnetIds: string[];
  securityGroupIds: string[];
  listeners: {
    protocol: string;
    port: number;
    instanceProtocol: string;
    instancePort: number;
    certificate?: string;
  }[];
  healthCheck: {
    target: string;
    intervalSeconds: number;
    timeoutSeconds: number;
    healthyThreshold: number;
    unhealthyThreshold: number;
  };
  crossZone: boolean;
  idleTimeoutSeconds: number;
  draining: { enabled: boolean; timeoutSeconds: number };
  instances: Table<ClassicInstanceRecord>;
}

export interface ClassicInstanceRecord {
  instanceId: string;
  state: 'registering' | 'in-service' | 'out-of-service';
  /** Checks in a row that did not fit the present state. */
  streak: number;
  checkAt?: number;
  drainsUntil?: number;
}

export interface ParameterRecord {
  name: string;
  type: string;
  dataType: string;
  /** Absent: Standard. */
  tier?: 'Advanced';
  description?: string;
  allowedPattern?: string;
  keyId?: string;
  /** Version numbers by label. */
  labels?: Record<string, number>;
  versions: { value: string; modifiedAt: number }[];
}

/** A put that has been answered and is applied when its value has proved to be an image. */
export interface ParameterPut {
  name: string;
  value: string;
  settings: Omit<ParameterRecord, 'name' | 'versions' | 'labels'>;
}

/** A command that was sent to instances through Systems Manager. */
export interface CommandRecord {
  id: string;
  document: string;
  comment: string;
  parameters: Record<string, string[]>;
  requestedAt: number;
  /** How long the command may run. */
  executionSeconds: number;
  /** By instance id. */
  outcomes: Record<string, CommandOutcome>;
}

export type CommandOutcome = 'succeeds' | 'fails' | 'times-out';

export interface TopicRecord {
  arn: string;
  displayName?: string;
  subscriptions: { arn: string; protocol: string; endpoint: string }[];
  messages: { at: number; subject?: string; message: string; structure?: 'json' }[];
}

export interface AlarmRecord {
  name: string;
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  reason: string;
  /** When the state was said last, when it changed last, and when the alarm was defined last. */
  updatedAt: number;
  changedAt: number;
  configuredAt: number;
  definition: Record<string, unknown>;
}

export function emptyState(): State {
  return { issued: 0, regions: {}, credentials: new Map(), trust: new Map() };
}

export function emptyRegion(): RegionState {
  return {
    tags: new IndexedTable(),
    arnTags: new Map(),
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
    rules: new Map(),
    targetGroups: new Map(),
    classicLoadBalancers: new Map(),
    parameters: new Map(),
    parameterPuts: new Map(),
    commands: new Map(),
    topics: new Map(),
    alarms: new Map(),
    tokens: new Map(),
    imageUsageReports: new Map(),
    quotas: { launchTemplates: 5000, launchTemplateVersions: 10_000 },
  };
}
