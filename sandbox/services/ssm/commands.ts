import type {
  Command,
  DescribeInstanceInformationRequest,
  DescribeInstanceInformationResult,
  GetCommandInvocationRequest,
  GetCommandInvocationResult,
  InstanceInformation,
  SendCommandRequest,
  SendCommandResult,
} from '@aws-sdk/client-ssm';
import type { InstanceRecord } from '../../engine/records/ec2.ts';
import type { CommandOutcome, CommandRecord } from '../../engine/records/services.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { ssmPage } from './lists.ts';

/** Commands on instances: nothing is run, the instance's image says by a tag how they end. */
export const commandHandlers: Handlers = { SendCommand, GetCommandInvocation, DescribeInstanceInformation };

/** `succeeds` (also without the tag), `fails` or `times-out`. */
const COMMAND_TAG = 'sandbox:command';

const RUN_SECONDS = 3;
const DEFAULT_EXECUTION_SECONDS = 3600;

function SendCommand(input: SendCommandRequest, region: Region): SendCommandResult {
  const ids = [...new Set([...(input.InstanceIds ?? []), ...targetedBy(region, input.Targets)])];
  const unmanaged = (input.InstanceIds ?? []).filter((id) => !isManaged(region, id));
  if (unmanaged.length > 0)
    throw new ServiceError(
      'InvalidInstanceId',
      `Instances [[${unmanaged.join(', ')}]] not in a valid state for account ${ACCOUNT}`,
    );
  const record: CommandRecord = {
    id: region.world.newUuid(),
    document: input.DocumentName ?? '',
    comment: input.Comment ?? '',
    parameters: input.Parameters ?? {},
    requestedAt: region.now,
    executionSeconds: Number(input.Parameters?.executionTimeout?.[0] ?? DEFAULT_EXECUTION_SECONDS),
    outcomes: Object.fromEntries(ids.map((id) => [id, outcomeOn(region, id)])),
  };
  region.state.commands.set(record.id, record);
  return { Command: describeCommand(record) };
}

/** Instances by id or tag; those that the agent does not answer for are left out. */
function targetedBy(region: Region, targets: SendCommandRequest['Targets']): string[] {
  return (targets ?? []).flatMap(({ Key = '', Values = [] }) =>
    [...region.state.instances.keys()].filter(
      (id) =>
        isManaged(region, id) &&
        (Key === 'InstanceIds'
          ? Values.includes(id)
          : Key.startsWith('tag:') && Values.includes(region.tagsOf(id)[Key.slice(4)] ?? '')),
    ),
  );
}

function outcomeOn(region: Region, instanceId: string): CommandOutcome {
  const tag = region.tagsOf(region.state.instances.get(instanceId)?.imageId ?? '')[COMMAND_TAG];
  return tag === 'fails' || tag === 'times-out' ? tag : 'succeeds';
}

function describeCommand(record: CommandRecord): Command {
  return {
    CommandId: record.id,
    DocumentName: record.document,
    Comment: record.comment,
    Parameters: record.parameters,
    InstanceIds: Object.keys(record.outcomes),
    RequestedDateTime: new Date(record.requestedAt),
    Status: 'Pending',
    StatusDetails: 'Pending',
    TargetCount: Object.keys(record.outcomes).length,
    CompletedCount: 0,
    ErrorCount: 0,
    DeliveryTimedOutCount: 0,
  };
}

function GetCommandInvocation(
  input: GetCommandInvocationRequest,
  region: Region,
): GetCommandInvocationResult {
  const record = region.state.commands.get(input.CommandId ?? '');
  const outcome = record?.outcomes[input.InstanceId ?? ''];
  if (!record || !outcome) throw new ServiceError('InvocationDoesNotExist', '');
  return {
    CommandId: record.id,
    InstanceId: input.InstanceId,
    Comment: record.comment,
    DocumentName: record.document,
    DocumentVersion: '$DEFAULT',
    PluginName: 'aws:runShellScript',
    ExecutionStartDateTime: new Date(record.requestedAt).toISOString(),
    StandardOutputContent: '',
    StandardErrorContent: '',
    StandardOutputUrl: '',
    StandardErrorUrl: '',
    ...progressOf(record, outcome, region.now),
  };
}

/** A response code of -1 means that there is none. */
function progressOf(record: CommandRecord, outcome: CommandOutcome, now: number) {
  const seconds = outcome === 'times-out' ? record.executionSeconds : RUN_SECONDS;
  const endsAt = record.requestedAt + seconds * 1000;
  if (now < endsAt) return { Status: 'InProgress', StatusDetails: 'InProgress', ResponseCode: -1 } as const;
  const end = {
    ExecutionElapsedTime: `PT${seconds}S`,
    ExecutionEndDateTime: new Date(endsAt).toISOString(),
  };
  if (outcome === 'succeeds')
    return { ...end, Status: 'Success', StatusDetails: 'Success', ResponseCode: 0 } as const;
  if (outcome === 'times-out')
    return { ...end, Status: 'TimedOut', StatusDetails: 'ExecutionTimedOut', ResponseCode: -1 } as const;
  return {
    ...end,
    Status: 'Failed',
    StatusDetails: 'Failed',
    ResponseCode: 1,
    StandardErrorContent: 'failed to run commands: exit status 1',
  } as const;
}

/** The instances whose agent has reported. */
function DescribeInstanceInformation(
  input: DescribeInstanceInformationRequest,
  region: Region,
): DescribeInstanceInformationResult {
  const wanted = (input.Filters ?? []).map(({ Key = '', Values = [] }) => {
    if (Key !== 'InstanceIds' && !Key.startsWith('tag:'))
      throw new ServiceError('InvalidInstanceInformationFilterValue', '');
    return (id: string) =>
      Values.includes(Key === 'InstanceIds' ? id : (region.tagsOf(id)[Key.slice(4)] ?? ''));
  });
  const found = [...region.state.instances.values()].filter(
    ({ id }) => isManaged(region, id) && wanted.every((passes) => passes(id)),
  );
  const { items, next } = ssmPage(found, input, 50);
  return { InstanceInformationList: items.map((instance) => describeInstance(region, instance)), ...next };
}

/** Its agent is there as soon as the instance answers at all (an instance profile is not asked for). */
function isManaged(region: Region, instanceId: string): boolean {
  const instance = region.state.instances.get(instanceId);
  return instance !== undefined && region.world.driver.probe(instance, region.now).answers;
}

function describeInstance(region: Region, instance: InstanceRecord): InstanceInformation {
  return {
    InstanceId: instance.id,
    PingStatus: 'Online',
    LastPingDateTime: new Date(region.now),
    PlatformType: 'Linux',
    ResourceType: 'EC2Instance',
    IPAddress: instance.privateIp,
  };
}
