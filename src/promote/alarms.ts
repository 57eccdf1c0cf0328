import { paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { Aws } from '../aws/clients.ts';

/** The states of these alarms by name, metric and composite ones; an alarm that does not exist is absent. */
export async function readAlarms(aws: Aws, names: readonly string[]): Promise<Map<string, string>> {
  const states = new Map<string, string>();
  if (names.length === 0) return states;
  const request = {
    AlarmNames: [...names],
    // Without the types AWS answers with metric alarms only.
    AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const],
  };
  for await (const page of paginateDescribeAlarms({ client: aws.cloudWatch }, request)) {
    for (const alarm of [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])])
      states.set(alarm.AlarmName ?? '', alarm.StateValue ?? '');
  }
  return states;
}

/** Why a refresh that these alarms watch would not start: AWS wants each of them in the state OK. */
export function alarmProblems(names: readonly string[], states: ReadonlyMap<string, string>): string[] {
  const inIncident = 'In an emergency set "incident: true": the refresh is then not watched by alarms.';
  return names.flatMap((name) => {
    const state = states.get(name);
    if (state === 'OK') return [];
    if (state === undefined)
      return [`There is no CloudWatch alarm "${name}". Check the input "alarms" or the preferences file.`];
    const why = state === 'ALARM' ? 'is in the state ALARM' : 'has insufficient data';
    return [`The CloudWatch alarm "${name}" ${why}: AWS would not start the refresh. ${inIncident}`];
  });
}
