import { inspect } from 'node:util';
import { type Answer, Boto3 } from '../boto3/boto3.ts';
import type { Bench, Case } from '../case.ts';
import { startSandbox } from '../sandbox-process.ts';
import { type Difference, differences, judge, kindOf, type Rule } from './compare.ts';
import { Normaliser } from './normalise.ts';
import { startMoto } from './server.ts';
import { resolve, type Script, type Step } from './step.ts';

/** A script of calls, and the differences that are meant. */
export interface Comparison {
  topic: string;
  script: Script;
  rules: readonly Rule[];
}

/** One of the two emulators, as the script sees it. */
interface Side {
  boto3: Boto3;
  normaliser: Normaliser;
  answers: Map<string, unknown>;
}

/** The same calls to the local AWS and to moto, with AWS's own Python client; the answers are compared by member. */
export function differentialCase({ topic, script, rules }: Comparison): Case {
  return {
    name: `moto: the same answers about ${topic}`,
    needs: ['moto', 'boto3'],
    run: (bench) => withBoth(bench, (ours, theirs, advance) => compare(script, rules, ours, theirs, advance)),
  };
}

async function withBoth(
  { tool }: Bench,
  work: (ours: Side, theirs: Side, advance: (seconds: number) => Promise<void>) => Promise<void>,
): Promise<void> {
  // Time stands still between the pauses, so that every run gives the same answers.
  const [sandbox, moto] = await Promise.all([startSandbox(0), startMoto(tool('moto'))]);
  const sides = [sandbox.url, moto.url].map((url) => new Boto3(tool('boto3'), url));
  try {
    const [ours, theirs] = sides.map((boto3) => ({
      boto3,
      normaliser: new Normaliser(),
      answers: new Map<string, unknown>(),
    }));
    if (ours && theirs) await work(ours, theirs, sandbox.advance);
  } finally {
    await Promise.all([...sides, sandbox, moto].map((each) => each.stop()));
  }
}

async function compare(
  script: Script,
  rules: readonly Rule[],
  ours: Side,
  theirs: Side,
  advance: (seconds: number) => Promise<void>,
): Promise<void> {
  const found: Difference[] = [];
  const failures: string[] = [];
  for (const step of script) {
    if ('pause' in step) {
      await advance(step.pause);
      continue;
    }
    const [our, their] = await Promise.all([perform(step, ours), perform(step, theirs)]);
    const failure = unserved('The sandbox', our) ?? unserved('moto', their);
    if (failure === undefined) {
      const { call, name, scenery = false } = step;
      const ok = our?.error === undefined && their?.error === undefined;
      // Ids are learnt from every answer.
      const members = differences(plain(step, ours, our), plain(step, theirs, their));
      if (!scenery || !ok) found.push(...members.map((difference) => ({ call, step: name, ...difference })));
    } else {
      failures.push(`${step.name}: ${step.call}: ${failure}`);
    }
  }
  const { unexplained, stale } = judge(found, rules);
  failures.push(...unexplained.map(describe), ...stale.map((rule) => `No such difference any more: ${rule}`));
  if (failures.length > 0) throw new Error(`${failures.length} differences:\n${failures.join('\n')}`);
}

/** `undefined` when an earlier answer that the step needs is not there. */
async function perform({ name, call, input = {} }: Step, side: Side): Promise<Answer | undefined> {
  const resolved = resolve(input, side.answers);
  if (typeof resolved !== 'object' || resolved === null) return undefined;
  const [service = '', operation = ''] = call.split(' ');
  const result = await side.boto3.call(service, operation, resolved);
  side.answers.set(name, result.answer);
  return result;
}

/** Why an answer cannot be compared. */
function unserved(who: string, result: Answer | undefined): string | undefined {
  if (result === undefined) return `${who} did not answer what this call needs.`;
  const code = result.error?.code ?? '';
  return ['InvalidAction', 'UnknownOperationException', '500', '501', '404'].includes(code)
    ? `${who} does not serve it.`
    : undefined;
}

/** An error becomes a member like others. */
function plain({ name }: Step, { normaliser }: Side, { answer, error }: Answer = {}): unknown {
  return error ? { error: `${error.code} (${error.status})` } : normaliser.normalise(name, answer);
}

function describe(difference: Difference): string {
  const { step, call, path, ours, theirs } = difference;
  const values = `${inspect(ours, { depth: 9, breakLength: Infinity })} here, ${inspect(theirs, { depth: 9, breakLength: Infinity })} in moto`;
  return `${step}: ${call} ${path} ${kindOf(difference)}: ${values}`;
}
