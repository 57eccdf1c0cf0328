import { deepEqual, equal, match } from 'node:assert/strict';
import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { Sandbox } from '../../sandbox.ts';
import { AwsCli } from '../aws-cli/aws-cli.ts';
import type { Bench, Case } from '../case.ts';
import { type ChildResult, cleanEnvironment, runChild } from '../child.ts';

const REGION = 'eu-west-1';
/** What a shell or systemd would read as something else, unless it is quoted well. */
const AWKWARD = 'a "quoted" $HOME `id` \\ and\ntwo lines, ünïcode';

/** What the images of the examples do at boot, with the real AWS CLI and jq. */
export const configurationCase: Case = {
  name: 'examples: the configuration of an environment comes from Parameter Store at boot',
  needs: ['aws', 'jq'],
  run,
};

async function run({ tool, folder }: Bench): Promise<void> {
  const sandbox = await Sandbox.start();
  const metadata = await startMetadata({ 'placement/region': REGION });
  try {
    const aws = new AwsCli(tool('aws'), sandbox.url, REGION);
    const put = async (name: string, value: string, type = 'String') =>
      await aws.call('ssm', 'put-parameter', '--name', name, '--value', value, '--type', type);
    await put('/shop/staging/greeting', 'hello from staging');
    await put('/shop/production/greeting', 'hello from production');
    await put('/shop/production/db/database-url', AWKWARD, 'SecureString');
    const boot = async () =>
      await runChild('bash', ['examples/configuration/app-configuration', 'shop'], {
        env: cleanEnvironment({
          PATH: [dirname(tool('aws').path), dirname(tool('jq').path), process.env.PATH].join(':'),
          AWS_ENDPOINT_URL: sandbox.url,
          IMDS_ENDPOINT: metadata.url,
          RUN_FOLDER: folder,
        }),
      });

    refused(await boot(), /no tag Environment/);
    metadata.values['tags/instance/Environment'] = 'test';
    refused(await boot(), /no parameter below \/shop\/test in eu-west-1/);

    metadata.values['tags/instance/Environment'] = 'production';
    const { exitCode, stdout, stderr } = await boot();
    equal(exitCode, 0, stdout + stderr);
    const file = join(folder, 'shop/environment');
    equal(statSync(file).mode & 0o777, 0o600);
    deepEqual(await valuesIn(file), { GREETING: 'hello from production', DATABASE_URL: AWKWARD });
  } finally {
    await metadata.close();
    await sandbox.close();
  }
}

function refused({ exitCode, stderr }: ChildResult, reason: RegExp): void {
  equal(exitCode, 1);
  match(stderr, reason);
}

/** Inside of double quotes a shell reads what systemd's EnvironmentFile reads. */
async function valuesIn(file: string): Promise<Record<string, string>> {
  const script = `set -a; . "$1"; set +a; "$2" -e 'console.log(JSON.stringify(process.env))'`;
  const { stdout } = await runChild('sh', ['-ec', script, 'sh', file, process.execPath], { env: {} });
  const { GREETING = '', DATABASE_URL = '' } = JSON.parse(stdout);
  return { GREETING, DATABASE_URL };
}

/** The instance's metadata, version 2: nothing without a token. */
async function startMetadata(values: Record<string, string>) {
  const server = createServer(({ method, url = '', headers }, response) => {
    const isToken = method === 'PUT' && url === '/latest/api/token';
    const isKnown = headers['x-aws-ec2-metadata-token'] === 'token';
    const value = isToken ? 'token' : isKnown ? values[url.replace('/latest/meta-data/', '')] : undefined;
    response.writeHead(value === undefined ? 404 : 200).end(value);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    values,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
