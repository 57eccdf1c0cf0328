import * as v from 'valibot';
import { emptyRegion, emptyState } from './engine/state.ts';
import type { World } from './engine/world.ts';
import { parsed, parseJson, Refusal } from './refusal.ts';

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const table = v.strictObject({ $table: v.array(v.strictTuple([v.string(), v.looseObject({})])) });
const saved = v.strictObject({
  state: v.looseObject({ issued: whole, regions: v.record(v.string(), v.looseObject({})) }),
  timers: v.strictObject({
    now: v.pipe(v.number(), v.minValue(0)),
    sequence: whole,
    timers: v.array(
      v.strictObject({
        at: v.number(),
        sequence: whole,
        event: v.strictObject({ type: v.string(), region: v.string(), id: v.string() }),
      }),
    ),
  }),
});

/** Loads a saved state, or throws a `Refusal` and leaves everything as it is. */
export function loadState(world: World, text: string, isEvent: (type: string) => boolean): void {
  const what = 'The saved state';
  const { state, timers } = parsed(saved, parseJson(text, what), what);
  checkMembers(what, state, emptyState());
  for (const [name, region] of Object.entries(state.regions))
    checkMembers(`${what}, region ${name}`, region, emptyRegion());
  const unknown = timers.timers.find(({ event }) => !isEvent(event.type));
  if (unknown) throw new Refusal(`${what}, timers: there is no event ${unknown.event.type}.`);
  world.load(text);
}

/** Every member has to be there, and be of its kind: a table of records, a list, an object or a number. */
function checkMembers(what: string, given: object, empty: object): void {
  const members = Object.entries(empty);
  const stranger = Object.keys(given).find((name) => !members.some(([known]) => known === name));
  if (stranger !== undefined)
    throw new Refusal(
      `${what}: ${stranger} is not known; known are ${members.map(([name]) => name).join(', ')}.`,
    );
  for (const [name, value] of members) parsed(kindOf(value), Reflect.get(given, name), `${what}, ${name}`);
}

function kindOf(value: unknown): v.GenericSchema {
  if (value instanceof Map) return table;
  if (Array.isArray(value)) return v.array(v.looseObject({}));
  return typeof value === 'number' ? whole : v.looseObject({});
}
