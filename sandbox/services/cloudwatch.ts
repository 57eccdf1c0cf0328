import type {
  DeleteAlarmsInput,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  MetricAlarm,
  PutMetricAlarmInput,
  SetAlarmStateInput,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmRecord } from '../engine/records/services.ts';
import { ACCOUNT, type Region } from '../engine/world.ts';
import { ServiceError, validationError } from '../protocol/error.ts';
import { page } from './pages.ts';
import type { Handlers } from './service.ts';

export const cloudwatchHandlers: Handlers = { PutMetricAlarm, SetAlarmState, DescribeAlarms, DeleteAlarms };

/**
 * Alarms have no metrics behind them: their state is what SetAlarmState says. Defining an alarm again replaces its
 * definition and leaves its state.
 */
function PutMetricAlarm(input: PutMetricAlarmInput, region: Region): object {
  const { AlarmName: name = '', Tags: _tags, ...definition } = input;
  const known = region.state.alarms.get(name);
  region.state.alarms.set(name, {
    name,
    state: known?.state ?? 'INSUFFICIENT_DATA',
    reason: known?.reason ?? 'Unchecked: Initial alarm creation',
    updatedAt: known?.updatedAt ?? region.now,
    changedAt: known?.changedAt ?? region.now,
    configuredAt: region.now,
    definition,
  });
  return {};
}

function SetAlarmState(input: SetAlarmStateInput, region: Region): object {
  const { StateValue: state, StateReason: reason = '' } = input;
  requireState(state);
  const alarm = region.state.alarms.get(input.AlarmName ?? '');
  if (!alarm) throw new ServiceError('ResourceNotFound', '', 404);
  if (alarm.state !== state) alarm.changedAt = region.now;
  Object.assign(alarm, { state, reason, updatedAt: region.now });
  return {};
}

const STATES: readonly AlarmRecord['state'][] = ['INSUFFICIENT_DATA', 'ALARM', 'OK'];

function requireState(state: string | undefined): void {
  if (!STATES.some((known) => known === state))
    throw validationError(
      `1 validation error detected: Value '${state}' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [${STATES.join(', ')}]`,
    );
}

/** All or none: an unknown name deletes nothing. */
function DeleteAlarms(input: DeleteAlarmsInput, region: Region): object {
  const names = input.AlarmNames ?? [];
  if (names.some((name) => !region.state.alarms.has(name)))
    throw new ServiceError('ResourceNotFound', '', 404);
  for (const name of names) region.state.alarms.delete(name);
  return {};
}

const LARGEST_PAGE = 100;

/** Metric alarms by name; there are no composite ones. */
function DescribeAlarms(input: DescribeAlarmsInput, region: Region): DescribeAlarmsOutput {
  const { NextToken, MaxRecords, ...query } = input;
  if (MaxRecords !== undefined && (MaxRecords < 1 || MaxRecords > LARGEST_PAGE)) {
    const bound = MaxRecords < 1 ? 'greater than or equal to 1' : `less than or equal to ${LARGEST_PAGE}`;
    throw validationError(
      `1 validation error detected: Value '${MaxRecords}' at 'maxRecords' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  if (input.AlarmNamePrefix !== undefined && input.AlarmNames?.length)
    throw new ServiceError(
      'InvalidParameterCombination',
      'AlarmNames and AlarmNamePrefix cannot be specified together.',
    );
  if (input.StateValue !== undefined) requireState(input.StateValue);
  const metric = !input.AlarmTypes?.length || input.AlarmTypes.includes('MetricAlarm');
  const asked = [...region.state.alarms.values()]
    .filter(
      (alarm) =>
        metric &&
        (!input.AlarmNames?.length || input.AlarmNames.includes(alarm.name)) &&
        (input.AlarmNamePrefix === undefined || alarm.name.startsWith(input.AlarmNamePrefix)) &&
        (input.StateValue === undefined || alarm.state === input.StateValue),
    )
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const { items, nextToken } = page(asked, {
    token: NextToken,
    size: MaxRecords,
    otherwise: 50,
    query,
    badToken: () => new ServiceError('InvalidNextToken', 'The next token is invalid'),
  });
  return {
    MetricAlarms: items.map((alarm) => describe(region, alarm)),
    CompositeAlarms: [],
    ...(nextToken === undefined ? {} : { NextToken: nextToken }),
  };
}

function describe(region: Region, alarm: AlarmRecord): MetricAlarm {
  return {
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    Dimensions: [],
    ...alarm.definition,
    AlarmName: alarm.name,
    AlarmArn: `arn:aws:cloudwatch:${region.name}:${ACCOUNT}:alarm:${alarm.name}`,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateUpdatedTimestamp: new Date(alarm.updatedAt),
    StateTransitionedTimestamp: new Date(alarm.changedAt),
  };
}
