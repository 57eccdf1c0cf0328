import { setTimeout as sleepRealTime, setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/clock.ts';

/** Something that is due at a time: data, so that the whole state can be saved and loaded. */
export interface Timer {
  at: number;
  /** Order among timers of the same time: that of their creation. */
  sequence: number;
  event: ClockEvent;
}

export interface ClockEvent {
  type: string;
  region: string;
  id: string;
}

interface Sleeper {
  at: number;
  wake: () => void;
}

/** Consecutive turns of the event loop without open work before time may jump. */
const QUIET_TURNS = 4;

/**
 * The sandbox's one clock, in milliseconds since 1970. *Paced*, it runs `scale` times as fast as the machine's;
 * *stepped* (scale 0), it stands still until somebody advances it. Timers fire in the order of their times, each
 * at exactly its time, and the same script therefore gives the same timeline every time.
 */
export class VirtualClock implements Clock {
  #scale: number;
  /** Where paced time started to run: the machine's time and the virtual one of that moment. */
  #base: { real: number; virtual: number };
  /** The time that stepped time stands at, or of the last timer that fired. */
  #reached: number;
  #firing = false;
  #sequence = 0;
  #holds = 0;
  #timers: Timer[] = [];
  #sleepers = new Set<Sleeper>();
  /** What happens when a timer fires; set by the engine. */
  onEvent: (event: ClockEvent) => void = () => {};

  constructor({ now = Date.now(), scale = 1 }: { now?: number; scale?: number } = {}) {
    this.#base = { real: Date.now(), virtual: now };
    this.#reached = now;
    this.#scale = scale;
  }

  now(): number {
    if (this.#firing || this.#scale === 0) return this.#reached;
    return Math.max(this.#reached, this.#base.virtual + (Date.now() - this.#base.real) * this.#scale);
  }

  get scale(): number {
    return this.#scale;
  }

  /** The value of IMMUTABLE_DEPLOY_CLOCK that makes another process live in this time. */
  get variable(): string {
    return `${Date.now()},${Math.round(this.now())},${this.#scale || 1}`;
  }

  /** Sets the time (forward only) and the speed. */
  set({ now, scale }: { now?: number; scale?: number }): void {
    this.#runUntil(Math.max(now ?? 0, this.now()));
    this.#base = { real: Date.now(), virtual: this.#reached };
    if (scale !== undefined) this.#scale = scale;
  }

  schedule(delay: number, event: ClockEvent): void {
    const timer = { at: this.now() + delay, sequence: this.#sequence++, event };
    // Timers are few (tens): insertion into a sorted list beats a heap in simplicity.
    let index = this.#timers.length;
    while (index > 0 && (this.#timers[index - 1]?.at ?? 0) > timer.at) index--;
    this.#timers.splice(index, 0, timer);
  }

  /** Fires everything that is due by now. Called before each request is answered. */
  catchUp(): void {
    this.#runUntil(this.now());
  }

  /** Moves the time by `ms`, firing what becomes due on the way, and wakes those who slept until then. */
  advance(ms: number): void {
    this.set({ now: this.now() + ms });
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#scale > 0) {
      await sleepRealTime(ms / this.#scale, undefined, signal ? { signal } : {});
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const stop = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        at: this.now() + ms,
        wake: () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  /** Time does not jump while somebody holds the clock: a request or a process that is under way. */
  async holdWhile<T>(work: () => Promise<T>): Promise<T> {
    this.#holds++;
    try {
      return await work();
    } finally {
      this.#holds--;
    }
  }

  /**
   * Runs `work` to its end in stepped time: whenever all of it sleeps, time jumps to the next timer or the next
   * sleeper. `limit` is the real time after which it gives up, in milliseconds.
   */
  async drive<T>(work: Promise<T>, limit = 20_000): Promise<T> {
    let settled = false;
    const done = () => {
      settled = true;
    };
    work.then(done, done);
    const deadline = Date.now() + limit;
    for (let quiet = 0; !settled; ) {
      await turn();
      if (Date.now() > deadline)
        throw new Error(`The sandbox's clock was held, or nobody slept, for ${limit} ms of real time.`);
      quiet = this.#holds === 0 && this.#sleepers.size > 0 ? quiet + 1 : 0;
      if (quiet >= QUIET_TURNS) {
        quiet = 0;
        this.#jump();
      }
    }
    return await work;
  }

  saveTimers(): { now: number; sequence: number; timers: Timer[] } {
    return { now: this.now(), sequence: this.#sequence, timers: this.#timers };
  }

  loadTimers(saved: { now: number; sequence: number; timers: Timer[] }): void {
    this.#base = { real: Date.now(), virtual: saved.now };
    this.#reached = saved.now;
    this.#sequence = saved.sequence;
    this.#timers = saved.timers;
  }

  #jump(): void {
    const wakeTimes = [...this.#sleepers].map((sleeper) => sleeper.at);
    const next = Math.min(this.#timers[0]?.at ?? Number.POSITIVE_INFINITY, ...wakeTimes);
    this.#runUntil(next);
  }

  #runUntil(time: number): void {
    if (this.#firing) throw new Error('The clock was advanced from within a timer.');
    for (let timer = this.#timers[0]; timer && timer.at <= time; timer = this.#timers[0]) {
      this.#timers.shift();
      this.#reached = Math.max(this.#reached, timer.at);
      this.#firing = true;
      try {
        this.onEvent(timer.event);
      } finally {
        this.#firing = false;
      }
    }
    this.#reached = Math.max(this.#reached, time);
    for (const sleeper of [...this.#sleepers].sort((a, b) => a.at - b.at)) {
      if (sleeper.at > time) break;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
