import { relative, resolve } from 'node:path';
import type { Clock } from '../clock.ts';
import { ConfigurationError, DeploymentError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ProcessRunner } from '../process.ts';
import { adviceFor } from './advice.ts';
import { BuildLog, type TimedPhase } from './build-log.ts';
import type { LogFile } from './log-file.ts';
import { type BuiltImage, PackerOutput, type TemporaryResource } from './output.ts';

/** What to build, and with which Packer. */
export interface PackerTemplate {
  /** Path of the executable, or its name on `PATH`. */
  executable: string;
  /** HCL2 file, folder of HCL2 files, or legacy JSON file; relative to the working directory. */
  template: string;
  workingDirectory: string;
  /** Passed as `-var`; the values are never printed by us. */
  variables: Readonly<Record<string, string>>;
  /** Passed as `-var-file`, in this order and before `variables`, which win. */
  variableFiles: readonly string[];
  /** Names of builds, as in Packer's `-only` and `-except`. */
  only?: readonly string[];
  except?: readonly string[];
  /** The whole environment of Packer. */
  env: Readonly<Record<string, string>>;
}

export interface PackerTools {
  processes: ProcessRunner;
  log: Log;
  signal?: AbortSignal;
  /** Gets all that Packer says, also what is not for the log. */
  file?: LogFile;
  /** Times the phases of a build; the machine's clock without it. */
  clock?: Pick<Clock, 'now'>;
}

/** Told while the build runs, so that nothing is forgotten when it is cancelled in the middle. */
export interface BuildListener {
  /** Called once for each AMI, the moment that Packer reports it as the artifact of a build. */
  onArtifact?(image: BuiltImage): void;
  /** Called once for each thing that Packer says it made for the time of the build. */
  onTemporaryResource?(resource: TemporaryResource): void;
  /** Called for everything that it says to people. */
  onText?(text: string): void;
  /** Called once at the end, however it ends: where the time went. */
  onPhases?(phases: readonly TimedPhase[]): void;
}

/**
 * The version of a Packer executable, such as `1.14.2`.
 *
 * @throws ConfigurationError when it cannot be started, or is not HashiCorp's Packer (Red Hat's cracklib has
 *   a program of the same name)
 */
export async function packerVersion(
  executable: string,
  { workingDirectory, env }: Pick<PackerTemplate, 'workingDirectory' | 'env'>,
  tools: Pick<PackerTools, 'processes' | 'signal'>,
): Promise<string> {
  const lines: string[] = [];
  const onLine = (line: string) => void lines.push(line);
  await start({ executable, workingDirectory, env }, ['version'], tools, onLine);
  const version = lines.map((line) => /^Packer v(\d+\.\d+\.\d+\S*)/.exec(line)?.[1]).find((found) => found);
  if (!version) {
    throw new ConfigurationError([
      `"${executable}" is not HashiCorp's Packer: \`${executable} version\` does not name a version. ` +
        'Set packer-version to a release such as 1.14.2.',
    ]);
  }
  return version;
}

/** Packer ran and failed. */
export class PackerError extends DeploymentError {
  /** Its own words about what went wrong, the last at the end. */
  readonly lines: readonly string[];

  constructor(command: string, exitCode: number, lines: readonly string[]) {
    const said = lines.length > 0 ? lines : ['(Packer printed no error)'];
    super(
      [
        `\`${command}\` failed with exit code ${exitCode}:`,
        ...said.map((line) => `  ${line}`),
        adviceFor(lines),
      ].join('\n'),
    );
    this.lines = lines;
  }
}

/**
 * Installs the plugins that an HCL2 template requires (Packer 1.7 and later).
 *
 * @throws PackerError
 */
export async function packerInit(template: PackerTemplate, tools: PackerTools): Promise<void> {
  await run('init', template, [template.template], tools);
}

/**
 * Installs the newest release of a plugin (Packer 1.8 and later), for templates that cannot say what they require.
 *
 * @param source such as `github.com/hashicorp/amazon`
 * @throws PackerError
 */
export async function packerPluginsInstall(
  template: PackerTemplate,
  source: string,
  tools: PackerTools,
): Promise<void> {
  await run('plugins install', template, [source], tools);
}

/**
 * The paths of the plugins that Packer finds and whose checksums are right (Packer 1.8 and later), with slashes.
 *
 * @throws PackerError
 */
export async function packerPluginsInstalled(
  template: PackerTemplate,
  tools: PackerTools,
): Promise<string[]> {
  const paths: string[] = [];
  const onText = (text: string) => void paths.push(text.replaceAll('\\', '/'));
  await run('plugins installed', template, [], tools, { onText });
  return paths;
}

