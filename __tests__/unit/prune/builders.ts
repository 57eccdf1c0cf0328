import fc from 'fast-check';
import type { Facts } from '../../../src/prune/facts.ts';
import type { PrunableImage } from '../../../src/prune/inventory.ts';
import type { TemplateVersion } from '../../../src/prune/template-versions.ts';
import { markKey, markValue, TAG, type Tags } from '../../../src/tags.ts';
import { versionDescription } from '../../../src/version-description.ts';

export const APPLICATION = 'octo/shop';
export const NOW = Date.parse('2026-11-02T09:00:00Z');
export const DAY = 24 * 3600 * 1000;

/** An id that is different for every number. */
export const imageId = (number: number) => `ami-0${number.toString(16).padStart(16, '0')}`;

/** An image of the branch main, available and a hundred days old. */
export function image(
  number: number,
  { daysOld = 100, tags = {}, ...rest }: Partial<PrunableImage> & { daysOld?: number } = {},
): PrunableImage {
  return {
    id: imageId(number),
    name: `shop-${number}`,
    state: 'available',
    created: NOW - daysOld * DAY,
    architecture: 'x86_64',
    ownerId: '123456789012',
    rootDeviceName: '/dev/xvda',
    tags: { [TAG.application]: APPLICATION, [TAG.branch]: 'main', ...tags },
    snapshots: [{ id: `snap-${number}`, gib: 8 }],
    deregistrationProtection: false,
    ...rest,
  };
}

export const promoted = (environment: string, daysAgo: number): Tags => ({
  [markKey('promoted', environment)]: markValue(NOW - daysAgo * DAY),
});

export const promoting = (environment: string, daysAgo: number): Tags => ({
  [markKey('promoting', environment)]: markValue(NOW - daysAgo * DAY),
});

/** A version of ours with this image, in one template. */
export function version(number: number, parts: Partial<TemplateVersion> = {}): TemplateVersion {
  const id = parts.imageId ?? imageId(number);
  return {
    templateId: 'lt-1',
    templateName: 'web',
    number,
    isDefault: false,
    isLatest: false,
    created: NOW - 200 * DAY,
    description: versionDescription(APPLICATION, id),
    imageId: id,
    ...parts,
  };
}

/** Nothing was found in the account but these parts. */
export function facts(parts: Partial<Omit<Facts, 'uses'>> & { uses?: Partial<Facts['uses']> } = {}): Facts {
  return {
    images: [],
    versions: [],
    aliases: new Map(),
    shared: [],
    more: [],
    refreshesRead: NOW,
    missing: new Set(),
    unreadable: [],
    ...parts,
    uses: {
      instances: [],
      groups: [],
      refreshes: [],
      launchConfigurations: [],
      fleets: [],
      spotFleets: [],
      spotRequests: [],
      parameters: [],
      given: [],
      ...parts.uses,
    },
  };
}

/** Images as an application may have them after a year: branches, releases, promotions, failures and the like. */
export const anyImages: fc.Arbitrary<PrunableImage[]> = fc
  .array(
    fc.record({
      daysOld: fc.nat(400),
      state: fc.constantFrom(
        'available',
        'available',
        'available',
        'pending',
        'failed',
        'disabled',
        'transient',
      ),
      origin: fc.constantFrom<Tags>(
        { [TAG.branch]: 'main' },
        { [TAG.branch]: 'next' },
        { [TAG.version]: 'v1' },
        {},
      ),
      dev: fc.option(fc.nat(400), { nil: undefined }),
      production: fc.option(fc.nat(400), { nil: undefined }),
      extra: fc.constantFrom<Tags>({}, {}, {}, { [TAG.keep]: 'x' }, { [TAG.quarantined]: 'bad' }),
      deregistrationProtection: fc.constantFrom(false, false, false, true),
    }),
    { maxLength: 60 },
  )
  .map((all) =>
    all.map(({ daysOld, state, origin, dev, production, extra, deregistrationProtection }, number) => ({
      ...image(number, { daysOld, state, deregistrationProtection }),
      tags: {
        [TAG.application]: APPLICATION,
        ...origin,
        ...extra,
        ...(dev === undefined ? {} : promoted('dev', dev)),
        ...(production === undefined ? {} : promoted('production', production)),
      },
    })),
  );
