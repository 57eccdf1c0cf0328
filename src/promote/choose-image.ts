import { describeImage, type Image, newestFirst } from '../image.ts';
import type { PromoteInputs } from '../inputs/schema.ts';
import { markKey, readMark, TAG } from '../tags.ts';

/** Which image the user asked for. */
export type ImageChoice =
  | { by: 'ami-id'; imageId: string }
  | { by: 'commit'; commit: string; given: boolean }
  | { by: 'version'; version: string }
  | { by: 'previous' };

export function choiceOf(inputs: PromoteInputs, runCommit: string): ImageChoice {
  if (inputs.amiId !== undefined) return { by: 'ami-id', imageId: inputs.amiId };
  if (inputs.commit !== undefined) return { by: 'commit', commit: inputs.commit, given: true };
  if (inputs.version !== undefined) return { by: 'version', version: inputs.version };
  if (inputs.rollback) return { by: 'previous' };
  return { by: 'commit', commit: runCommit, given: false };
}

export type Chosen = { image: Image; notes: string[] } | { problem: string };

/**
 * Picks one image from the candidates that AWS returned. An automatic choice (`rollback: true` alone) skips what was
 * rejected in this environment; an explicit one only warns. `presentIds` are the images that the groups run.
 */
export function pickImage(
  choice: ImageChoice,
  candidates: readonly Image[],
  facts: { environment: string; application: string; region: string; presentIds: readonly string[] },
): Chosen {
  const usable = candidates.filter(
    (image) => image.state === 'available' && image.tags[TAG.quarantined] === undefined,
  );
  switch (choice.by) {
    case 'ami-id':
      return pickById(choice.imageId, candidates, facts);
    case 'previous':
      return pickPrevious(usable, facts);
    case 'commit':
    case 'version': {
      const [image, ...others] = usable.toSorted(newestFirst);
      if (!image) return { problem: nothingFound(choice, candidates, facts) };
      const notes =
        others.length === 0
          ? []
          : [
              `Several images fit; the newest is taken. The others: ${others.map((other) => other.id).join(', ')}.`,
            ];
      return { image, notes: [...notes, ...rejectedNote(image, facts.environment)] };
    }
  }
}

function pickById(
  id: string,
  candidates: readonly Image[],
  facts: { environment: string; region: string },
): Chosen {
  const image = candidates.find((candidate) => candidate.id === id);
  if (!image)
    return {
      problem: `There is no image ${id} in ${facts.region} that this account may use. Check the inputs "ami-id" and "aws-region".`,
    };
  const quarantined = image.tags[TAG.quarantined];
  if (quarantined !== undefined)
    return {
      problem: `The image ${id} is quarantined (${quarantined}) and is never promoted. Bake a new one.`,
    };
  if (image.state !== 'available')
    return { problem: `The image ${id} is ${image.state}, not available. ${advice(image.state)}` };
  return { image, notes: rejectedNote(image, facts.environment) };
}

const advice = (state: string) =>
  state === 'pending'
    ? 'Wait until the bake is finished.'
    : state === 'disabled'
      ? 'Enable it first, or bake again.'
      : 'Bake it again.';

/** The image promoted to the environment most recently, other than the present ones, that was not rejected there. */
function pickPrevious(
  candidates: readonly Image[],
  facts: { environment: string; application: string; presentIds: readonly string[] },
): Chosen {
  const promotedAt = (image: Image) =>
    readMark(image.tags[markKey('promoted', facts.environment)])?.time ?? 0;
  const [image] = candidates
    .filter((candidate) => promotedAt(candidate) > 0 && !facts.presentIds.includes(candidate.id))
    .filter((candidate) => candidate.tags[markKey('rejected', facts.environment)] === undefined)
    .toSorted((a, b) => promotedAt(b) - promotedAt(a) || newestFirst(a, b));
  if (image) return { image, notes: [] };
  return {
    problem: `No image of "${facts.application}" was promoted to "${facts.environment}" before the present one and not rejected since: there is nothing to roll back to. Name one with "ami-id" or "commit".`,
  };
}

function rejectedNote(image: Image, environment: string): string[] {
  const rejected = readMark(image.tags[markKey('rejected', environment)]);
  if (!rejected) return [];
  return [
    `${describeImage(image)} was rejected in ${environment} on ${new Date(rejected.time).toISOString()}: ${rejected.text}`,
  ];
}

function nothingFound(
  choice: { by: 'commit'; commit: string; given: boolean } | { by: 'version'; version: string },
  candidates: readonly Image[],
  facts: { application: string; region: string },
): string {
  const wanted = choice.by === 'commit' ? `commit ${choice.commit}` : `version ${choice.version}`;
  const [unusable] = candidates;
  if (unusable) {
    const why =
      unusable.tags[TAG.quarantined] === undefined
        ? `is ${unusable.state}`
        : `is quarantined (${unusable.tags[TAG.quarantined]})`;
    return `The image of ${wanted}, ${unusable.id}, ${why}. Wait for the bake, or bake again.`;
  }
  const fix =
    choice.by === 'commit' && !choice.given
      ? 'Run the mode bake first, or name an image with "ami-id", "commit" or "version".'
      : 'Check the input, and that the mode bake ran for it in this Region.';
  return `There is no image of "${facts.application}" for ${wanted} in ${facts.region}. ${fix}`;
}
