import type {
  FleetData,
  ImageRecycleBinInfo,
  SnapshotRecycleBinInfo,
  SpotFleetRequestConfig,
  SpotInstanceRequest,
} from '@aws-sdk/client-ec2';
import { IndexedTable } from './indexes.ts';
import type {
  ActivityRecord,
  GroupRecord,
  LaunchConfigurationRecord,
  RefreshRecord,
} from './records/auto-scaling.ts';
import type {
  ImageRecord,
  ImageUsageReportRecord,
  InstanceRecord,
  KeyPairRecord,
  LaunchTemplateRecord,
  SecurityGroupRecord,
  SnapshotRecord,
  VolumeRecord,
} from './records/ec2.ts';
import type {
  ClassicLoadBalancerRecord,
  ListenerRecord,
  LoadBalancerRecord,
  RuleRecord,
  TargetGroupRecord,
} from './records/load-balancing.ts';
import type {
  AlarmRecord,
  CommandRecord,
  CredentialRecord,
  ParameterPut,
  ParameterRecord,
  TopicRecord,
  TrustRecord,
} from './records/services.ts';

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
  /** Fleets and Spot requests launch nothing here: a scene puts them straight into the state, to be described. */
  fleets: Table<FleetData>;
  spotFleetRequests: Table<SpotFleetRequestConfig>;
  spotInstanceRequests: Table<SpotInstanceRequest>;
  /** There are no retention rules here: a scene puts what they would keep straight into the state. */
  recycledImages: Table<ImageRecycleBinInfo>;
  recycledSnapshots: Table<SnapshotRecycleBinInfo>;
  /** Launch templates a Region and versions a template; AWS does not raise them. */
  quotas: { launchTemplates: number; launchTemplateVersions: number };
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
    fleets: new Map(),
    spotFleetRequests: new Map(),
    spotInstanceRequests: new Map(),
    recycledImages: new Map(),
    recycledSnapshots: new Map(),
    quotas: { launchTemplates: 5000, launchTemplateVersions: 10_000 },
  };
}
