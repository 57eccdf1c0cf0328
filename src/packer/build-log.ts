import type { Log } from '../log.ts';
import type { Level } from './output.ts';
import { CLEAN_UP, type Phase, Phases, speaker } from './phases.ts';

/** A phase of a build and how long it took, in milliseconds. */
export interface TimedPhase extends Phase {
  ms: number;
}

/** How many lines of a phase are kept for the annotation, should it fail. */
const LAST_LINES = 15;

interface Open {
  title: string;
  since: number;
  lines: string[];
}

/**
 * Prints what Packer says in one foldable section a phase, with the time that it took. Builds that run side by side
 * mix their lines, so that from the second one on they share a section; their times are kept apart all the same.
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
    // Packer's last words are about all builds, and belong to no phase.
    const isEnd = this.#isShared ? /^==> (Wait completed|Builds finished)/ : /^(==> Wait completed|Build ')/;
    if (build === undefined && isEnd.test(text)) this.#close();
    // A line that begins with "::" is a command for the runner. Those of Packer begin with the build's name, but for
    // line ends inside of a text, which any program can print.
    const lines = text.split(/\r?\n/).map((line) => {
      return build === undefined || speaker(line) === build ? line : `    ${build}: ${line}`;
    });
    if (build !== undefined) this.#keep(build, lines);
    this.#log.info(lines.join('\n'));
  }

  /** Ends what is open; nothing happens a second time. */
  end(): void {
    this.#close();
    for (const build of this.#open.keys()) this.#finish(build);
    this.#open.clear();
  }

  /** Where a build failed: the phase, and the last lines in it. */
  failureOf(build: string): { title: string; lines: readonly string[] } | undefined {
    return this.#last.get(build);
  }

  #enter({ build, title }: Phase): void {
    this.#finish(build);
    const entered: Open = { title, since: this.#now(), lines: [] };
    this.#open.set(build, entered);
    if (title !== CLEAN_UP) this.#last.set(build, entered);
    if (this.#open.size > 1 && !this.#isShared) {
      this.#isShared = true;
      this.#close();
      this.#endGroup = this.#log.startGroup('Several builds side by side');
    } else if (!this.#isShared) {
      this.#close();
      this.#endGroup = this.#log.startGroup(`${build}: ${title}`);
    }
  }

  /** Without the name of the build and empty lines, which would take the place of others. */
  #keep(build: string, said: readonly string[]): void {
    const lines = this.#open.get(build)?.lines;
    if (!lines) return;
    const texts = said.map((line) => line.replace(/^(==>| {3}) [^:]+: ?/, ''));
    lines.push(...texts.filter((line) => line.trim() !== ''));
    if (lines.length > LAST_LINES) lines.splice(0, lines.length - LAST_LINES);
  }

  #finish(build: string): void {
    const open = this.#open.get(build);
    if (open) this.phases.push({ build, title: open.title, ms: this.#now() - open.since });
    if (open && this.#isShared) {
      const seconds = (this.#now() - open.since) / 1000;
      this.#log.info(`${build}: ${open.title}: ${seconds.toFixed(1)} s`);
    }
  }

  #close(): void {
    this.#endGroup?.();
    this.#endGroup = undefined;
  }
}
