import { equal } from 'node:assert/strict';
import { services } from '../../services/index.ts';
import type { Bench, Case } from '../case.ts';
import { cleanEnvironment, runChild } from '../child.ts';
import { startSandbox } from '../sandbox-process.ts';
import type { ToolName } from '../tools.ts';

/** An hour of AWS's time in a second. */
const SCALE = 3600;

/** AWS's own Python client, today's and one of earlier years. */
export const boto3Cases: readonly Case[] = [
  pythonCase('boto3: every paginator reads every item once', 'boto3', 'pages.py', 0),
  pythonCase('boto3: every waiter comes to its end', 'boto3', 'waiters.py', SCALE),
  pythonCase('boto3: a client of earlier years', 'botocore', 'older.py', 60),
];

function pythonCase(name: string, library: ToolName, script: string, timeScale: number): Case {
  return { name, needs: [library], run: (bench) => runScript(bench, library, script, timeScale) };
}

async function runScript(
  { tool }: Bench,
  library: ToolName,
  script: string,
  timeScale: number,
): Promise<void> {
  const sandbox = await startSandbox(timeScale);
  try {
    const { exitCode, stdout, stderr } = await runChild(
      tool(library).path,
      [`sandbox/e2e/boto3/${script}`, sandbox.url, JSON.stringify(servedOperations())],
      { env: cleanEnvironment({}) },
    );
    equal(exitCode, 0, stdout + stderr);
  } finally {
    await sandbox.stop();
  }
}

/** Their names by service. */
function servedOperations(): Record<string, string[]> {
  return Object.fromEntries(
    services.map(({ service, handlers }) => [service.name, Object.keys(handlers)] as const),
  );
}
