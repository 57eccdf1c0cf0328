import type { RefreshPreferences } from '@aws-sdk/client-auto-scaling';
import type { Aws } from '../aws/clients.ts';
import type { Image } from '../image.ts';
import type { PromoteInputs } from '../inputs/schema.ts';
import { choosesByAttributes, describeVersion, imageOf } from './configuration.ts';
import { planVersion } from './launch-template.ts';
import { actionFor, type Plan, type VersionPlan } from './plan.ts';
import { describePreferences, preferencesFor } from './preferences.ts';
import { describeRunning } from './preflight.ts';
import type { Target } from './target.ts';

/** What is to be done with a group; `undefined` when that cannot be said, for which preflight has the reason. */
export async function makePlan(
  aws: Aws,
  target: Target,
  facts: {
    inputs: PromoteInputs;
    application: string;
    images: readonly Image[];
    present: readonly Image[];
    wanted: Readonly<RefreshPreferences>;
  },
): Promise<Plan | undefined> {
  const { running } = target;
  const { inputs, application, images, present, wanted } = facts;
  if (!running) return undefined;
  const newImage = (presentImageId: string | undefined) => {
    const old = present.find(({ id }) => id === presentImageId);
    // Where the present image is gone, its architecture is not known; with one image there is no question.
    if (!old) return images.length === 1 ? images[0] : undefined;
    return images.find(({ architecture }) => architecture === old.architecture);
  };
  const image = newImage(imageOf(running.base)) ?? images[0];
  if (!image) return undefined;
  const imageFor = (presentImageId: string) => newImage(presentImageId)?.id ?? presentImageId;
  const versions: VersionPlan[] = [];
  for (const version of running.versions) {
    const imageId = newImage(imageOf(version))?.id;
    // A version without an image gets it from the overrides, and stays as it is.
    if (imageId === undefined || imageOf(version) === undefined)
      versions.push({ running: version, source: version, imageId: '', number: version.number });
    else
      versions.push(
        await planVersion(aws, version, imageId, { application, sourceVersion: inputs.sourceVersion }),
      );
  }
  const plan = { target, running, image, versions, imageFor };
  const preferences = preferencesFor(wanted, target.group, target.targetGroups);
  return {
    ...plan,
    action: actionFor(plan),
    preferences: choosesByAttributes(running)
      ? { ...preferences, SkipMatching: false, AutoRollback: false }
      : preferences,
  };
}

/** The plan of one group in one sentence. */
export function describePlan({ target, running, image, versions, action, preferences }: Plan): string {
  switch (action.kind) {
    case 'nothing':
      return `${target.name}: runs ${image.id} already, in every instance.`;
    case 'adopt':
      return `${target.name}: the instance refresh ${action.refreshId} to ${image.id} is under way and will be watched.`;
    case 'busy':
      return `${target.name}: waits for the instance refresh ${action.refreshId} (${action.status}).`;
    case 'refresh':
    case 'update-and-refresh': {
      const steps = versions.map((version) =>
        version.number === undefined
          ? `a new version made from ${describeVersion(version.source)}, with only the image changed`
          : `version ${version.number} of ${version.source.launchTemplateName}`,
      );
      return `${target.name}: ${describeRunning(running.base)} → ${image.id}, by ${steps.join(' and ')}; ${describePreferences(preferences)}`;
    }
  }
}
