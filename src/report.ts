/** The outcome in a few lines, for a chat. */
export interface Announcement {
  title: string;
  /** Plain lines, without tables and diagrams. */
  text: string;
}

/**
 * What a mode tells the workflow besides its log: outputs, the job summary, and what is announced. Collected while
 * it works, and written once at its end, however it ends.
 */
export class Report {
  readonly outputs = new Map<string, string>();
  readonly #summary: string[] = [];
  #announcement: Announcement | undefined;

  /** Sets outputs; objects and lists become JSON. */
  set(outputs: Readonly<Record<string, string | number | boolean | object | undefined>>): void {
    for (const [name, value] of Object.entries(outputs)) {
      if (value !== undefined)
        this.outputs.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
    }
  }

  /** Adds Markdown to the job summary. */
  write(markdown: string): void {
    this.#summary.push(markdown);
  }

  /** Says what a notification is to say; the last word counts. */
  announce(announcement: Announcement): void {
    this.#announcement = announcement;
  }

  get announcement(): Announcement | undefined {
    return this.#announcement;
  }

  get summary(): string {
    return this.#summary.join('\n\n');
  }
}

/** A Markdown table; bars and line breaks in cells are made harmless. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\r?\n/g, '<br>');
}

/** `754` → `12 min 34 s`. */
export function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${Math.round(seconds)} s` : `${minutes} min ${Math.round(seconds % 60)} s`;
}
