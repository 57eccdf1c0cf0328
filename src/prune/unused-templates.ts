import type { Facts } from './facts.ts';
import { groupedBy } from './lists.ts';
import type { Plan, PlanRules } from './plan.ts';
import { promotionsUnderWay } from './references/promotions.ts';
import { isVersionUse } from './references/use.ts';
import { TemplateVersions } from './template-versions.ts';

/** A launch template of the application that nothing uses, with none of its versions. */
export interface UnusedTemplate {
  id: string;
  name: string;
  versions: number;
}

const DAY_MS = 24 * 3600 * 1000;

/**
 * Launch templates of which prunable versions exist (ours, or named by the user) and that no group, instance, fleet,
 * Spot request or refresh uses: nobody but a person knows whether they are still wanted. A young one may only be about
 * to be used, and one whose users could not be read is not unused.
 */
export function unusedTemplates(
  { versions }: Pick<Plan, 'versions'>,
  facts: Facts,
  { minAgeDays, now }: PlanRules,
): UnusedTemplate[] {
  if (facts.unreadable.some(({ source }) => source.holds.includes('versions'))) return [];
  const known = new TemplateVersions(facts.versions);
  const uses = Object.values(facts.uses).flat().filter(isVersionUse);
  const used = new Set(
    uses.flatMap((use) => {
      // Also a version that is gone: the group that names it has a problem of its own.
      const templateId = use.template.id ?? known.idOf(use.template.name ?? '');
      return templateId ?? [];
    }),
  );
  const promoting = new Set(promotionsUnderWay(facts.images, now).map(({ imageId }) => imageId));
  const byTemplate = groupedBy(versions, ({ version }) => [version.templateId]);
  return [...byTemplate].flatMap(([id, all]) => {
    const isWanted = all.some(
      ({ version, users }) =>
        users.length > 0 ||
        promoting.has(version.imageId ?? '') ||
        !(now - version.created >= minAgeDays * DAY_MS),
    );
    const [newest] = all;
    if (used.has(id) || isWanted || !newest || !all.some(({ prunable }) => prunable)) return [];
    return [{ id, name: newest.version.templateName, versions: all.length }];
  });
}
