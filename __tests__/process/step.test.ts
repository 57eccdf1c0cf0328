import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { DescribeInstanceRefreshesCommand } from '@aws-sdk/client-auto-scaling';
import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runStep, type StepOptions } from '../../sandbox/runner/step.ts';
import { Sandbox } from '../../sandbox/sandbox.ts';
import { addGroup, addImage } from '../../sandbox/scene.ts';
import { createAws } from '../../src/aws/clients.ts';
import { COMMIT_A, COMMIT_B, REGION } from '../support/harness.ts';

/** dist/ as the runner starts it: main, then post with the saved state. */

let sandbox: Sandbox;
let aws: ReturnType<typeof createAws>;
let imageB: string;

beforeEach(async () => {
  sandbox = await Sandbox.start({ timeScale: 0 });
  aws = createAws({
    region: REGION,
    endpoint: sandbox.url,
    credentials: async () => ({
      accessKeyId: 'a',
      secretAccessKey: 'b',
      sessionToken: 'c',
      expiration: new Date(Date.now() + 3_600_000),
    }),
  });
  const tags = (commit: string) => ({
    'immutable-deploy:application': 'octo/shop',
    'immutable-deploy:commit': commit,
  });
  const imageA = await addImage(sandbox, aws, 'shop-a', tags(COMMIT_A));
  imageB = await addImage(sandbox, aws, 'shop-b', tags(COMMIT_B));
  await addGroup(sandbox, aws, { name: 'dev', imageId: imageA, size: 1 });
});
afterEach(async () => await sandbox.close());

async function step(inputs: Record<string, string>, options: Partial<StepOptions> = {}) {
  return await runStep({
    inputs,
    ...options,
    env: {
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL: sandbox.url,
      IMMUTABLE_DEPLOY_CLOCK: sandbox.clock.variable,
      GITHUB_API_URL: `${sandbox.url}/_github`,
      GITHUB_REPOSITORY: 'octo/shop',
      GITHUB_SHA: COMMIT_B,
      GITHUB_REF_NAME: 'main',
      GITHUB_REF_TYPE: 'branch',
      GITHUB_RUN_ID: '1',
      ...options.env,
    },
  });
}

const promotion = { mode: 'promote', environment: 'dev', 'auto-scaling-groups': 'dev', 'aws-region': REGION };

const hasStarted = () => sandbox.aws.calls.some((call) => call.operation === 'StartInstanceRefresh');

async function refreshStatus(): Promise<string | undefined> {
  const { InstanceRefreshes } = await aws.autoScaling.send(
    new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: 'dev' }),
  );
  return InstanceRefreshes?.[0]?.Status;
}

