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

/**
 * The sentences with which a stage begins, and what it is called in the log; the same in Packer 1.6 and in plugin 1.8.
 * They are exact, because newer releases of Packer print what a provisioner says in the same form.
 */
const BEGINNINGS: readonly (readonly [Stage, RegExp, (match: RegExpExecArray) => string])[] = [
  [
    'launch',
    /^(Prevalidating (any provided VPC information|AMI Name: )|Force Deregister flag found|Creating temporary (keypair|security group|role|instance profile|\w+ SSH key)|Launching a (source|spot) AWS instance\.\.\.$)/,
    () => 'Launch the builder instance',
  ],
  [
    'connect',
    /^(Using \w+ communicator to connect: |Waiting for (SSH|WinRM) to become available|Waiting for auto-generated password)/,
    () => 'Connect to it',
  ],
  ['provision', /^Provisioning with ([\w-]+)(?: script)?(?:\.\.\.$|: (\S+)$)/, provisionerTitle],
  ['provision', /^Uploading (?:\.\/)?(\S+) => \S+$/, ([, file]) => `Provision: file ${file}`],
  ['provision', /^Executing Ansible: /, () => 'Provision: ansible'],
  ['provision', /^Running local shell script: /, () => 'Provision: shell-local'],
  [
    'image',
    /^(Stopping the source instance\.\.\.$|Automatic instance stop disabled\.|Creating AMI \S+ from instance i-|Creating snapshot of EBS Volume vol-|Registering the AMI\.\.\.$)/,
    () => 'Make the image',
  ],
  ['copy', /^Copying\/Encrypting AMI \(ami-/, () => 'Copy it to other Regions'],
  [
    'tag',
    /^(Attaching run tags to AMI\.\.\.$|Enabling deprecation on AMI \(|Modifying attributes on (AMI|snapshot) \(|Adding tags to AMI \()/,
    () => 'Tag and share it',
  ],
  [
    'clean-up',
    /^(Provisioning step had errors: Running the cleanup provisioner|Step "Step\w+" failed|Terminating the source AWS instance\.\.\.$|Cleaning up any extra volumes\.\.\.$|No volumes to clean up|Deleting temporary (keypair|security group|role|instance profile)\.\.\.$|Deregistering the AMI )/,
    () => CLEAN_UP,
  ],
  [
    'post-process',
    // Its name in the template, if it has one there, and its type.
    /^Running post-processor: *([^\s(]*)(?: ?\(type (\S+)\))?$/,
    ([, name, type]) => `Post-process: ${type ?? name}`,
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
