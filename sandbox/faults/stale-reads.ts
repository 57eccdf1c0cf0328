import type { RegionState, Table } from '../engine/state.ts';
import { Region } from '../engine/world.ts';
import type { Call } from '../protocol/request.ts';

/** What lags: who exists, with which tags and launch template versions. What is inside a resource does not. */
interface Replica {
  at: number;
  images: ReadonlySet<string>;
  snapshots: ReadonlySet<string>;
  launchTemplates: ReadonlyMap<string, { defaultVersion: number; versions: readonly number[] }>;
  tags: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/**
 * EC2's eventual consistency as a switch: Describe calls are answered by a replica that is behind by a fixed time, so
 * that new images, snapshots, launch templates, their versions and the tags on all of these are not yet seen.
 * Instances, volumes and the other services do not lag, and a deletion is seen at once.
 */
export class StaleReads {
  #delaySeconds = 0;
  /** Oldest first, by Region; the first one is as old as anybody asks for. */
  readonly #replicas = new Map<string, Replica[]>();

  get delaySeconds(): number {
    return this.#delaySeconds;
  }

  set delaySeconds(seconds: number) {
    this.#delaySeconds = seconds;
    this.#replicas.clear();
  }

  /** Called before a call that changes something: what was there when the switch was turned is seen by all. */
  before(call: Call, region: Region): void {
    if (this.#delaySeconds === 0 || isRead(call) || this.#replicas.has(region.name)) return;
    this.#replicas.set(region.name, [replicaOf(region, Number.NEGATIVE_INFINITY)]);
  }

  after(call: Call, region: Region): void {
    const replicas = this.#replicas.get(region.name);
    if (!replicas || isRead(call)) return;
    const seen = replicas.findLastIndex(({ at }) => at <= region.now - this.#delaySeconds * 1000);
    const needed = replicas.slice(Math.max(0, seen)).filter(({ at }) => at !== region.now);
    this.#replicas.set(region.name, [...needed, replicaOf(region, region.now)]);
  }

  /** The Region as this call sees it. */
  view(call: Call, region: Region): Region {
    if (this.#delaySeconds === 0 || call.served.service.name !== 'ec2' || !isRead(call)) return region;
    const time = region.now - this.#delaySeconds * 1000;
    const replica = this.#replicas.get(region.name)?.findLast(({ at }) => at <= time);
    return replica ? new Region(region.world, region.name, behind(region.state, replica)) : region;
  }
}

const isRead = ({ operation }: Call) => operation.name.startsWith('Describe');

/** The ids of the kinds of resource that lag. */
const LAGS = /^(ami|snap|lt)-/;

function replicaOf({ state }: Region, at: number): Replica {
  return {
    at,
    images: new Set(state.images.keys()),
    snapshots: new Set(state.snapshots.keys()),
    launchTemplates: new Map(
      [...state.launchTemplates].map(([id, { defaultVersion, versions }]) => [
        id,
        { defaultVersion, versions: versions.map(({ number }) => number) },
      ]),
    ),
    tags: new Map([...state.tags].filter(([id]) => LAGS.test(id)).map(([id, tags]) => [id, { ...tags }])),
  };
}

function behind(state: RegionState, replica: Replica): RegionState {
  const tags = mapped(state.tags, (id, now) => (LAGS.test(id) ? replica.tags.get(id) : now));
  for (const [id, before] of replica.tags) {
    const exists = state.images.has(id) || state.snapshots.has(id) || state.launchTemplates.has(id);
    if (exists && !tags.has(id)) tags.set(id, { ...before });
  }
  return {
    ...state,
    tags,
    images: mapped(state.images, (id, image) => (replica.images.has(id) ? image : undefined)),
    snapshots: mapped(state.snapshots, (id, snapshot) => (replica.snapshots.has(id) ? snapshot : undefined)),
    launchTemplates: mapped(state.launchTemplates, (id, template) => {
      const seen = replica.launchTemplates.get(id);
      if (!seen) return undefined;
      const versions = template.versions.filter(({ number }) => seen.versions.includes(number));
      const known = versions.some(({ number }) => number === seen.defaultVersion);
      return { ...template, versions, defaultVersion: known ? seen.defaultVersion : template.defaultVersion };
    }),
  };
}

/** A table of the same kind with what `content` makes of each record, without those of which it makes nothing. */
function mapped<V, T extends Table<V>>(
  table: T & Table<V>,
  content: (id: string, value: V) => V | undefined,
): T {
  const entries = [...table].flatMap(([id, value]) => {
    const seen = content(id, value);
    return seen === undefined ? [] : [[id, seen]];
  });
  return Reflect.construct(Object(table).constructor, [entries]);
}
