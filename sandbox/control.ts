import * as v from 'valibot';
import { isEvent } from './engine/events.ts';
import type { Fault } from './faults/rule.ts';
import { overviewOf } from './page/overview.ts';
import { answerPage } from './page/page.ts';
import type { RawAnswer } from './protocol/answer.ts';
import { parsed, parseJson, Refusal } from './refusal.ts';
import type { Sandbox } from './sandbox.ts';
import { loadState } from './saved-state.ts';

interface ControlRequest {
  query: URLSearchParams;
  body: string;
}

type Route = (sandbox: Sandbox, request: ControlRequest) => RawAnswer;

/** The sandbox's own API, under `/_sandbox/`: what a person or a test does to AWS from outside. */
const ROUTES: Readonly<Record<string, Route>> = {
  'GET /_sandbox/': () => answerPage(),
  'GET /_sandbox/overview': (sandbox, { query }) =>
    json(overviewOf(sourcesOf(sandbox), query.get('region') ?? undefined)),
  'GET /_sandbox/clock': (sandbox) => json(clockOf(sandbox)),
  'POST /_sandbox/clock': setClock,
  'GET /_sandbox/state': (sandbox) => json(sandbox.world.save()),
  'PUT /_sandbox/state': (sandbox, { body }) => {
    loadState(sandbox.world, body, isEvent);
    return json({});
  },
  'GET /_sandbox/faults': (sandbox) => json(sandbox.faults.list()),
  'POST /_sandbox/faults': (sandbox, request) => {
    // The rule is checked where it is added.
    sandbox.faults.add(documentOf(request) as Fault);
    return json(sandbox.faults.list());
  },
  'DELETE /_sandbox/faults': (sandbox) => {
    sandbox.faults.clear();
    return json([]);
  },
  'GET /_sandbox/limits': (sandbox) => json(limitsOf(sandbox)),
  'PUT /_sandbox/limits': setLimits,
  'GET /_sandbox/iam': (sandbox) => json(sandbox.aws.iam.documents),
  'PUT /_sandbox/iam': (sandbox, request) => {
    sandbox.aws.iam.load(documentOf(request));
    return json(sandbox.aws.iam.documents);
  },
  'DELETE /_sandbox/iam': (sandbox) => {
    sandbox.aws.iam.clear();
    return json({});
  },
  'GET /_sandbox/calls': listCalls,
  'DELETE /_sandbox/calls': (sandbox) => {
    sandbox.aws.log.clear();
    return json([]);
  },
  'PUT /_sandbox/commits': (sandbox, request) => {
    sandbox.github.commits = parsed(v.array(v.string()), documentOf(request), 'The commits');
    return json({});
  },
  'POST /_sandbox/reset': (sandbox) => {
    sandbox.reset();
    return json(clockOf(sandbox));
  },
};

/** Answers one control request; a body that cannot be taken is a 400 with a sentence that says why. */
export function answerControl(sandbox: Sandbox, method: string, url: URL, body: string): RawAnswer {
  sandbox.clock.catchUp();
  const name = `${method} ${url.pathname}`;
  const route = Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined;
  if (!route) {
    const known = Object.keys(ROUTES).filter((candidate) => candidate.endsWith(` ${url.pathname}`));
    const list = known.length > 0 ? known : Object.keys(ROUTES);
    return json(
      { error: `No ${name} in the sandbox; there is ${list.join(', ')}.` },
      known.length > 0 ? 405 : 404,
    );
  }
  try {
    return route(sandbox, { query: url.searchParams, body });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return json({ error: error.message }, 400);
  }
}

/** An advance fires every timer on its way: longer ones go in several steps. */
const MOST_MILLISECONDS = 366 * 24 * 3_600_000;

const clockBody = v.union(
  [
    v.strictObject({ advance: v.pipe(v.number(), v.minValue(0), v.maxValue(MOST_MILLISECONDS)) }),
    v.strictObject({
      now: v.optional(v.pipe(v.number(), v.minValue(0))),
      scale: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000))),
    }),
  ],
  'It takes {"advance": milliseconds, at most 366 days} or {"now": milliseconds since 1970, "scale": 0 or more}',
);

function setClock(sandbox: Sandbox, request: ControlRequest): RawAnswer {
  const { clock } = sandbox;
  const change = parsed(clockBody, documentOf(request), 'The clock');
  if ('advance' in change) clock.advance(change.advance);
  else {
    const { now, scale } = change;
    if (now !== undefined && (now < clock.now() || now > clock.now() + MOST_MILLISECONDS))
      throw new Refusal(`The clock, now: it goes forward only, by 366 days at most; it is ${clock.now()}.`);
    clock.set({ ...(now === undefined ? {} : { now }), ...(scale === undefined ? {} : { scale }) });
  }
  return json(clockOf(sandbox));
}

function sourcesOf({ world, aws, faults }: Sandbox) {
  return { world, calls: aws.calls, callsSoFar: aws.log.total, faults: faults.list() };
}

function clockOf({ clock }: Sandbox) {
  return { now: clock.now(), scale: clock.scale, variable: clock.variable };
}

const limitsBody = v.strictObject({
  throttling: v.optional(v.boolean()),
  'consistency-delay-seconds': v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(3600))),
});

function setLimits(sandbox: Sandbox, request: ControlRequest): RawAnswer {
  const { throttling, 'consistency-delay-seconds': delay } = parsed(
    limitsBody,
    documentOf(request),
    'The limits',
  );
  if (throttling !== undefined) sandbox.aws.limits.enabled = throttling;
  if (delay !== undefined) sandbox.aws.staleReads.delaySeconds = delay;
  return json(limitsOf(sandbox));
}

function limitsOf({ aws }: Sandbox) {
  return { throttling: aws.limits.enabled, 'consistency-delay-seconds': aws.staleReads.delaySeconds };
}

const number = v.pipe(v.string(), v.regex(/^\d+$/, 'It takes a number'), v.transform(Number));
const callsQuery = v.strictObject({ since: v.optional(number, '0'), limit: v.optional(number, '10000') });

/** `?since=` the number of a call leaves out it and those before; `?limit=` takes the newest of the rest. */
function listCalls({ aws }: Sandbox, { query }: ControlRequest): RawAnswer {
  const { since, limit } = parsed(callsQuery, Object.fromEntries(query), 'The calls');
  const later = aws.calls.filter((call) => call.number > since);
  const answer = json(limit === 0 ? [] : later.slice(-limit));
  return { ...answer, headers: { 'x-total-count': String(aws.log.total) } };
}

const documentOf = ({ body }: ControlRequest) => parseJson(body, 'The body');

/** A text is JSON already. */
function json(value: object | string, status = 200): RawAnswer {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return { status, contentType: 'application/json', body };
}
