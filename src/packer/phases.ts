/** A stretch of one build, in the order in which the Amazon builders go through them. */
export interface Phase {
  /** The build's name as Packer has it, such as `amazon-ebs.web`. */
  readonly build: string;
  readonly title: string;
}

export const CLEAN_UP = 'Clean up';

const STAGES = [
  'launch',
  'connect',
  'provision',
  'image',
  'copy',
  'tag',
  'clean-up',
  'post-process',
] as const;

type Stage = (typeof STAGES)[number];

/** The sentences with which a stage begins, in Packer 1.6 and in plugin 1.8, and what it is called in the log. */
const BEGINNINGS: readonly (readonly [Stage, RegExp, (match: RegExpExecArray) => string])[] = [
  [
    'launch',
    /^(Prevalidating |Force Deregister|Creating temporary |Launching a |Requesting )/,
    () => 'Launch the builder instance',
  ],
  [
    'connect',
    /^(Using \w+ communicator|Waiting for (SSH|WinRM)|Starting portForwarding|Connecting to )/,
    () => 'Connect to it',
  ],
  ['provision', /^Provisioning with ([^.:]+?)(?: script)?(?:\.\.\.|: (\S+))/, provisionerTitle],
  ['provision', /^Uploading (?:\.\/)?(\S+) => /, ([, file]) => `Provision: file ${file}`],
  ['provision', /^Executing Ansible/, () => 'Provision: ansible'],
  ['provision', /^Running local shell script/, () => 'Provision: shell-local'],
  ['image', /^(Stopping the source instance|Creating (unencrypted )?AMI )/, () => 'Make the image'],
  ['copy', /^Copying\/Encrypting AMI /, () => 'Copy it to other Regions'],
  ['tag', /^(Modifying attributes on|Adding tags to AMI|Creating AMI tags)/, () => 'Tag and share it'],
  [
    'post-process',
    // Its name in the template, if it has one there, and its type.
    /^Running post-processor: *([^\s(]*)(?: ?\(type (\S+)\))?/,
    ([, name, type]) => `Post-process: ${type ?? name}`,
  ],
  [
    'clean-up',
    /^(Provisioning step had errors|Terminating the source |Cleaning up any extra volumes|Step ".+" failed|Cancelling |No volumes to clean up|Deleting temporary )/,
    () => CLEAN_UP,
  ],
];

/** A script of the template has its own name; one that Packer wrote for inline commands has not. */
function provisionerTitle([, kind = '', path = '']: RegExpExecArray): string {
  const file = path.replace(/^\.\//, '');
  const isInline = file === '' || /packer-shell\d+$/.test(file);
  return `Provision: ${kind.toLowerCase()}${isInline ? '' : ` ${file}`}`;
}

/**
 * Tells from what Packer itself says in which phase each build is. A build goes on to later stages only, and
 * provisioners come one after the other: a sentence that a plugin says out of turn does not lead back.
 */
export class Phases {
  readonly #current = new Map<string, { stage: number; title: string }>();

  /** The phase that begins with this text of the level `say`; `undefined` when the present one goes on. */
  read(text: string): Phase | undefined {
    const build = speaker(text);
    const sentence = /^==> [^:\n]+: (.*)/.exec(text)?.[1];
    if (build === undefined || sentence === undefined) return undefined;
    const current = this.#current.get(build) ?? { stage: -1, title: '' };
    for (const [stage, pattern, titleOf] of BEGINNINGS) {
      const match = pattern.exec(sentence);
      if (!match) continue;
      const next = { stage: STAGES.indexOf(stage), title: titleOf(match) };
      const isRepeatable = stage === 'provision' || stage === 'post-process';
      if (next.stage < current.stage || (next.stage === current.stage && !isRepeatable)) return undefined;
      if (next.title === current.title && !sentence.startsWith('Provisioning with')) return undefined;
      this.#current.set(build, next);
      return { build, title: next.title };
    }
    return undefined;
  }
}

/** The build that says a line; `undefined` for Packer's own words about all of them. */
export function speaker(text: string): string | undefined {
  const name = /^(?:==>| {3}) ([^:\n]+): /.exec(text)?.[1];
  // A post-processor speaks as "<build> (<its type>)".
  return name?.replace(/ \([\w-]+\)$/, '');
}
