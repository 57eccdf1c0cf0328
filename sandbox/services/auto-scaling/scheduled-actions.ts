import type {
  BatchDeleteScheduledActionAnswer,
  BatchDeleteScheduledActionType,
  BatchPutScheduledUpdateGroupActionAnswer,
  BatchPutScheduledUpdateGroupActionType,
  DeleteScheduledActionType,
  DescribeScheduledActionsType,
  PutScheduledUpdateGroupActionType,
  ScheduledActionsType,
  ScheduledUpdateGroupAction,
} from '@aws-sdk/client-auto-scaling';
import type { GroupRecord, ScheduledActionRecord } from '../../engine/records/auto-scaling.ts';
import { ACCOUNT, type Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { autoScalingPage, findGroup } from './requests.ts';

/** Scheduled actions: kept and returned, never carried out. */
export const scheduledActionHandlers: Handlers = {
  PutScheduledUpdateGroupAction,
  BatchPutScheduledUpdateGroupAction,
  DescribeScheduledActions,
  DeleteScheduledAction,
  BatchDeleteScheduledAction,
};

type ActionInput = Omit<PutScheduledUpdateGroupActionType, 'AutoScalingGroupName'>;

function PutScheduledUpdateGroupAction(input: PutScheduledUpdateGroupActionType, region: Region): undefined {
  putAction(region, findGroup(region, input.AutoScalingGroupName), input);
}

function BatchPutScheduledUpdateGroupAction(
  input: BatchPutScheduledUpdateGroupActionType,
  region: Region,
): BatchPutScheduledUpdateGroupActionAnswer {
  const group = findGroup(region, input.AutoScalingGroupName);
  const failed = failures(input.ScheduledUpdateGroupActions ?? [], (action) =>
    putAction(region, group, action),
  );
  return {
    FailedScheduledUpdateGroupActions: failed.map(({ item, ...error }) => ({
      ScheduledActionName: item.ScheduledActionName,
      ...error,
    })),
  };
}

function putAction(region: Region, group: GroupRecord, input: ActionInput): void {
  const { MinSize, MaxSize, DesiredCapacity } = input;
  if (MinSize === undefined && MaxSize === undefined && DesiredCapacity === undefined) {
    throw validationError('At least one of: MinSize, MaxSize or DesiredCapacity must be specified.');
  }
  const start = input.StartTime ?? input.Time;
  if (start && start.getTime() < region.now) throw validationError('Given start time is in the past');
  if (!start && input.Recurrence === undefined) {
    // The text is an inference.
    throw validationError('Either StartTime or Recurrence must be specified.');
  }
  const name = input.ScheduledActionName ?? '';
  const known = group.scheduledActions.find((action) => action.name === name);
  const action: ScheduledActionRecord = {
    name,
    arn:
      known?.arn ??
      `arn:aws:autoscaling:${region.name}:${ACCOUNT}:scheduledUpdateGroupAction:${region.world.newUuid()}:autoScalingGroupName/${group.name}:scheduledActionName/${name}`,
    ...(start === undefined ? {} : { startsAt: wholeSeconds(start) }),
    ...(input.EndTime === undefined ? {} : { endsAt: wholeSeconds(input.EndTime) }),
    ...(input.Recurrence === undefined ? {} : { recurrence: input.Recurrence }),
    ...(input.TimeZone === undefined ? {} : { timeZone: input.TimeZone }),
    ...(MinSize === undefined ? {} : { minSize: MinSize }),
    ...(MaxSize === undefined ? {} : { maxSize: MaxSize }),
    ...(DesiredCapacity === undefined ? {} : { desiredCapacity: DesiredCapacity }),
  };
  group.scheduledActions = known
    ? group.scheduledActions.map((other) => (other === known ? action : other))
    : [...group.scheduledActions, action];
}

const wholeSeconds = (time: Date) => Math.floor(time.getTime() / 1000) * 1000;

function DescribeScheduledActions(input: DescribeScheduledActionsType, region: Region): ScheduledActionsType {
  const groups =
    input.AutoScalingGroupName === undefined
      ? [...region.state.groups.values()]
      : [findGroup(region, input.AutoScalingGroupName)];
  const names = input.ScheduledActionNames;
  const actions = groups
    .flatMap((group) => group.scheduledActions.map((action) => describe(group, action)))
    .filter(
      ({ ScheduledActionName = '', StartTime }) =>
        (!names?.length || names.includes(ScheduledActionName)) &&
        (!input.StartTime || (StartTime !== undefined && StartTime >= input.StartTime)) &&
        (!input.EndTime || (StartTime !== undefined && StartTime <= input.EndTime)),
    );
  const { items, next } = autoScalingPage(actions, input, 50);
  return { ScheduledUpdateGroupActions: items, ...next };
}

/** `Time` is the old name of `StartTime`; AWS always shows both. */
function describe(group: GroupRecord, action: ScheduledActionRecord): ScheduledUpdateGroupAction {
  const { startsAt, endsAt } = action;
  return {
    AutoScalingGroupName: group.name,
    ScheduledActionName: action.name,
    ScheduledActionARN: action.arn,
    ...(startsAt === undefined ? {} : { Time: new Date(startsAt), StartTime: new Date(startsAt) }),
    ...(endsAt === undefined ? {} : { EndTime: new Date(endsAt) }),
    ...(action.recurrence === undefined ? {} : { Recurrence: action.recurrence }),
    ...(action.timeZone === undefined ? {} : { TimeZone: action.timeZone }),
    ...(action.minSize === undefined ? {} : { MinSize: action.minSize }),
    ...(action.maxSize === undefined ? {} : { MaxSize: action.maxSize }),
    ...(action.desiredCapacity === undefined ? {} : { DesiredCapacity: action.desiredCapacity }),
  };
}

function DeleteScheduledAction(input: DeleteScheduledActionType, region: Region): undefined {
  deleteAction(findGroup(region, input.AutoScalingGroupName), input.ScheduledActionName ?? '');
}

function BatchDeleteScheduledAction(
  input: BatchDeleteScheduledActionType,
  region: Region,
): BatchDeleteScheduledActionAnswer {
  const group = findGroup(region, input.AutoScalingGroupName);
  const failed = failures(input.ScheduledActionNames ?? [], (name) => deleteAction(group, name));
  return {
    FailedScheduledActions: failed.map(({ item, ...error }) => ({ ScheduledActionName: item, ...error })),
  };
}

function deleteAction(group: GroupRecord, name: string): void {
  const left = group.scheduledActions.filter((action) => action.name !== name);
  if (left.length === group.scheduledActions.length) {
    // The text is an inference.
    throw validationError(`Scheduled action name not found`);
  }
  group.scheduledActions = left;
}

/** Does the work for each item by itself, and returns what was refused. */
function failures<T>(items: readonly T[], work: (item: T) => void) {
  return items.flatMap((item) => {
    try {
      work(item);
      return [];
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return [{ item, ErrorCode: error.code, ErrorMessage: error.message }];
    }
  });
}
