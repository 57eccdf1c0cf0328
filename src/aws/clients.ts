import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import type { AnyClient, CallLog } from './call-log.ts';
import type { CredentialsProvider } from './credentials.ts';

/** The services that the modes talk to, in one Region. */
export interface Aws {
  region: string;
  ec2: EC2Client;
  autoScaling: AutoScalingClient;
  elb: ElasticLoadBalancingV2Client;
  /** Classic Load Balancers. */
  classicElb: ElasticLoadBalancingClient;
  cloudWatch: CloudWatchClient;
  ssm: SSMClient;
  sns: SNSClient;
  sts: STSClient;
  /** The same account in another Region. */
  inRegion(region: string): Aws;
}

export interface AwsOptions {
  region: string;
  /** Absent: the SDK's own chain, i.e. the environment. */
  credentials?: CredentialsProvider;
  /** Absent: AWS_ENDPOINT_URL or AWS itself. */
  endpoint?: string;
  callLog?: CallLog;
  /** How often a call is tried; default 8. */
  attempts?: number;
}

/** Throttling and transient errors are retried by the SDK, with growing pauses of up to 20 s. */
const ATTEMPTS = 8;

/** Calls at once per service: a hundred groups that are watched must not use up AWS's token buckets in one moment. */
const SOCKETS = { maxSockets: 8 };

export function createAws(options: AwsOptions): Aws {
  const config = {
    region: options.region,
    maxAttempts: options.attempts ?? ATTEMPTS,
    retryMode: 'standard',
    requestHandler: { httpAgent: SOCKETS, httpsAgent: SOCKETS, socketAcquisitionWarningTimeout: 60_000 },
    customUserAgent: [['immutable-deploy', '0.1.0']] as [string, string][],
    ...(options.credentials ? { credentials: options.credentials } : {}),
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
  };
  const aws: Aws = {
    region: options.region,
    ec2: new EC2Client(config),
    autoScaling: new AutoScalingClient(config),
    elb: new ElasticLoadBalancingV2Client(config),
    classicElb: new ElasticLoadBalancingClient(config),
    cloudWatch: new CloudWatchClient(config),
    ssm: new SSMClient(config),
    sns: new SNSClient(config),
    sts: new STSClient(config),
    inRegion: (region: string) => (region === options.region ? aws : createAws({ ...options, region })),
  };
  if (options.callLog) {
    for (const client of clientsOf(aws)) options.callLog.attach(client);
  }
  return aws;
}

export function clientsOf(aws: Aws): AnyClient[] {
  return [aws.ec2, aws.autoScaling, aws.elb, aws.classicElb, aws.cloudWatch, aws.ssm, aws.sns, aws.sts];
}
