import { BOOT_TAG } from '../engine/driver.ts';
import { PUBLIC_IMAGE_PARAMETER, type Region } from '../engine/world.ts';
import type { Sandbox } from '../sandbox.ts';
import { make, membersOf, tagList, textIn } from './make.ts';
import type { Seed } from './schema.ts';

const DAY_MS = 24 * 3600 * 1000;
/** Until a builder runs, and until its image is available. */
const BOOT_MS = 30_000;
const IMAGE_MS = 180_000;

type ImageSeed = Seed['images'][number];

/** In milliseconds; 0 without images. */
export function ageOfOldest(seed: Seed): number {
  return Math.max(0, ...seed.images.map(({ daysAgo = 0 }) => daysAgo)) * DAY_MS;
}

/**
 * Makes the images, oldest first; the time moves on by the age of the oldest. They are made as a build makes
 * them: from an instance, with the same tags on the snapshots. Returns their ids by Region and name.
 */
export function plantImages(sandbox: Sandbox, seed: Seed): Map<string, string> {
  const regionOf = ({ region = seed.region }: ImageSeed) => sandbox.world.region(region);
  const today = sandbox.clock.now() + ageOfOldest(seed);
  const builders = new Map<string, string>();
  for (const item of seed.images) {
    const region = regionOf(item);
    if (!builders.has(region.name)) builders.set(region.name, runBuilder(region));
  }
  sandbox.clock.advance(BOOT_MS);
  const ids = new Map<string, string>();
  const oldestFirst = [...seed.images.entries()].toSorted(
    ([, a], [, b]) => (b.daysAgo ?? 0) - (a.daysAgo ?? 0),
  );
  for (const [index, item] of oldestFirst) {
    const region = regionOf(item);
    sandbox.clock.set({ now: today - (item.daysAgo ?? 0) * DAY_MS });
    const input = imageInput(item, builders.get(region.name) ?? '');
    ids.set(
      `${region.name} ${item.name}`,
      textIn(make(region, 'CreateImage', input, `images[${index}]`), 'ImageId'),
    );
  }
  for (const [name, builder] of builders)
    make(sandbox.world.region(name), 'TerminateInstances', { InstanceIds: [builder] }, 'images');
  if (seed.images.length > 0) sandbox.clock.advance(IMAGE_MS);
  return ids;
}

function runBuilder(region: Region): string {
  const parameter = make(region, 'GetParameter', { Name: PUBLIC_IMAGE_PARAMETER }, 'images');
  const input = {
    ImageId: textIn(parameter, 'Parameter', 'Value'),
    InstanceType: 't3.micro',
    MinCount: 1,
    MaxCount: 1,
  };
  return textIn(make(region, 'RunInstances', input, 'images'), 'Instances', 0, 'InstanceId');
}

function imageInput(item: ImageSeed, InstanceId: string) {
  const { name: Name, tags = {}, boot } = item;
  const onImage = tagList({ ...tags, ...(boot === undefined ? {} : { [BOOT_TAG]: boot }) });
  const TagSpecifications = [
    { ResourceType: 'image', Tags: onImage },
    { ResourceType: 'snapshot', Tags: tagList(tags) },
  ].filter(({ Tags }) => Tags.length > 0);
  return { InstanceId, Name, TagSpecifications, ...membersOf('images', item) };
}
