import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipelineCases } from './act/pipeline.ts';
import { cancelledRefresh } from './aws-cli/cancelled-refresh.ts';
import { images } from './aws-cli/images.ts';
import { instanceRefresh } from './aws-cli/instance-refresh.ts';
import { launchTemplates } from './aws-cli/launch-templates.ts';
import { neverHealthy } from './aws-cli/never-healthy.ts';
import { rolledBackRefresh } from './aws-cli/rolled-back-refresh.ts';
import type { Case } from './case.ts';
import { packerCases } from './packer/packer.ts';
import { equip, type Tool, type Toolbox, type ToolName } from './tools.ts';

/**
 * `npm run e2e`: the programs that people really use, against the local AWS. `npm run e2e -- packer` runs only the
 * cases with that text in their names. What is missing is installed where a package manager has it; what cannot be
 * run is said, and with `CI=true` it is a failure.
 */
const cases: readonly Case[] = [
  ...packerCases,
  images,
  launchTemplates,
  instanceRefresh,
  rolledBackRefresh,
  cancelledRefresh,
  neverHealthy,
  ...pipelineCases,
].filter(({ name }) => name.includes(process.argv[2] ?? ''));

const folder = mkdtempSync(join(tmpdir(), 'e2e-'));
const count = { passed: 0, failed: 0, skipped: 0 };
try {
  const box = await equip(folder, [...new Set(cases.flatMap(({ needs }) => needs))]);
  for (const [name, tool] of Object.entries(box.tools)) console.log(`${name} ${tool.version} (${tool.path})`);
  for (const [index, each] of cases.entries()) count[await run(each, box, join(folder, String(index)))]++;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const skipped = count.skipped === 0 ? '' : `, ${count.skipped} skipped`;
console.log(`${count.passed} passed, ${count.failed} failed${skipped}`);
if (count.failed > 0) process.exitCode = 1;

async function run({ name, needs, run: work }: Case, box: Toolbox, own: string): Promise<keyof typeof count> {
  const reasons = needs.flatMap((tool) => box.missing[tool] ?? []);
  if (reasons.length > 0) {
    const mayBeSkipped = process.env.CI !== 'true';
    console.log(`${mayBeSkipped ? '- skipped' : '✗ failed'}  ${name}: ${reasons.join('; ')}`);
    return mayBeSkipped ? 'skipped' : 'failed';
  }
  const started = Date.now();
  const seconds = () => `(${((Date.now() - started) / 1000).toFixed(1)} s)`;
  try {
    mkdirSync(own);
    await work({
      tools: { packer: ready(box, 'packer'), aws: ready(box, 'aws'), act: ready(box, 'act') },
      folder: own,
    });
    console.log(`✓ passed  ${name} ${seconds()}`);
    return 'passed';
  } catch (error) {
    console.log(`✗ failed  ${name} ${seconds()}`);
    console.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 'failed';
  }
}

/** A case gets all tools, and uses those that it needs: the others may be missing. */
function ready({ tools }: Toolbox, name: ToolName): Tool {
  return tools[name] ?? { path: name, version: 'missing' };
}
