import { readFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join, resolve } from 'node:path';
import type { WebIdentity } from '../aws/credentials.ts';
import { withTokenFile } from '../aws/token-file.ts';
import type { Context } from '../context.ts';
import { findPacker } from './install.ts';
import { openLogFile } from './log-file.ts';
import type { BuiltImage } from './output.ts';
import { installPlugins } from './plugins.ts';
import { type BuildListener, type PackerTemplate, packerBuild, packerValidate } from './run.ts';
import { masker, secretsIn } from './secrets.ts';
import { automaticValueFiles, factsOf, type TemplateFacts, templateFiles, valuesIn } from './template.ts';

/** What to build, and with which Packer. */
export interface BuildRequest extends Omit<PackerTemplate, 'executable'> {
  /** As the input `packer-version` has it. */
  version: string;
  mirror?: string | undefined;
  githubToken?: string | undefined;
}

/** Packer with its plugins, and a template that it has found to be valid. */
export interface ReadyPacker {
  readonly version: string;
  /** Where everything that Packer says is kept. */
  readonly logPath: string;
  /** Builds the template; see `packerBuild`. Ends with this signal, if another than the step's is given. */
  build(listener: BuildListener, signal?: AbortSignal): Promise<readonly BuiltImage[]>;
}

type Collaborators = Pick<
  Context,
  'log' | 'processes' | 'clock' | 'signal' | 'run' | 'report' | 'webIdentity'
>;

/** Finds Packer, gets its plugins and checks the template; nothing is built yet. */
export async function preparePacker(request: BuildRequest, context: Collaborators): Promise<ReadyPacker> {
  const { log, processes, clock, signal, run, report } = context;
  const { version, mirror, workingDirectory, env, githubToken } = request;
  const facts = factsOf(await templateFiles(resolve(workingDirectory, request.template)));
  const mask = await hideSecrets(request, facts, context);
  const file = openLogFile(join(run.temp, `packer-${process.pid}.log`), mask, () => clock.now());
  report.set({ 'packer-log': file.path });
  const tools = { log, processes, clock, signal, file };

  const packer = await log.group('Find Packer', () =>
    findPacker({ version, mirror, workingDirectory, env }, tools),
  );
  const given: PackerTemplate = { ...request, executable: packer.executable };
  const plugins = { version: packer.version, facts, githubToken };
  const template = await log.group('Plugins', () => installPlugins(given, plugins, tools));
  await log.group('packer validate', () =>
    // Also here, because functions of HCL2 such as aws_secretsmanager ask AWS.
    asRole(template, context, (asked) => packerValidate(asked, tools)),
  );
  return {
    version: packer.version,
    logPath: file.path,
    build: async (listener, endedBy = signal) =>
      await asRole(template, context, (asked) => packerBuild(asked, listener, { ...tools, signal: endedBy })),
  };
}

/** Packer shows no secret from here on: not in the runner's log, nor in the file. */
async function hideSecrets(
  request: BuildRequest,
  facts: TemplateFacts,
  { log }: Pick<Collaborators, 'log'>,
): Promise<(text: string) => string> {
  const { workingDirectory, variables, variableFiles, env, githubToken = '' } = request;
  const named = variableFiles.map(async (name) => ({
    name,
    text: await readFile(resolve(workingDirectory, name), 'utf8'),
  }));
  const automatic = await automaticValueFiles(resolve(workingDirectory, request.template));
  const files = [...automatic, ...(await Promise.all(named))].map(valuesIn);
  const { declared, likely } = secretsIn(facts, { variables, files, env });
  for (const secret of declared) log.secret(secret);
  return masker([...declared, ...likely, githubToken]);
}

/** Credentials that the Go SDK would prefer to the role of the token file. */
const OTHER_CREDENTIALS =
  /^AWS_(ACCESS_KEY_ID|ACCESS_KEY|SECRET_ACCESS_KEY|SECRET_KEY|SESSION_TOKEN|SECURITY_TOKEN|PROFILE|DEFAULT_PROFILE|CONTAINER_.*)$/;

/**
 * Packer assumes the role itself, and again whenever the session ends, however long it builds: handed over, the
 * credentials would end with their first session.
 */
async function asRole<T>(
  template: PackerTemplate,
  { webIdentity, run, clock, log }: Collaborators,
  work: (template: PackerTemplate) => Promise<T>,
): Promise<T> {
  if (!webIdentity) return await work(template);
  return await withTokenFile(webIdentity.idToken, run.temp, { clock, log }, (path) =>
    work({ ...template, env: roleEnvironment(template.env, webIdentity, path) }),
  );
}

/**
 * Packer's environment with the role in place of any other credentials. Also in place of those in the file of a
 * machine's user, which the Amazon plugin looks for before the role: with a default profile there, the image would be
 * built in another account.
 */
export function roleEnvironment(
  env: Readonly<Record<string, string>>,
  { roleArn, sessionName }: Pick<WebIdentity, 'roleArn' | 'sessionName'>,
  tokenFile: string,
): Record<string, string> {
  const others = Object.entries(env).filter(([name]) => !OTHER_CREDENTIALS.test(name));
  return {
    ...Object.fromEntries(others),
    AWS_ROLE_ARN: roleArn,
    AWS_ROLE_SESSION_NAME: sessionName,
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
}
