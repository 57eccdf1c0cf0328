import * as v from 'valibot';
import { emptyRegion } from './engine/state.ts';
import type { World } from './engine/world.ts';
import { parsed, Refusal } from './refusal.ts';

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const table = v.strictObject({ $table: v.array(v.strictTuple([v.string(), v.looseObject({})])) });
const saved = v.strictObject({
  state: v.strictObject({
    issued: whole,
    regions: v.record(v.string(), v.looseObject({})),
    credentials: v.optional(table, { $table: [] }),
  }),
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
  const document = parsed(saved, parseJson(text, what), what);
  for (const [name, region] of Object.entries(document.state.regions))
    checkRegion(`${what}, region ${name}`, region);
  const unknown = document.timers.timers.find(({ event }) => !isEvent(event.type));
  if (unknown) throw new Refusal(`${what}, timers: there is no event ${unknown.event.type}.`);
  const before = world.save();
  try {
    world.load(JSON.stringify(document));
    // What the tables' own kinds refuse shows when they are read.
    world.save();
  } catch (error) {
    world.load(before);
    throw new Refusal(`${what} cannot be loaded: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

/** Every member of a Region has to be there, and be of its kind: a table of records, a list or an object. */
function checkRegion(what: string, region: object): void {
  const members = Object.entries(emptyRegion());
  const stranger = Object.keys(region).find((name) => !members.some(([known]) => known === name));
  if (stranger !== undefined)
    throw new Refusal(
      `${what}: ${stranger} is not known; known are ${members.map(([name]) => name).join(', ')}.`,
    );
  for (const [name, empty] of members) {
    const schema =
      empty instanceof Map ? table : Array.isArray(empty) ? v.array(v.looseObject({})) : v.looseObject({});
    parsed(schema, Reflect.get(region, name), `${what}, ${name}`);
  }
}

export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(`${what} is no JSON: ${error instanceof Error ? error.message : error}.`, {
      cause: error,
    });
  }
}
