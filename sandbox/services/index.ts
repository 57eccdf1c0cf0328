import * as autoScaling from '@aws-sdk/client-auto-scaling';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as ec2 from '@aws-sdk/client-ec2';
import * as elb from '@aws-sdk/client-elastic-load-balancing';
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import * as sns from '@aws-sdk/client-sns';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import { operationsOf, type Service, type ServiceName } from '../protocol/schema.ts';
import { activityHandlers } from './auto-scaling/activities.ts';
import { describeGroupHandlers } from './auto-scaling/describe-groups.ts';
import { groupHandlers } from './auto-scaling/groups.ts';
import { groupInstanceHandlers } from './auto-scaling/instances.ts';
import { launchConfigurationHandlers } from './auto-scaling/launch-configurations.ts';
import { lifecycleHookHandlers } from './auto-scaling/lifecycle-hooks.ts';
import { notificationHandlers } from './auto-scaling/notifications.ts';
import { scalingPolicyHandlers } from './auto-scaling/policies.ts';
import { processHandlers } from './auto-scaling/processes.ts';
import { refreshHandlers } from './auto-scaling/refreshes.ts';
import { scheduledActionHandlers } from './auto-scaling/scheduled-actions.ts';
import { groupTagHandlers } from './auto-scaling/tags.ts';
import { trafficSourceHandlers } from './auto-scaling/traffic-sources.ts';
import { typeHandlers } from './auto-scaling/types.ts';
import { warmPoolHandlers } from './auto-scaling/warm-pool.ts';
import { cloudwatchHandlers } from './cloudwatch.ts';
import { fleetHandlers } from './ec2/fleets.ts';
import { imageAttributeHandlers } from './ec2/image-attributes.ts';
import { imageLifecycleHandlers } from './ec2/image-lifecycle.ts';
import { imageUsageHandlers } from './ec2/image-usage.ts';
import { imageHandlers } from './ec2/images.ts';
import { instanceAttributeHandlers } from './ec2/instance-attributes.ts';
import { instanceTypeHandlers } from './ec2/instance-types.ts';
import { instanceHandlers } from './ec2/instances.ts';
import { keyPairHandlers } from './ec2/key-pairs.ts';
import { launchTemplateVersionHandlers } from './ec2/launch-template-versions.ts';
import { launchTemplateHandlers } from './ec2/launch-templates.ts';
import { networkHandlers } from './ec2/network.ts';
import { recycleBinHandlers } from './ec2/recycle-bin.ts';
import { securityGroupHandlers } from './ec2/security-groups.ts';
import { snapshotAttributeHandlers } from './ec2/snapshot-attributes.ts';
import { snapshotHandlers } from './ec2/snapshots.ts';
import { tagHandlers } from './ec2/tags.ts';
import { volumeHandlers } from './ec2/volumes.ts';
import { elbHandlers } from './elb/index.ts';
import { elbv2Handlers } from './elbv2/index.ts';
import type { Handlers } from './service.ts';
import { snsHandlers } from './sns.ts';
import { ssmHandlers } from './ssm/index.ts';
import { stsHandlers } from './sts.ts';

export interface ServedService {
  service: Service;
  handlers: Handlers;
}

function served(
  name: ServiceName,
  wire: Service['wire'],
  version: string,
  namespace: string,
  clientModule: object,
  handlers: Handlers,
  target?: string,
): ServedService {
  const operations = operationsOf(clientModule);
  for (const operation of Object.keys(handlers)) {
    if (!operations.has(operation)) throw new Error(`${name} has no operation ${operation}.`);
  }
  return {
    service: { name, wire, version, namespace, operations, ...(target === undefined ? {} : { target }) },
    handlers,
  };
}

/** What the local AWS serves. The handlers' names are the operations' names. */
export const services: readonly ServedService[] = [
  served('ec2', 'ec2-query', '2016-11-15', 'http://ec2.amazonaws.com/doc/2016-11-15/', ec2, {
    ...imageHandlers,
    ...imageAttributeHandlers,
    ...imageLifecycleHandlers,
    ...imageUsageHandlers,
    ...fleetHandlers,
    ...recycleBinHandlers,
    ...snapshotHandlers,
    ...snapshotAttributeHandlers,
    ...volumeHandlers,
    ...instanceHandlers,
    ...instanceAttributeHandlers,
    ...instanceTypeHandlers,
    ...launchTemplateHandlers,
    ...launchTemplateVersionHandlers,
    ...networkHandlers,
    ...securityGroupHandlers,
    ...keyPairHandlers,
    ...tagHandlers,
  }),
  served(
    'autoscaling',
    'query',
    '2011-01-01',
    'http://autoscaling.amazonaws.com/doc/2011-01-01/',
    autoScaling,
    {
      ...groupHandlers,
      ...describeGroupHandlers,
      ...groupInstanceHandlers,
      ...activityHandlers,
      ...groupTagHandlers,
      ...processHandlers,
      ...lifecycleHookHandlers,
      ...warmPoolHandlers,
      ...trafficSourceHandlers,
      ...scalingPolicyHandlers,
      ...scheduledActionHandlers,
      ...notificationHandlers,
      ...typeHandlers,
      ...launchConfigurationHandlers,
      ...refreshHandlers,
    },
  ),
  served(
    'elb',
    'query',
    '2012-06-01',
    'http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/',
    elb,
    elbHandlers,
  ),
  served(
    'elbv2',
    'query',
    '2015-12-01',
    'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
    elbv2,
    elbv2Handlers,
  ),
  served('sts', 'query', '2011-06-15', 'https://sts.amazonaws.com/doc/2011-06-15/', sts, stsHandlers),
  served('sns', 'query', '2010-03-31', 'http://sns.amazonaws.com/doc/2010-03-31/', sns, snsHandlers),
  served('ssm', 'json', '2014-11-06', '', ssm, ssmHandlers, 'AmazonSSM'),
  served(
    'cloudwatch',
    'json',
    '2010-08-01',
    'http://monitoring.amazonaws.com/doc/2010-08-01/',
    cloudwatch,
    cloudwatchHandlers,
    'GraniteServiceVersion20100801',
  ),
];
