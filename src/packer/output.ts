import { DeploymentError } from '../errors.ts';
import { problemsIn, type TemplateProblem } from './problems.ts';

/** An AMI that a finished build reports as its artifact. */
export interface BuiltImage {
  /** The build's name as Packer has it, such as `amazon-ebs.web`. */
  readonly build: string;
  readonly region: string;
  readonly amiId: string;
}

/**
 * Who speaks: Packer itself (`say`), or mostly what it runs, on standard output (`message`) and standard error
 * (`error`). Newer releases (those with version 0.6.3 of Packer's SDK) have no `message`: programs `say` as well.
 */
export type Level = 'say' | 'message' | 'error';

/** What one line of `packer -machine-readable` says. */
export type PackerEvent =
  | { readonly kind: 'ui'; readonly level: Level; readonly text: string }
  | { readonly kind: 'artifact'; readonly images: readonly BuiltImage[] }
  | { readonly kind: 'error'; readonly build: string; readonly text: string }
  /** A line of another type (`artifact-count`, `version`, ...), of no use to a reader. */
  | { readonly kind: 'other' };

/**
 * Something that Packer said it made and will remove at the end of the build. When it is killed before that,
 * somebody else has to. `id` is an id for instances, launch templates and images, else a name. An `image` is
 * an AMI in the making, an `image-name` the name that its copies in other Regions carry as well.
 */
export interface TemporaryResource {
  readonly kind: TemporaryResourceKind;
  readonly build: string;
  readonly id: string;
}

export type TemporaryResourceKind =
  | 'instance'
  | 'key-pair'
  | 'security-group'
  | 'instance-profile'
  | 'role'
  | 'launch-template'
  | 'image'
  | 'image-name';

/**
 * The sentences of the Amazon builders (the same in Packer 1.6 and in plugin 1.8). There is no
 * machine-readable event for these, so a provisioner that prints such a sentence looks the same: whoever
 * cleans up has to ask AWS what the resource is before deleting it.
 */
const SENTENCES: readonly (readonly [TemporaryResourceKind, RegExp])[] = [
  ['instance', /^Instance ID: (i-[0-9a-z]+)$/],
  ['key-pair', /^Creating temporary keypair: (\S+)$/],
  ['security-group', /^Creating temporary security group for this instance: (\S+)$/],
  ['instance-profile', /^Creating temporary instance profile for this instance: (\S+)$/],
  ['role', /^Creating temporary role for this instance: (\S+)$/],
  ['launch-template', /^Created Spot Fleet launch template: (lt-[0-9a-z]+)$/],
  ['image-name', /^Creating AMI (.+) from instance i-[0-9a-z]+$/],
  ['image', /^AMI: (ami-[0-9a-z]+)$/],
];

/** How many lines of Packer's errors go into ours. */
const ERROR_LINES = 8;

/** How many lines are kept to choose from: provisioners write a lot to standard error. */
const KEPT_LINES = 50;

/**
 * Reads one line of `packer -machine-readable`: `timestamp,target,type,data...`, in which Packer writes a
 * comma inside of a value as `%!(PACKER_COMMA)` and line ends as `\n` and `\r` (and leaves a backslash as it
 * is, so that a Windows path such as `C:\new` cannot be told from a line end).
 *
 * @returns undefined for a line that is no such record, for instance a crash report
 */
export function parsePackerLine(line: string): PackerEvent | undefined {
  // The target is the one field whose commas Packer does not escape; a build may be named "web, blue".
  const record = /^\d+,(.*?),(ui|artifact|artifact-count|error),(.*)$/s.exec(line);
  if (!record) return /^\d+,[^,]*,[\w-]+(,|$)/.test(line) ? { kind: 'other' } : undefined;
  const [, build = '', type, rest = ''] = record;
  const data = rest.split(',').map(decode);
  switch (type) {
    case 'ui': {
      const [level, text = ''] = data;
      return level === 'say' || level === 'message' || level === 'error'
        ? { kind: 'ui', level, text }
        : { kind: 'other' };
    }
    case 'error':
      return { kind: 'error', build, text: data.join(',') };
    default: {
      const [, property, value = ''] = data;
      const images = property === 'id' ? imagesIn(build, value) : [];
      return images.length > 0 ? { kind: 'artifact', images } : { kind: 'other' };
    }
  }
}

/**
 * Commas between Regions: `eu-west-1:ami-1,us-east-1:ami-2`. Artifacts that are no AMIs (files, volumes) are
 * not ours.
 */
function imagesIn(build: string, artifactId: string): BuiltImage[] {
  return artifactId.split(',').flatMap((part) => {
    const [, region, amiId] = /^([a-z0-9-]+):(ami-[0-9a-z]+)$/.exec(part) ?? [];
    return region && amiId ? [{ build, region, amiId }] : [];
  });
}

