import type { Facts } from './facts.ts';
import { type GroupRules, groupsOf } from './groups.ts';
import type { PrunableImage } from './inventory.ts';
import { groupedBy } from './lists.ts';
import { imagesToRemove, makePlan, type Plan, type PlanRules } from './plan.ts';

/**
 * What an EBS snapshot costs at most in USD for a GiB and month, in the standard tier, in most Regions. Others are
 * given by the input `price-per-gib-month`.
 */
const LIST_PRICE = 0.05;

/** The price in a Region: its own, or the one for all, or the list price. */
export function priceIn(region: string, given: Readonly<Record<string, number>>): number {
  return given[region] ?? given[''] ?? LIST_PRICE;
}

/** Snapshots keep only blocks that changed since the one before: sizes of volumes, and so costs, are upper bounds. */
export interface Size {
  images: number;
  snapshots: number;
  gib: number;
  /** In USD, with two decimals. */
  monthlyCost: number;
}

export interface GroupSize extends Size {
  group: string;
}

/** The figures of an application's prune in a Region, for the report. */
export interface Figures {
  all: Size;
  going: Size;
  /** The groups that take up most, largest first. */
  groups: readonly GroupSize[];
  /** Images that go within the days of the forecast, if nothing is baked, promoted or launched until then. */
  next: readonly string[];
  nextSize: Size;
}

/** What a prune would find in so many days. */
export const FORECAST_DAYS = 30;
const MOST_GROUPS = 10;
const DAY_MS = 24 * 3600 * 1000;

/** A snapshot that several images have counts once. */
export function sizeOf(images: readonly PrunableImage[], price: number): Size {
  const snapshots = new Map(images.flatMap((image) => image.snapshots.map(({ id, gib }) => [id, gib])));
  const gib = [...snapshots.values()].reduce((sum, each) => sum + each, 0);
  return { images: images.length, snapshots: snapshots.size, gib, monthlyCost: costOf(gib, price) };
}

export const costOf = (gib: number, price: number) => Math.round(gib * price * 100) / 100;

export function figuresOf(plan: Plan, facts: Facts, rules: PlanRules, price: number): Figures {
  const images = plan.images.map(({ image }) => image);
  const going = imagesToRemove(plan);
  const next = nextToGo(plan, facts, rules);
  return {
    all: sizeOf(images, price),
    going: sizeOf(going, price),
    groups: biggestGroups(images, rules, price),
    next: next.map(({ id }) => id),
    nextSize: sizeOf(next, price),
  };
}

function biggestGroups(
  images: readonly PrunableImage[],
  { groupBy }: GroupRules,
  price: number,
): GroupSize[] {
  const groups = groupedBy(images, (image) => groupsOf(image, groupBy).map(({ group }) => group));
  return [...groups]
    .map(([group, members]) => ({ group, ...sizeOf(members, price) }))
    .toSorted((a, b) => b.gib - a.gib || b.images - a.images || (a.group < b.group ? -1 : 1))
    .slice(0, MOST_GROUPS);
}

/** The same plan some time later, without those that go now; in the order in which they will go. */
function nextToGo(plan: Plan, facts: Facts, rules: PlanRules): PrunableImage[] {
  const now = new Set(imagesToRemove(plan).map(({ id }) => id));
  const later = makePlan(facts, { ...rules, now: rules.now + FORECAST_DAYS * DAY_MS });
  return imagesToRemove(later).filter(({ id }) => !now.has(id));
}
