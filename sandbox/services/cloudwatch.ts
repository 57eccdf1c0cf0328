import type {
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  MetricAlarm,
  PutMetricAlarmInput,
  SetAlarmStateInput,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmRecord } from '../engine/state.ts';
import { ACCOUNT, type Region } from '../engine/world.ts';
import { ServiceError } from '../protocol/error.ts';
import { page } from './pages.ts';
import type { Handlers } from './service.ts';

export const cloudwatchHandlers: Handlers = { PutMetricAlarm, SetAlarmState, DescribeAlarms };

/** Alarms have no metrics behind them: their state is what SetAlarmState says. */
function PutMetricAlarm(input: PutMetricAlarmInput, region: Region): object {
  const { AlarmName: name = '', ...definition } = input;
  const known = region.state.alarms.get(name);
  region.state.alarms.set(name, {
    name,
    state: 'INSUFFICIENT_DATA',
    reason: 'Unchecked: Initial alarm creation',
    updatedAt: region.now,
    ...known,
    definition,
  });
  return {};
}

function SetAlarmState(input: SetAlarmStateInput, region: Region): object {
  const alarm = region.state.alarms.get(input.AlarmName ?? '');
  if (!alarm) throw new ServiceError('ResourceNotFound', '', 404);
  const state = input.StateValue ?? 'INSUFFICIENT_DATA';
  if (state !== 'OK' && state !== 'ALARM' && state !== 'INSUFFICIENT_DATA') {
    throw new ServiceError(
      'ValidationError',
      `1 validation error detected: Value '${state}' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]`,
    );
  }
  Object.assign(alarm, { state, reason: input.StateReason ?? '', updatedAt: region.now });
  return {};
}

function DescribeAlarms(input: DescribeAlarmsInput, region: Region): DescribeAlarmsOutput {
  const asked = [...region.state.alarms.values()].filter(
    (alarm) =>
      (!input.AlarmNames?.length || input.AlarmNames.includes(alarm.name)) &&
      (input.AlarmNamePrefix === undefined || alarm.name.startsWith(input.AlarmNamePrefix)) &&
      (input.StateValue === undefined || alarm.state === input.StateValue),
  );
  const { items, nextToken } = page(asked, {
    token: input.NextToken,
    size: input.MaxRecords,
    otherwise: 50,
    query: [input.AlarmNames, input.AlarmNamePrefix, input.StateValue],
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
    ...alarm.definition,
    AlarmName: alarm.name,
    AlarmArn: `arn:aws:cloudwatch:${region.name}:${ACCOUNT}:alarm:${alarm.name}`,
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateUpdatedTimestamp: new Date(alarm.updatedAt),
  };
}
