import type { Region } from './world.ts';

/** Adds tags to a resource, or replaces the values that it has; nothing is kept for a resource without any. */
export function addTags(region: Region, id: string, tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length > 0) region.state.tags.set(id, { ...region.tagsOf(id), ...tags });
}
