import type { Course } from './course.ts';
import type { Sight } from './progress.ts';

/** A stretch of a group's promotion. Milliseconds since 1970. */
export interface Stage {
  name: string;
  from: number;
  to: number;
}

/** The stages that a group went through, for the picture in the summary. */
export class Timeline {
  readonly stages: Stage[] = [];

  /** Says which stage it is in now; the same as before only lasts longer. */
  mark(name: string, at: number): void {
    const last = this.stages.at(-1);
    if (last) last.to = at;
    if (last?.name !== name) this.stages.push({ name, from: at, to: at });
  }

  /** Says that it is over. */
  end(at: number): void {
    const last = this.stages.at(-1);
    if (last) last.to = at;
  }
}

const STATUS_STAGES: Readonly<Record<string, string>> = {
  Pending: 'Starting',
  InProgress: 'Replacing instances',
  Baking: 'Bake time',
  Cancelling: 'Cancelling',
  RollbackInProgress: 'Rolling back',
};

/** What a group is going through, in the words of the summary. */
export function stageOf({ phase }: Course, sight: Sight | undefined): string {
  switch (phase) {
    case 'refreshing':
      return STATUS_STAGES[sight?.status ?? 'Pending'] ?? 'Replacing instances';
    case 'stopping':
      return 'Rolling back';
    case 'verifying':
      return 'Verifying';
    case 'going-back':
      return 'Going back';
    case 'ended':
      return 'Ended';
  }
}

/** A mermaid Gantt chart of all groups; empty when nothing happened. Names are reduced to what its grammar takes. */
export function ganttOf(groups: readonly { group: string; stages: readonly Stage[] }[]): string {
  const sections = groups.flatMap(({ group, stages }) =>
    stages.length === 0 ? [] : [`  section ${plain(group)}`, ...stages.map(taskOf)],
  );
  if (sections.length === 0) return '';
  return ['```mermaid', 'gantt', '  dateFormat x', '  axisFormat %H:%M', ...sections, '```'].join('\n');
}

const taskOf = ({ name, from, to }: Stage) =>
  `  ${plain(name)} :${BAD.has(name) ? 'crit, ' : ''}${Math.round(from)}, ${Math.round(Math.max(to, from + 1000))}`;

const BAD = new Set(['Rolling back', 'Going back', 'Cancelling']);

const plain = (text: string) => text.replace(/[:;,#\n]/g, ' ');
