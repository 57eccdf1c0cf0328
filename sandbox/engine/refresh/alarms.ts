import type { RefreshRecord } from '../records/auto-scaling.ts';
import type { Region } from '../world.ts';

export type AlarmVerdict =
  | { kind: 'ok' }
  | { kind: 'insufficient-data' | 'alarm' | 'missing'; alarm: string };

/** The worst state among the alarms that watch a refresh: one in ALARM before one without data. */
export function alarmVerdict(region: Region, names: readonly string[] = []): AlarmVerdict {
  const inState = (state: string) => names.find((name) => region.state.alarms.get(name)?.state === state);
  const missing = names.find((name) => !region.state.alarms.has(name));
  if (missing !== undefined) return { kind: 'missing', alarm: missing };
  const alarm = inState('ALARM');
  if (alarm !== undefined) return { kind: 'alarm', alarm };
  const insufficient = inState('INSUFFICIENT_DATA');
  if (insufficient !== undefined) return { kind: 'insufficient-data', alarm: insufficient };
  return { kind: 'ok' };
}

export const alarmsOf = (refresh: RefreshRecord) => refresh.preferences.AlarmSpecification?.Alarms ?? [];
