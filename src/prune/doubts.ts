import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { Instance } from '@aws-sdk/client-ec2';
import { tagsOf } from '../tags.ts';
import { shortList } from './lists.ts';
import { SOURCES, type UnreadableSource } from './sources.ts';

/** Members of a group that have an instance for certain; one that is only just launched may not be listed yet. */
const SETTLED: ReadonlySet<string | undefined> = new Set([
  'InService',
  'Standby',
  'Warmed:Stopped',
  'Warmed:Running',
]);

/** Instances that go may outlive the group that they belonged to. */
const LEAVING: ReadonlySet<string | undefined> = new Set(['shutting-down', 'terminated']);

/**
 * Lists that contradict each other: a page is missing, an answer is empty, or the role sees only a part. A list that
 * is not whole is as good as one that could not be read.
 */
export function contradictions(
  instances: readonly Instance[],
  groups: readonly AutoScalingGroup[],
): UnreadableSource[] {
  const groupNames = new Set(groups.map(({ AutoScalingGroupName }) => AutoScalingGroupName));
  const instanceIds = new Set(instances.map(({ InstanceId }) => InstanceId));
  const missingGroups = instances.flatMap((instance) => {
    const name = tagsOf(instance)['aws:autoscaling:groupName'];
    if (name === undefined || groupNames.has(name) || LEAVING.has(instance.State?.Name)) return [];
    return `${name} (of instance ${instance.InstanceId})`;
  });
  const missingInstances = groups.flatMap(({ AutoScalingGroupName, Instances = [] }) =>
    Instances.filter(
      ({ InstanceId, LifecycleState }) => SETTLED.has(LifecycleState) && !instanceIds.has(InstanceId),
    ).map(({ InstanceId }) => `${InstanceId} (of Auto Scaling group ${AutoScalingGroupName})`),
  );
  return [...lacking(SOURCES.groups, missingGroups), ...lacking(SOURCES.instances, missingInstances)];
}

function lacking(source: UnreadableSource['source'], missing: readonly string[]): UnreadableSource[] {
  if (missing.length === 0) return [];
  return [{ source, error: new Error(`the list lacks ${shortList(missing, 3)}`) }];
}
