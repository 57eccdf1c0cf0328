import { TAG, type Tags, tagValue } from '../../tags.ts';

/** Something that a build makes for its own time, with the build's mark in its tag `immutable-deploy:run`. */
export interface Leftover {
  kind: 'instance' | 'key pair' | 'security group' | 'volume' | 'launch template';
  id: string;
  tags: Tags;
}

/** What is left over and goes, and why. */
export interface Orphan {
  kind: Leftover['kind'] | 'snapshot';
  id: string;
  why: string;
  gib?: number;
}

/**
 * `<attempt's address> until <time> <id>`: what a bake gives to Packer for `run_tags`. An image's own tag has only the
 * run's address, and may have been handed on to instances that were launched from it: it is no such mark.
 */
const BUILD_MARK = /^https?:\/\/[^/]+\/(.+)\/actions\/runs\/(\d+)\/attempts\/\d+ until (\S+) \S+$/;

/** A build that has run out of its time still cleans up for a while. */
const GRACE_MS = 3600_000;

/** What builds of the application left behind: whose build must have ended by its own word, an hour ago at least. */
export function leftoversOf(application: string, found: readonly Leftover[], now: number): Orphan[] {
  return found.flatMap(({ kind, id, tags }): Orphan[] => {
    const [, repository, run, until = ''] = BUILD_MARK.exec(tags[TAG.run] ?? '') ?? [];
    const ours = [tags[TAG.application], repository].includes(tagValue(application));
    // A member of a group is no builder, whatever its tags say.
    if (!ours || tags[TAG.keep] !== undefined || tags['aws:autoscaling:groupName'] !== undefined) return [];
    const end = Date.parse(until);
    if (Number.isNaN(end) || now < end + GRACE_MS) return [];
    return [{ kind, id, why: `its build (run ${run}) was over by ${new Date(end).toISOString()}` }];
  });
}
