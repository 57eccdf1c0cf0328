import type { VersionUse } from './references/use.ts';

/** A version of a launch template, of whoever made it. */
export interface TemplateVersion {
  templateId: string;
  templateName: string;
  number: number;
  isDefault: boolean;
  isLatest: boolean;
  /** Milliseconds since 1970. */
  created: number;
  description?: string;
  /** As it stands in the template: `ami-…` or `resolve:ssm:…`. */
  imageId?: string;
  /** Snapshots that it makes volumes of, besides the image's own. */
  snapshotIds?: readonly string[];
}

/** `lt-…:7`, as the outputs have it. */
export const versionId = ({ templateId, number }: Pick<TemplateVersion, 'templateId' | 'number'>) =>
  `${templateId}:${number}`;

export const describeVersion = ({ templateId, number }: TemplateVersion) =>
  `launch template ${templateId} version ${number}`;

/** The versions of a Region, found by what groups and instances write: id or name, and number or alias. */
export class TemplateVersions {
  readonly #byId: ReadonlyMap<string, TemplateVersion>;
  readonly #idsByName: ReadonlyMap<string, string>;
  readonly #aliases = new Map<string, TemplateVersion>();

  constructor(versions: readonly TemplateVersion[]) {
    this.#byId = new Map(versions.map((version) => [versionId(version), version]));
    this.#idsByName = new Map(versions.map(({ templateName, templateId }) => [templateName, templateId]));
    for (const version of versions) {
      if (version.isDefault) this.#aliases.set(`${version.templateId}:$Default`, version);
      if (version.isLatest) this.#aliases.set(`${version.templateId}:$Latest`, version);
    }
  }

  idOf(name: string): string | undefined {
    return this.#idsByName.get(name);
  }

  find({ template, version }: VersionUse): TemplateVersion | undefined {
    const templateId = template.id ?? this.idOf(template.name ?? '') ?? '';
    const key = `${templateId}:${version}`;
    return this.#byId.get(key) ?? this.#aliases.get(key);
  }
}

/**
 * What is known now, from a new look at the `$Default` and `$Latest` versions and what was known before: a version
 * that lost one of these roles stays known as a number.
 */
export function withCurrent(
  known: readonly TemplateVersion[],
  current: readonly TemplateVersion[],
): TemplateVersion[] {
  const now = new Set(current.map(versionId));
  const others = known.filter((version) => !now.has(versionId(version)));
  return [...current, ...others.map((version) => ({ ...version, isDefault: false, isLatest: false }))];
}
