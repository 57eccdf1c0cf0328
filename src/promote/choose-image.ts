import { describeImage, type Image, newestFirst } from '../image.ts';
import type { PromoteInputs } from '../inputs/schema.ts';
import { commitAliases, markKey, readMark, TAG } from '../tags.ts';

/** Which images the user asked for. Only `branch` and `previous` are automatic: they skip what was rejected. */
export type ImageChoice =
  /** One image for each architecture that the groups run. */
  | { by: 'ami-id'; imageIds: readonly string[] }
  | { by: 'commit'; commit: string; given: boolean }
  | { by: 'version'; version: string }
  | { by: 'branch'; branch: string }
  | { by: 'previous' };

export function choiceOf(inputs: PromoteInputs, runCommit: string): ImageChoice {
  if (inputs.amiId !== undefined) return { by: 'ami-id', imageIds: inputs.amiId };
  if (inputs.commit !== undefined) return { by: 'commit', commit: inputs.commit, given: true };
  if (inputs.version !== undefined) return { by: 'version', version: inputs.version };
  if (inputs.branch !== undefined) return { by: 'branch', branch: inputs.branch };
  if (inputs.rollback) return { by: 'previous' };
  return { by: 'commit', commit: runCommit, given: false };
}

/** What a choice depends on besides the candidates. */
export interface ChoiceFacts {
  application: string;
  environment: string;
  region: string;
  /** The images that the groups run now. */
  present: readonly Image[];
  /** Account ids whose images may be promoted; the first one is our own. */
  owners: readonly string[];
}

/** One image for each architecture that is needed, or why there is none. */
export type Chosen = { images: Image[]; notes: string[] } | { problems: string[] };

/** Picks from the candidates that AWS returned; of several that fit, the newest. */
export function pickImages(choice: ImageChoice, candidates: readonly Image[], facts: ChoiceFacts): Chosen {
  if (choice.by === 'ami-id') return pickByIds(choice.imageIds, candidates, facts);
  const fitting = candidates.filter((image) => fits(image, choice, facts)).toSorted(byRank(choice, facts));
  const usable = fitting.filter(isUsable);
  const needed = architecturesOf(facts);
  const images: Image[] = [];
  const problems: string[] = [];
  for (const architecture of needed.length > 0 ? needed : [usable[0]?.architecture]) {
    const image = usable.find((candidate) => candidate.architecture === architecture);
    if (image) images.push(image);
    else problems.push(nothingFound(choice, fitting, facts, needed.length > 1 ? architecture : undefined));
  }
  if (problems.length > 0) return { problems };
  return {
    images,
    notes: [...otherNotes(images, usable), ...images.flatMap((image) => rejectedNote(image, facts))],
  };
}

const isUsable = (image: Image) => image.state === 'available' && image.tags[TAG.quarantined] === undefined;

const architecturesOf = ({ present }: ChoiceFacts) => [
  ...new Set(present.map((image) => image.architecture)),
];

/** Whether an image is what was asked for, usable or not. */
function fits(
  image: Image,
  choice: Exclude<ImageChoice, { by: 'ami-id' }>,
  { environment, present }: ChoiceFacts,
): boolean {
  const isRejected = image.tags[markKey('rejected', environment)] !== undefined;
  switch (choice.by) {
    case 'commit':
      return commitsOf(image).some((commit) => commit.startsWith(choice.commit));
    case 'version':
      return image.tags[TAG.version] === choice.version;
    case 'branch':
      return joinedBranch(image, choice.branch) !== undefined && !isRejected;
    case 'previous': {
      const promoted = promotedAt(image, environment);
      const isPresent = present.some(({ id }) => id === image.id);
      const latest = Math.max(0, ...present.map((other) => promotedAt(other, environment) ?? 0));
      if (promoted === undefined || isPresent || isRejected) return false;
      return latest === 0 || promoted < latest;
    }
  }
}

/** The commit that was built, and those that reused the image. */
const commitsOf = (image: Image) => [
  image.tags[TAG.commit] ?? '',
  ...commitAliases(image.tags).map(({ commit }) => commit),
];

const promotedAt = (image: Image, environment: string) =>
  readMark(image.tags[markKey('promoted', environment)])?.time;

