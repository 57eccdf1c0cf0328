import type { Log } from '../log.ts';
import type { Level } from './output.ts';
import { CLEAN_UP, type Phase, Phases, speaker } from './phases.ts';

/** A phase of a build and how long it took, in milliseconds. */
export interface TimedPhase extends Phase {
  ms: number;
}

/** How much of a phase is kept for the annotation, should it fail: GitHub cuts those at 4096 characters. */
const LAST_LINES = 15;
const LONGEST_LINE = 240;

/** For this long the words of a build are held back for its section, where several build side by side. Milliseconds. */
const HELD_MS = 15_000;

interface Open {
  title: string;
  since: number;
  /** The end of what was said in it. */
  lines: string[];
  /** What is to be shown in its section, and since when. */
  held: string[];
  heldSince: number;
}

/**
 * Prints what Packer says in one foldable section a phase, with the time that it took. A build that is alone is
 * printed as it speaks. Builds that run side by side mix their lines: from the second one on, what each of them says
 * is held back until its phase is over, or for some seconds, and then printed in a section of its own.
 */
export class BuildLog {
  readonly phases: TimedPhase[] = [];
  readonly #log: Log;
  readonly #now: () => number;
  readonly #reader = new Phases();
  readonly #open = new Map<string, Open>();
  /** The last phase of each build before its clean-up: where it failed, if it failed. */
  readonly #last = new Map<string, Open>();
  #endGroup: (() => void) | undefined;
  #isShared = false;

  /** @param now milliseconds since 1970 */
  constructor(log: Log, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  print(text: string, level: Level): void {
    // What a program prints can look like a sentence of Packer's.
    const phase = level === 'say' ? this.#reader.read(text) : undefined;
    if (phase) this.#enter(phase);
    const build = speaker(text);
    const lines = text.split(/\r?\n/).map((line) => {
      // A line that begins with "::" is a command for the runner. Those of Packer begin with the build's name, but for
      // line ends inside of a text, which any program can print.
      return build === undefined || speaker(line) === build ? line : `    ${build}: ${line}`;
    });
    if (build === undefined) this.#leave(text);
    this.#say(build, lines);
    for (const [name, open] of this.#open)
      if (open.held.length > 0 && this.#now() - open.heldSince >= HELD_MS) this.#show(name, open);
  }

  /** Ends what is open; nothing happens a second time. */
  end(): void {
    for (const build of [...this.#open.keys()]) this.#finish(build);
    this.#closeGroup();
  }

  /** Where a build failed: the phase, and the last lines in it. */
  failureOf(build: string): { title: string; lines: readonly string[] } | undefined {
    return this.#last.get(build);
  }

  #enter({ build, title }: Phase): void {
    this.#finish(build);
    const entered: Open = { title, since: this.#now(), lines: [], held: [], heldSince: 0 };
    this.#open.set(build, entered);
    if (title !== CLEAN_UP) this.#last.set(build, entered);
    if (this.#open.size > 1) this.#isShared = true;
    this.#closeGroup();
    if (!this.#isShared) this.#endGroup = this.#log.startGroup(`${build}: ${title}`);
  }

  /** Packer's last words about a build, or about all of them, belong to no phase. */
  #leave(text: string): void {
    const [, build] = /^(?:Build '(.+)' (?:finished|errored) after|==> Wait completed)/.exec(text) ?? [];
    if (build !== undefined) this.#finish(build);
    else if (text.startsWith('==> Wait completed')) this.end();
  }

  #say(build: string | undefined, lines: readonly string[]): void {
    const open = build === undefined ? undefined : this.#open.get(build);
    if (open) keepLast(open, lines);
    if (open && this.#isShared) {
      if (open.held.length === 0) open.heldSince = this.#now();
      open.held.push(lines.join('\n'));
    } else this.#log.info(lines.join('\n'));
  }

  #finish(build: string): void {
    const open = this.#open.get(build);
    if (!open) return;
    const ms = this.#now() - open.since;
    this.phases.push({ build, title: open.title, ms });
    if (this.#isShared) this.#show(build, open, `: ${(ms / 1000).toFixed(1)} s`);
    else this.#closeGroup();
    this.#open.delete(build);
  }

  /** A section with what was held back. */
  #show(build: string, open: Open, time = ''): void {
    const end = this.#log.startGroup(`${build}: ${open.title}${time}`);
    for (const text of open.held) this.#log.info(text);
    end();
    open.held = [];
  }

  #closeGroup(): void {
    this.#endGroup?.();
    this.#endGroup = undefined;
  }
}

/** Without the name of the build and empty lines, which would take the place of others. */
function keepLast({ lines }: Open, said: readonly string[]): void {
  const texts = said.map((line) => line.replace(/^(==>| {3}) [^:]+: ?/, ''));
  for (const line of texts.filter((each) => each.trim() !== ''))
    lines.push(line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line);
  if (lines.length > LAST_LINES) lines.splice(0, lines.length - LAST_LINES);
}
