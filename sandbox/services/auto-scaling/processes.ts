import type { ProcessesType, ScalingProcessQuery } from '@aws-sdk/client-auto-scaling';
import { REACTION_SECONDS, wakeGroup } from '../../engine/members.ts';
import type { Region } from '../../engine/world.ts';
import { validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { findGroup } from './requests.ts';

export const processHandlers: Handlers = {
  SuspendProcesses,
  ResumeProcesses,
  DescribeScalingProcessTypes,
};

const PROCESSES = [
  'AZRebalance',
  'AddToLoadBalancer',
  'AlarmNotification',
  'HealthCheck',
  'InstanceRefresh',
  'Launch',
  'ReplaceUnhealthy',
  'ScheduledActions',
  'Terminate',
];

function SuspendProcesses(input: ScalingProcessQuery, region: Region): undefined {
  const group = findGroup(region, input.AutoScalingGroupName);
  const names = checkedProcesses(input);
  const known = new Set(group.suspendedProcesses.map((process) => process.name));
  for (const name of names) {
    if (!known.has(name)) group.suspendedProcesses.push({ name, since: region.now });
  }
}

function ResumeProcesses(input: ScalingProcessQuery, region: Region): undefined {
  const group = findGroup(region, input.AutoScalingGroupName);
  const names = checkedProcesses(input);
  group.suspendedProcesses = group.suspendedProcesses.filter((process) => !names.includes(process.name));
  wakeGroup(region, group, REACTION_SECONDS);
}

/** All processes when none is named. */
function checkedProcesses({ ScalingProcesses }: ScalingProcessQuery): readonly string[] {
  if (!ScalingProcesses?.length) return PROCESSES;
  for (const name of ScalingProcesses) {
    // The text is an inference.
    if (!PROCESSES.includes(name)) throw validationError(`Invalid scaling process: ${name}`);
  }
  return ScalingProcesses;
}

function DescribeScalingProcessTypes(): ProcessesType {
  return { Processes: PROCESSES.map((ProcessName) => ({ ProcessName })) };
}
