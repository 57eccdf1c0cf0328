/** What clients do: the last calls, and the faults that wait for them. */

/** A call as the sandbox records it. */
export interface CallEntry {
  time: string;
  service: string;
  operation: string;
  region: string;
  input: unknown;
  status: number;
  error?: string;
}

const LAST_CALLS = 30;

/** The newest calls, newest first, each with the resource that it is about. */
export function callViews(calls: readonly CallEntry[]) {
  return calls
    .slice(-LAST_CALLS)
    .toReversed()
    .map(({ time, service, operation, region, input, status, error }) => ({
      time: Date.parse(time),
      service,
      operation,
      region,
      status,
      resource: mainResource(input) ?? '',
      ...(error === undefined ? {} : { error }),
    }));
}

/** Members that hold the name of a resource: nothing else of an input is shown, since it may be secret. */
const NAMES = /(Name|Names|Id|Ids|Arn|Arns|ARN|ARNs|Resources)$/;
const LONGEST_NAME = 80;

/** The first id, name or ARN in a call's input, of the outermost level that has one. */
export function mainResource(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  for (const [key, value] of Object.entries(input)) {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    if (!NAMES.test(key) || typeof first !== 'string') continue;
    const more = Array.isArray(value) && value.length > 1 ? ` and ${value.length - 1} more` : '';
    return `${first.slice(0, LONGEST_NAME)}${more}`;
  }
  for (const value of Object.values(input)) {
    const inner = Array.isArray(value) ? undefined : mainResource(value);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** Each fault in a line, whatever its shape: `operation StartInstanceRefresh, times 2, effect error Throttling`. */
export function faultTexts(faults: readonly object[]): string[] {
  return faults.map((fault) =>
    Object.entries(fault)
      .map(([key, value]) => `${key} ${words(value)}`)
      .join(', '),
  );
}

function words(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? Object.values(value).map(words).join(' ')
    : String(value);
}
