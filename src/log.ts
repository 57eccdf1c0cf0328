/** What a mode says while it works. The runner's log in production, a list in tests. */
export interface Log {
  info(message: string): void;
  /** Shown on the run's page as well. At most 10 of each kind a step are shown. */
  notice(message: string, title?: string): void;
  warning(message: string, title?: string): void;
  /** Shown at a place of the repository when one is given. */
  error(message: string, title?: string, place?: Place): void;
  /** A foldable section of the log: one phase of the mode. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
  /** The same for a phase that others begin and end; there is one section at a time. Returns what ends it. */
  startGroup(title: string): () => void;
  /** From now on the runner replaces this value by *** wherever it is printed. */
  secret(value: string): void;
}

/** A line of a file; the path is relative to the workspace. */
export interface Place {
  file: string;
  line: number;
}
