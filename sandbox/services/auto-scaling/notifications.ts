import type {
  DeleteNotificationConfigurationType,
  DescribeNotificationConfigurationsAnswer,
  DescribeNotificationConfigurationsType,
  DisableMetricsCollectionQuery,
  EnableMetricsCollectionQuery,
  PutNotificationConfigurationType,
} from '@aws-sdk/client-auto-scaling';
import type { Region } from '../../engine/world.ts';
import { validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { autoScalingPage, checkedEnum, findGroup } from './requests.ts';

/** Notifications and metrics collection: kept and returned; nothing is sent or measured. */
export const notificationHandlers: Handlers = {
  PutNotificationConfiguration,
  DescribeNotificationConfigurations,
  DeleteNotificationConfiguration,
  EnableMetricsCollection,
  DisableMetricsCollection,
};

/** The call says all types of the topic: what it had before is overwritten (API reference). */
function PutNotificationConfiguration(input: PutNotificationConfigurationType, region: Region): undefined {
  const group = findGroup(region, input.AutoScalingGroupName);
  const topicArn = input.TopicARN ?? '';
  group.notifications = [
    ...group.notifications.filter((notification) => notification.topicArn !== topicArn),
    ...(input.NotificationTypes ?? []).map((type) => ({ topicArn, type })),
  ];
}

function DescribeNotificationConfigurations(
  input: DescribeNotificationConfigurationsType,
  region: Region,
): DescribeNotificationConfigurationsAnswer {
  const names = input.AutoScalingGroupNames;
  const configurations = [...region.state.groups.values()]
    .filter((group) => !names?.length || names.includes(group.name))
    .flatMap((group) =>
      group.notifications.map(({ topicArn, type }) => ({
        AutoScalingGroupName: group.name,
        TopicARN: topicArn,
        NotificationType: type,
      })),
    );
  const { items, next } = autoScalingPage(configurations, input, 50);
  return { NotificationConfigurations: items, ...next };
}

function DeleteNotificationConfiguration(
  input: DeleteNotificationConfigurationType,
  region: Region,
): undefined {
  const group = findGroup(region, input.AutoScalingGroupName);
  const left = group.notifications.filter(({ topicArn }) => topicArn !== input.TopicARN);
  if (left.length === group.notifications.length) {
    // The text is an inference.
    throw validationError('Notification Topic not found for AutoScalingGroup');
  }
  group.notifications = left;
}

const OF_GROUPS = [
  'GroupMinSize',
  'GroupMaxSize',
  'GroupDesiredCapacity',
  'GroupInServiceInstances',
  'GroupPendingInstances',
  'GroupStandbyInstances',
  'GroupTerminatingInstances',
  'GroupTotalInstances',
  'GroupInServiceCapacity',
  'GroupPendingCapacity',
  'GroupStandbyCapacity',
  'GroupTerminatingCapacity',
  'GroupTotalCapacity',
];

const OF_WARM_POOLS = [
  'WarmPoolDesiredCapacity',
  'WarmPoolWarmedCapacity',
  'WarmPoolPendingCapacity',
  'WarmPoolTerminatingCapacity',
  'WarmPoolTotalCapacity',
  'GroupAndWarmPoolDesiredCapacity',
  'GroupAndWarmPoolTotalCapacity',
];

const METRICS = [...OF_GROUPS, ...OF_WARM_POOLS];

function EnableMetricsCollection(input: EnableMetricsCollectionQuery, region: Region): undefined {
  const group = findGroup(region, input.AutoScalingGroupName);
  checkedEnum(input.Granularity ?? '', 'granularity', ['1Minute']);
  const named = checkedMetrics(input.Metrics);
  group.enabledMetrics = METRICS.filter(
    (metric) => named.includes(metric) || group.enabledMetrics.includes(metric),
  );
}

function DisableMetricsCollection(input: DisableMetricsCollectionQuery, region: Region): undefined {
  const group = findGroup(region, input.AutoScalingGroupName);
  const named = checkedMetrics(input.Metrics);
  group.enabledMetrics = group.enabledMetrics.filter((metric) => !named.includes(metric));
}

/** All metrics when none is named. */
function checkedMetrics(metrics: readonly string[] | undefined): readonly string[] {
  if (!metrics?.length) return METRICS;
  return metrics.map((metric) => checkedEnum(metric, 'metrics', METRICS));
}