/** When the image became one of the branch: when it was built from it, or reused by its newest commit. */
function joinedBranch(image: Image, branch: string): number | undefined {
  const reuses = commitAliases(image.tags).filter((alias) => alias.branch === branch);
  const times = [
    ...(image.tags[TAG.branch] === branch ? [image.created] : []),
    ...reuses.map(({ time }) => time),
  ];
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Best first: by the time that the choice goes by. */
function byRank(choice: ImageChoice, { environment }: ChoiceFacts) {
  const time = (image: Image) => {
    if (choice.by === 'branch') return joinedBranch(image, choice.branch) ?? 0;
    if (choice.by === 'previous') return promotedAt(image, environment) ?? 0;
    return image.created;
  };
  return (a: Image, b: Image) => time(b) - time(a) || newestFirst(a, b);
}

function pickByIds(ids: readonly string[], candidates: readonly Image[], facts: ChoiceFacts): Chosen {
  const problems: string[] = [];
  const images: Image[] = [];
  for (const id of ids) {
    const image = candidates.find((candidate) => candidate.id === id);
    const problem = image ? idProblem(image, facts) : missing(id, facts);
    if (problem !== undefined) problems.push(problem);
    else if (image) images.push(image);
  }
  const architectures = images.map((image) => image.architecture);
  const twice = architectures.find((architecture, index) => architectures.indexOf(architecture) !== index);
  if (twice !== undefined) {
    const both = images.filter((image) => image.architecture === twice).map((image) => image.id);
    problems.push(
      `The images ${both.join(' and ')} are both ${twice}: "ami-id" takes one for each architecture.`,
    );
  }
  if (problems.length > 0) return { problems };
  return { images, notes: images.flatMap((image) => rejectedNote(image, facts)) };
}

const missing = (id: string, { region }: ChoiceFacts) =>
  `There is no image ${id} in ${region} that this account may use. Check the inputs "ami-id" and "aws-region", and that the image is shared with this account if it is of another one.`;

function idProblem(image: Image, { owners }: ChoiceFacts): string | undefined {
  const quarantined = image.tags[TAG.quarantined];
  if (quarantined !== undefined)
    return `The image ${image.id} is quarantined (${quarantined}) and is never promoted. Bake a new one.`;
  if (image.state !== 'available')
    return `The image ${image.id} is ${image.state}, not available. ${advice(image.state)}`;
  if (!owners.includes(image.ownerId))
    return `The image ${image.id} belongs to the account ${image.ownerId}. If its images are to be trusted, add ${image.ownerId} to "image-owners".`;
  return undefined;
}

function advice(state: string): string {
  if (state === 'pending') return 'Wait until the bake is finished.';
  return state === 'disabled' ? 'Enable it first (aws ec2 enable-image), or bake again.' : 'Bake it again.';
}

function otherNotes(images: readonly Image[], usable: readonly Image[]): string[] {
  const others = usable.filter(
    (other) => !images.includes(other) && images.some((image) => image.architecture === other.architecture),
  );
  if (others.length === 0) return [];
  const list = others.slice(0, 5).map(describeImage).join(', ');
  const more = others.length > 5 ? ` and ${others.length - 5} more` : '';
  return [`Several images fit; the newest is taken. The others: ${list}${more}.`];
}

function rejectedNote(image: Image, { environment }: ChoiceFacts): string[] {
  const rejected = readMark(image.tags[markKey('rejected', environment)]);
  if (!rejected) return [];
  return [
    `${describeImage(image)} was rejected in ${environment} on ${new Date(rejected.time).toISOString()}: ${rejected.text}`,
  ];
}

function nothingFound(
  choice: Exclude<ImageChoice, { by: 'ami-id' }>,
  fitting: readonly Image[],
  facts: ChoiceFacts,
  architecture: string | undefined,
): string {
  const what = architecture === undefined ? 'image' : `${architecture} image`;
  const ofArchitecture = fitting.filter(
    (image) => architecture === undefined || image.architecture === architecture,
  );
  const [unusable] = ofArchitecture.filter((image) => !isUsable(image));
  if (unusable) {
    const quarantined = unusable.tags[TAG.quarantined];
    const why = quarantined === undefined ? `is ${unusable.state}` : `is quarantined (${quarantined})`;
    return `The ${what} of ${described(choice)}, ${unusable.id}, ${why}. Wait for the bake, or bake again.`;
  }
  const [other] = fitting;
  if (other)
    return `There is no ${architecture ?? architecturesOf(facts)[0]} image for ${described(choice)}, but ${other.id} is ${other.architecture}. Bake for the architecture that the groups run.`;
  if (choice.by === 'previous')
    return `No ${what} of "${facts.application}" was promoted to "${facts.environment}" before the present one and not rejected since: there is nothing to roll back to. Name one with "ami-id" or "commit".`;
  return `There is no ${what} of "${facts.application}" for ${described(choice)} in ${facts.region}. ${fix(choice)}`;
}

function described(choice: Exclude<ImageChoice, { by: 'ami-id' }>): string {
  switch (choice.by) {
    case 'commit':
      return `commit ${choice.commit}`;
    case 'version':
      return `version ${choice.version}`;
    case 'branch':
      return `branch ${choice.branch}`;
    case 'previous':
      return 'the rollback';
  }
}

const fix = (choice: ImageChoice) =>
  choice.by === 'commit' && !choice.given
    ? 'Run the mode bake first, or name an image with "ami-id", "commit", "version" or "branch".'
    : 'Check the input, and that the mode bake ran for it in this Region.';
