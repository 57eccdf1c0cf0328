import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipelineCases } from './act/pipeline.ts';
import { actionlint } from './actionlint.ts';
import { cancelledRefresh } from './aws-cli/cancelled-refresh.ts';
import { images } from './aws-cli/images.ts';
import { instanceRefresh } from './aws-cli/instance-refresh.ts';
import { launchTemplates } from './aws-cli/launch-templates.ts';
import { neverHealthy } from './aws-cli/never-healthy.ts';
import { rolledBackRefresh } from './aws-cli/rolled-back-refresh.ts';
import { boto3Cases } from './boto3/cases.ts';
import type { Bench, Case } from './case.ts';
import { documentation } from './docs.ts';
import { motoCases } from './moto/moto.ts';
import { configurationCase } from './packer/configuration.ts';
import { exampleCases } from './packer/examples.ts';
import { packerCases } from './packer/packer.ts';
import { provisionerCases } from './packer/provisioners.ts';
import { policyCases } from './policies/policies.ts';
import { schemas } from './schemas.ts';
import { equip, type Toolbox } from './tools.ts';
import { zizmorCases } from './zizmor.ts';

/**
 * `npm run e2e`: the programs that people really use, against the local AWS. `npm run e2e -- packer` runs only the
 * cases with that text in their names. What is missing is installed where a package manager has it; what cannot be
 * run is said, and with `CI=true` it is a failure.
 */
const cases: readonly Case[] = [
  ...packerCases,
  ...provisionerCases,
  ...exampleCases,
  configurationCase,
  images,
  launchTemplates,
  instanceRefresh,
  rolledBackRefresh,
  cancelledRefresh,
  neverHealthy,
  documentation,
  ...boto3Cases,
  ...motoCases,
  ...pipelineCases,
  ...policyCases,
  ...zizmorCases,
  actionlint,
  schemas,
].filter(({ name }) => name.includes(process.argv[2] ?? ''));

const folder = mkdtempSync(join(tmpdir(), 'e2e-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
// So that what is done at the exit is done as well when somebody interrupts it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const count = { passed: 0, failed: 0, skipped: 0 };
const box = await equip(folder, [...new Set(cases.flatMap(({ needs }) => needs))]);
for (const [name, tool] of Object.entries(box.tools)) console.log(`${name} ${tool.version} (${tool.path})`);
for (const [index, each] of cases.entries()) count[await run(each, box, join(folder, String(index)))]++;
const skipped = count.skipped === 0 ? '' : `, ${count.skipped} skipped`;
console.log(`${count.passed} passed, ${count.failed} failed${skipped}`);
if (count.failed > 0 || cases.length === 0) process.exitCode = 1;

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
    await work(bench(box, own));
    console.log(`✓ passed  ${name} ${seconds()}`);
    return 'passed';
  } catch (error) {
    console.log(`✗ failed  ${name} ${seconds()}`);
    console.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 'failed';
  }
}

function bench({ tools }: Toolbox, own: string): Bench {
  return {
    folder: own,
    tool(name) {
      const tool = tools[name];
      if (!tool) throw new Error(`The case uses ${name}, and does not say that it needs it.`);
      return tool;
    },
  };
}