describe('the built action', () => {
  test('refuses bad input before any call, with all problems, an annotation and a summary', async () => {
    sandbox.aws.calls.length = 0;
    const result = await step({ mode: 'prune', keep: '1', template: 'x' });
    expect(result.exitCode).toBe(1);
    expect(result.log).toContain('::error::2 problems:');
    expect(result.summary).toContain('Nothing was changed');
    expect(result.summary).toContain('The input "keep" must be a whole number of at least 2');
    expect(sandbox.aws.calls).toEqual([]);
    expect(result.post).toEqual({ exitCode: 0, log: '' });
  });

  test('promotes to the end: outputs, summary, call log, and nothing left for the post step', async () => {
    sandbox.clock.set({ scale: 2000 });
    sandbox.github.mayDeploy = true;
    const own = { 'github-deployment': 'own', 'github-token': 'token' };
    const result = await step({ ...promotion, ...own, commit: COMMIT_B });
    expect(result.log).toContain('in service run');
    expect(sandbox.github.deployments).toEqual([
      expect.objectContaining({ ref: COMMIT_B, environment: 'dev', states: ['in_progress', 'success'] }),
    ]);
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({
      'ami-id': imageB,
      status: 'promoted',
      'launch-template-version': '2',
    });
    expect(result.summary).toContain('Promoted: dev');
    expect(result.state).toEqual({ cleanUp: '' });
    expect(result.post).toEqual({ exitCode: 0, log: '' });
    const calls = readFileSync(result.outputs.log ?? '', 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(calls.map((call) => call.operation)).toContain('autoscaling:StartInstanceRefresh');
    expect(calls.every((call) => typeof call.ms === 'number')).toBe(true);
  });

  test('interrupted in the middle of a wait it ends within the 7.5 seconds that the runner gives, and its post step rolls back', async () => {
    const started = Date.now();
    let interrupted = 0;
    const result = await step(
      { ...promotion, commit: COMMIT_B },
      {
        onStart: (child) => {
          const look = setInterval(() => {
            // The first look at the refresh is behind it: it sleeps for five seconds.
            if (sandbox.aws.calls.at(-1)?.operation !== 'DescribeInstanceRefreshes' || !hasStarted()) return;
            clearInterval(look);
            sandbox.clock.advance(10_000);
            interrupted = Date.now();
            child.kill('SIGINT');
          }, 50);
        },
      },
    );
    expect(interrupted).toBeGreaterThan(started);
    expect(result.exitCode).toBe(1);
    expect(result.log).toContain('The step was cancelled');
    expect(result.outputs.status).toBe('cancelled');
    expect(Date.now() - interrupted).toBeLessThan(4000);
    expect(result.post.log).toContain('is being rolled back by AWS');
    expect(await refreshStatus()).toBe('RollbackInProgress');
  }, 30_000);

  test('interrupted while AWS does not answer it does not wait for the answer', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    let interrupted = 0;
    const interrupt = () => {
      interrupted = Date.now();
      main?.kill('SIGINT');
    };
    silent.once('request', () => setTimeout(interrupt, 100));
    let main: ChildProcess | undefined;
    const result = await step(promotion, {
      env: { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` },
      onStart: (child) => {
        main = child;
      },
    });
    silent.closeAllConnections();
    silent.close();
    expect(result.exitCode).toBe(1);
    expect(result.log).toContain('The step was cancelled');
    expect(Date.now() - interrupted).toBeLessThan(7500);
  }, 20_000);

  test('without credentials names what to set', async () => {
    const result = await step(
      { ...promotion },
      {
        env: {
          AWS_ACCESS_KEY_ID: '',
          AWS_SECRET_ACCESS_KEY: '',
          AWS_EC2_METADATA_DISABLED: 'true',
          HOME: '/nonexistent',
        },
      },
    );
    expect(result.exitCode).toBe(1);
    expect(result.log).toContain('There are no AWS credentials. Set the input role-to-assume');
  });

  test('without a permission names it', async () => {
    const effect = {
      kind: 'error',
      code: 'AccessDenied',
      message: 'User is not authorized',
      status: 403,
    } as const;
    sandbox.faults.add({ operation: 'DescribeAutoScalingGroups', times: 1, effect });
    const result = await step(promotion);
    expect(result.exitCode).toBe(1);
    expect(result.log).toContain('Allow autoscaling:DescribeAutoScalingGroups in the policy of the role.');
    expect(result.summary).not.toContain('Nothing was changed');
  });

  test('tells the outcome to an SNS topic in the chat schema', async () => {
    const { TopicArn = '' } = await aws.sns.send(new CreateTopicCommand({ Name: 'deployments' }));
    await step({ ...promotion, commit: 'abcdef0', 'sns-topic-arn': TopicArn });
    const [message] = sandbox.world.region(REGION).state.topics.get(TopicArn)?.messages ?? [];
    expect(JSON.parse(message?.message ?? '')).toMatchObject({
      version: '1.0',
      source: 'custom',
      content: {
        textType: 'client-markdown',
        title: '❌ promote to dev: octo/shop',
        description: expect.stringContaining('There is no image of "octo/shop" for commit abcdef0'),
      },
      metadata: { threadId: 'octo/shop/1' },
    });
  });

  test('tells a plan as one that is ready for its environment, in the thread of the run', async () => {
    const { TopicArn = '' } = await aws.sns.send(new CreateTopicCommand({ Name: 'plans' }));
    const plan = { mode: 'promote', environment: 'dev', 'dry-run': 'true', 'ami-id': imageB };
    const result = await step({ ...plan, 'sns-topic-arn': TopicArn });
    expect(result.log).not.toContain('::error');
    const [message] = sandbox.world.region(REGION).state.topics.get(TopicArn)?.messages ?? [];
    expect(JSON.parse(message?.message ?? '')).toMatchObject({
      content: {
        title: '⏳ Ready for dev: octo/shop',
        description: expect.stringContaining('waits for their approval now'),
        nextSteps: ['[Workflow run](https://github.com/octo/shop/actions/runs/1)'],
      },
      metadata: { threadId: 'octo/shop/1', eventType: 'immutable-deploy promote' },
    });
  });

  test('in an account that was not expected does nothing', async () => {
    sandbox.aws.calls.length = 0;
    const result = await step({ ...promotion, 'expected-account-ids': '999999999999' });
    expect(result.log).toContain('The credentials are of account 123456789012');
    expect(sandbox.aws.calls.map((call) => call.operation)).toEqual(['GetCallerIdentity']);
  });

  test('assumes a role with the OIDC token of the job, without other credentials', async () => {
    const result = await step(
      {
        ...promotion,
        commit: COMMIT_B,
        'dry-run': 'true',
        'role-to-assume': 'arn:aws:iam::123456789012:role/deploy',
      },
      {
        env: {
          AWS_ACCESS_KEY_ID: '',
          AWS_SECRET_ACCESS_KEY: '',
          ACTIONS_ID_TOKEN_REQUEST_URL: `${sandbox.url}/_github/oidc?x=1`,
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'token',
        },
      },
    );
    expect(result.log).not.toContain('::error::');
    expect(result.exitCode).toBe(0);
    const assumed = sandbox.aws.calls.find((call) => call.operation === 'AssumeRoleWithWebIdentity');
    expect(assumed?.input).toMatchObject({
      RoleArn: 'arn:aws:iam::123456789012:role/deploy',
      // The log of calls keeps no secrets.
      WebIdentityToken: '(not kept)',
      RoleSessionName: 'immutable-deploy-1',
    });
  });
});

test('dist/post.js leaves at once without saved state', () => {
  expect(
    readFileSync('dist/post.js', 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('//')),
  ).toEqual(["if (process.env.STATE_cleanUp) await import('./index.js');"]);
});
