import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { runChild } from '../child.ts';
import { lower } from './lower.ts';

const WORKFLOWS = '.github/workflows';

/** A repository with the product as a release has it: the built action, and the workflows in words that act knows. */
export async function makeProduct(folder: string): Promise<void> {
  mkdirSync(join(folder, WORKFLOWS), { recursive: true });
  for (const name of readdirSync(WORKFLOWS))
    writeFileSync(join(folder, WORKFLOWS, name), lower(readFileSync(join(WORKFLOWS, name), 'utf8')));
  cpSync('.github/actions', join(folder, '.github/actions'), { recursive: true });
  cpSync('dist', join(folder, 'dist'), { recursive: true });
  cpSync('action.yml', join(folder, 'action.yml'));
  await git(folder, 'init', '--quiet', '--initial-branch=main');
  await commit(folder, 'Release');
}

/** A team's repository with a Packer template and workflows by their file names; returns the first commit. */
export async function makeShop(
  folder: string,
  repository: string,
  workflows: Readonly<Record<string, string>>,
): Promise<string> {
  cpSync('sandbox/demo/app', join(folder, 'app'), { recursive: true });
  mkdirSync(join(folder, WORKFLOWS), { recursive: true });
  for (const [name, text] of Object.entries(workflows))
    writeFileSync(join(folder, WORKFLOWS, name), lower(text));
  await git(folder, 'init', '--quiet', '--initial-branch=main');
  await git(folder, 'remote', 'add', 'origin', `https://github.com/${repository}`);
  return await commit(folder, 'A shop');
}

/** Changes what the image is made of, and commits it; returns the commit. */
export async function change(folder: string, what: string): Promise<string> {
  writeFileSync(join(folder, 'app', 'version.txt'), `${what}\n`);
  return await commit(folder, what);
}

/** Takes the branch back to a commit, as a run of it had it. */
export const checkOut = async (folder: string, to: string) =>
  await git(folder, 'reset', '--quiet', '--hard', to);

async function commit(folder: string, message: string): Promise<string> {
  await git(folder, 'add', '--all');
  const author = ['-c', 'user.name=rehearsal', '-c', 'user.email=rehearsal@localhost'];
  await git(folder, ...author, 'commit', '--quiet', '--no-gpg-sign', '--message', message);
  return (await git(folder, 'rev-parse', 'HEAD')).trim();
}

async function git(folder: string, ...args: string[]): Promise<string> {
  mkdirSync(dirname(folder), { recursive: true });
  const { exitCode, stdout, stderr } = await runChild('git', args, { cwd: folder });
  if (exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/**
 * A starter template as somebody has it in use: with the default branch's name, and with more inputs for the workflow
 * that a job calls, by the job's id.
 */
export function templateInUse(
  name: string,
  inputs: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): string {
  const text = readFileSync(join('workflows-templates', `${name}.yml`), 'utf8');
  const workflow: { jobs: Record<string, { with?: object }> } = parse(
    text.replaceAll('$default-branch', 'main'),
  );
  for (const [id, given] of Object.entries(inputs)) {
    const job = workflow.jobs[id];
    if (!job) throw new Error(`The template ${name} has no job ${id}.`);
    job.with = { ...job.with, ...given };
  }
  return stringify(workflow);
}