function decode(value: string): string {
  return value.replaceAll('%!(PACKER_COMMA)', ',').replaceAll('\\n', '\n').replaceAll('\\r', '\r');
}

/** What one line of Packer's output adds to what is known already. */
export interface Reading {
  /** For the log, without the envelope; undefined when the line is not for people. */
  readonly text: string | undefined;
  readonly level: Level;
  readonly images: readonly BuiltImage[];
  readonly resources: readonly TemporaryResource[];
}

const NOTHING: Reading = { text: undefined, level: 'message', images: [], resources: [] };

/** Everything that one run of Packer has said so far. */
export class PackerOutput {
  /** In the order in which Packer reported them, each once. */
  readonly images: BuiltImage[] = [];
  readonly resources: TemporaryResource[] = [];
  /** The builds that failed, with the error of each. */
  readonly failures: { build: string; text: string }[] = [];
  /** What Packer found wrong in the template. */
  readonly problems: TemplateProblem[] = [];
  readonly #errors: string[] = [];
  readonly #unstructured: string[] = [];

  /** Takes in the next line; nothing is reported as new twice. */
  read(line: string): Reading {
    const event = parsePackerLine(line);
    if (!event) {
      keepLast(this.#unstructured, line);
      return { ...NOTHING, text: line };
    }
    switch (event.kind) {
      case 'ui':
        if (event.level === 'error') {
          this.#addError(event.text);
          this.problems.push(...problemsIn(event.text));
        }
        return {
          ...NOTHING,
          text: trimLineEnds(event.text),
          level: event.level,
          resources: this.#addResources(event.text),
        };
      case 'artifact':
        return { ...NOTHING, images: this.#addImages(event.images) };
      case 'error':
        this.#addError(event.text);
        this.failures.push({ build: event.build, text: event.text });
        return NOTHING;
      case 'other':
        return NOTHING;
    }
  }

  /**
   * Packer's last words about what went wrong, at most eight lines; or, without such words, its last plain
   * lines.
   */
  get errorLines(): readonly string[] {
    return (this.#errors.length > 0 ? this.#errors : this.#unstructured).slice(-ERROR_LINES);
  }

  /**
   * Packer says each error up to four times: when it happens, in the build's result, and twice in the
   * summary.
   */
  #addError(text: string): void {
    for (const line of text.split(/\r?\n/).map((part) => part.trimEnd())) {
      const isSummary = line.startsWith('--> ') || line.startsWith('==> Some builds didn');
      if (line === '' || isSummary || this.#errors.some((known) => known.includes(line))) continue;
      keepLast(this.#errors, line);
    }
  }

  /** A post-processor that keeps its input reports the builder's AMI once more. */
  #addImages(images: readonly BuiltImage[]): BuiltImage[] {
    const added = images.filter(
      (image) => !this.images.some((known) => known.region === image.region && known.amiId === image.amiId),
    );
    this.images.push(...added);
    return added;
  }

  #addResources(text: string): TemporaryResource[] {
    const [, build, sentence] = /^(?:==>| {3}) ([^:\n]+): (.*)$/.exec(text.trimEnd()) ?? [];
    if (!build || !sentence) return [];
    const added = SENTENCES.flatMap(([kind, pattern]) => {
      const id = pattern.exec(sentence)?.[1];
      const isNew = !this.resources.some((known) => known.kind === kind && known.id === id);
      return id && isNew ? [{ kind, build, id }] : [];
    });
    this.resources.push(...added);
    return added;
  }
}

function keepLast(lines: string[], line: string): void {
  lines.push(line);
  if (lines.length > KEPT_LINES) lines.shift();
}

function trimLineEnds(text: string): string {
  return text.replace(/^[\r\n]+|\s+$/g, '');
}

/**
 * Region → the ids of the AMIs there, in the order of the build. Several builds in one Region, such as one for each
 * architecture, give several ids, separated by commas: what `ami-id` of a promotion takes.
 *
 * @throws DeploymentError when nothing was built
 */
export function imagesByRegion(
  images: readonly Pick<BuiltImage, 'region' | 'amiId'>[],
): ReadonlyMap<string, string> {
  if (images.length === 0) {
    throw new DeploymentError(
      'Packer succeeded but reported no AMI. Check that the template has an Amazon builder (with ' +
        'skip_create_ami unset) and that the inputs `only` and `except` do not leave it out.',
    );
  }
  const byRegion = new Map<string, string>();
  for (const { region, amiId } of images) {
    const others = byRegion.get(region);
    byRegion.set(region, others === undefined ? amiId : `${others},${amiId}`);
  }
  return byRegion;
}
