import type { Tool, ToolName } from './tools.ts';

/** One thing that is tried with the real programs. It rejects when it does not work. */
export interface Case {
  name: string;
  needs: readonly ToolName[];
  run(bench: Bench): Promise<void>;
}

/** What a case works with. */
export interface Bench {
  /** One of the programs that the case needs. */
  tool(name: ToolName): Tool;
  /** An empty folder of the case's own. */
  folder: string;
}
