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

/** EC2's resources. Times are milliseconds since 1970. */

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
