import { imageOfDescription } from '../version-description.ts';
import { groupedBy } from './lists.ts';
import type { ImageUse, Reference } from './references/use.ts';
import { describeVersion, type TemplateVersion, versionId } from './template-versions.ts';

/** Whether a launch template version stays, and why. */
export interface VersionDecision {
  version: TemplateVersion;
  decision: 'keep' | 'remove';
  /** Made by this action for this application. */
  ours: boolean;
  /** Ours, or of a template that was named: others are never removed. */
  prunable: boolean;
  /** Who launches from it, or was launched from it. */
  users: readonly string[];
  /** Why it stays besides being used; why it goes. */
  reasons: readonly string[];
}

export interface VersionRules {
  application: string;
  /** How many of the newest of these versions stay in every template. */
  keepLaunchTemplateVersions: number;
  /** Holders by `lt-…:7`. */
  users: ReadonlyMap<string, readonly string[]>;
  promotions: readonly ImageUse[];
  /** Templates of which all versions may go, by id or name; of others only ours. */
  launchTemplates: readonly string[];
  /** Why nothing may be removed at all: a source of references could not be read. */
  unreadable: readonly string[];
}

/**
 * Which launch template versions stay: everything that somebody else made (but in a template that was named),
 * `$Default`, `$Latest`, what is used, what a promotion may be about to use, and the newest in every template. Highest
 * number first in each template.
 */
export function decideVersions(versions: readonly TemplateVersion[], rules: VersionRules): VersionDecision[] {
  const promoting = groupedBy(rules.promotions, ({ imageId }) => [imageId]);
  const byTemplate = groupedBy(versions, ({ templateId }) => [templateId]);
  return [...byTemplate.values()].flatMap((ofTemplate) => {
    const newer: TemplateVersion[] = [];
    return ofTemplate
      .toSorted((a, b) => b.number - a.number)
      .map((version) => {
        const ours = isOurs(version, rules.application);
        const prunable = ours || isNamed(version, rules.launchTemplates);
        const users = rules.users.get(versionId(version)) ?? [];
        const merits = [
          ...(prunable ? [] : ['made by somebody else']),
          ...(version.isDefault ? ['$Default'] : []),
          ...(version.isLatest ? ['$Latest'] : []),
          ...(prunable && newer.length < rules.keepLaunchTemplateVersions
            ? [`one of the newest ${rules.keepLaunchTemplateVersions}`]
            : []),
          // A promotion uses an existing version with its image again.
          ...(promoting.get(version.imageId ?? '') ?? []).map(({ holder }) => holder),
        ];
        const reasons = merits.length + users.length > 0 ? merits : rules.unreadable;
        if (prunable) newer.push(version);
        if (reasons.length + users.length > 0)
          return { version, decision: 'keep' as const, ours, prunable, users, reasons };
        const why = `nothing uses it, and there are ${newer.length - 1} newer ones`;
        return { version, decision: 'remove' as const, ours, prunable, users, reasons: [why] };
      });
  });
}

const isNamed = ({ templateId, templateName }: TemplateVersion, names: readonly string[]) =>
  names.includes(templateId) || names.includes(templateName);

/** A description that was copied to a version with another image does not make that version ours. */
function isOurs({ description, imageId }: TemplateVersion, application: string): boolean {
  const described = imageOfDescription(application, description);
  return described !== undefined && described === imageId;
}

/**
 * What the versions that stay hold: each user of a version holds its image through it, and a version that stays for
 * other reasons holds its image itself. A snapshot in its block device mappings is held like its image.
 *
 * @param owners the images that a snapshot belongs to
 */
export function versionReferences(
  staying: readonly VersionDecision[],
  owners: (snapshotId: string) => readonly string[],
): Reference[] {
  return staying.flatMap(({ version, users, reasons }) => {
    const label = describeVersion(version);
    const held = [
      ...(version.imageId === undefined ? [] : [{ imageId: version.imageId, label }]),
      ...(version.snapshotIds ?? []).flatMap((snapshotId) =>
        owners(snapshotId).map((imageId) => ({ imageId, label: `${label} with its snapshot ${snapshotId}` })),
      ),
    ];
    return held.flatMap(({ imageId, label: what }) => [
      ...users.map((holder) => ({ imageId, holder, via: what })),
      ...(reasons.length === 0 ? [] : [{ imageId, holder: what, via: reasons.join(', ') }]),
    ]);
  });
}