/**
 * Checks the template and its variables without a call to AWS.
 *
 * @throws PackerError
 */
export async function packerValidate(template: PackerTemplate, tools: PackerTools): Promise<void> {
  await run('validate', template, [...inputArguments(template), template.template], tools);
}

/**
 * Builds the template. Resolves with the AMIs in the order in which Packer reported them (none, when the
 * template makes none).
 *
 * When it fails or is cancelled, AMIs that were reported are still there, and temporary resources may be.
 *
 * Packer before 1.15.1 does not hide the values of sensitive variables in this form of its output, which goes
 * to the log: the caller has to mark them with `Log.secret` (GitHub does that for values that come from its
 * secrets).
 *
 * @throws PackerError with Packer's own last words and what to look at; or the signal's reason
 */
export async function packerBuild(
  template: PackerTemplate,
  listener: BuildListener,
  tools: PackerTools,
): Promise<readonly BuiltImage[]> {
  // Packer itself turns colours off in machine-readable output; plugins and provisioners look at the flag.
  const { images } = await run(
    'build',
    template,
    ['-color=false', ...inputArguments(template), template.template],
    tools,
    listener,
  );
  return images;
}

function inputArguments(template: PackerTemplate): string[] {
  return [
    ...(template.only?.length ? [`-only=${template.only.join(',')}`] : []),
    ...(template.except?.length ? [`-except=${template.except.join(',')}`] : []),
    ...template.variableFiles.map((file) => `-var-file=${file}`),
    ...Object.entries(template.variables).flatMap(([name, value]) => ['-var', `${name}=${value}`]),
  ];
}

async function run(
  command: 'init' | 'plugins install' | 'plugins installed' | 'validate' | 'build',
  template: PackerTemplate,
  args: readonly string[],
  tools: PackerTools,
  listener: BuildListener = {},
): Promise<PackerOutput> {
  const { log, file, clock = Date } = tools;
  const output = new PackerOutput();
  const buildLog = new BuildLog(log, () => clock.now());
  const allArguments = [...command.split(' '), '-machine-readable', ...args];
  // Without the options: some are values that nobody should read.
  const called = ['packer', command, ...args.slice(-1)].join(' ');
  file?.write(called);
  try {
    const exitCode = await start(template, allArguments, tools, (line) => {
      const { text, level, images, resources } = output.read(line);
      if (text) {
        listener.onText?.(text);
        file?.write(text);
        buildLog.print(text, level);
      }
      for (const image of images) listener.onArtifact?.(image);
      for (const resource of resources) listener.onTemporaryResource?.(resource);
    });
    file?.write(`packer ${command} ended with exit code ${exitCode}`);
    buildLog.end();
    if (exitCode === 0) return output;
    annotate(output, buildLog, template, log);
    throw new PackerError(called, exitCode, output.errorLines);
  } finally {
    buildLog.end();
    listener.onPhases?.(buildLog.phases);
  }
}

/**
 * One annotation for each problem of the template, at its place, and for each build that failed: its error, and the
 * last lines of the phase in which it happened.
 */
function annotate(
  output: PackerOutput,
  buildLog: BuildLog,
  { workingDirectory, env }: PackerTemplate,
  log: Log,
): void {
  for (const { message, file, line } of output.problems) {
    const path = resolve(workingDirectory, file);
    log.error(message, 'packer', { file: relative(env.GITHUB_WORKSPACE ?? workingDirectory, path), line });
  }
  for (const { build, text } of output.failures) {
    const { title, lines } = buildLog.failureOf(build) ?? { title: 'packer build', lines: [] };
    log.error([text, ...lines].join('\n'), `${build}: ${title}`);
  }
}

async function start(
  { executable, workingDirectory, env }: Pick<PackerTemplate, 'executable' | 'workingDirectory' | 'env'>,
  args: readonly string[],
  { processes, signal }: Pick<PackerTools, 'processes' | 'signal'>,
  onLine: (line: string) => void,
): Promise<number> {
  try {
    return await processes.run(executable, args, {
      cwd: workingDirectory,
      // Packer asks HashiCorp for news at every start, which takes seconds where the internet is closed.
      env: { CHECKPOINT_DISABLE: '1', ...env },
      onLine,
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (!cannotStart(error)) throw error;
    throw new ConfigurationError(
      [
        `Packer could not be started as "${executable}" in ${workingDirectory}. Check that the ` +
          'working-directory exists, and install Packer in an earlier step or set packer-version to a ' +
          'release such as 1.14.2.',
      ],
      { cause: error },
    );
  }
}

/** There is no such program or folder, or it may not be run. */
function cannotStart(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'EACCES';
}
