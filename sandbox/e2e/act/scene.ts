import { join } from 'node:path';
import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeImagesCommand, DescribeLaunchTemplateVersionsCommand } from '@aws-sdk/client-ec2';
import { type Aws, createAws } from '../../../src/aws/clients.ts';
import { type Tags, tagsOf } from '../../../src/tags.ts';
import { Sandbox } from '../../sandbox.ts';
import { addGroup, publicImage } from '../../scene.ts';
import type { Bench } from '../case.ts';
import { type ActOptions, type ActRun, runAct } from './act.ts';
import { change, checkOut, makeProduct, makeShop } from './repositories.ts';

export const REPOSITORY = 'octo/shop';
export const ENVIRONMENTS = ['dev', 'staging', 'production'] as const;
const REGION = 'us-east-1';
/** An hour of AWS's time in twelve seconds. */
const SCALE = 300;

/** A local AWS with a group of one instance for each environment, and a repository that deploys to them. */
export class PipelineScene {
  readonly sandbox: Sandbox;
  readonly aws: Aws;
  /** What every environment runs at first. */
  readonly baseImage: string;
  readonly #bench: Bench;

  readonly #folders: { shop: string; product: string };
  #runs = 0;

  private constructor(bench: Bench, sandbox: Sandbox) {
    this.#bench = bench;
    this.#folders = { shop: join(bench.folder, 'shop'), product: join(bench.folder, 'product') };
    this.sandbox = sandbox;
    this.baseImage = publicImage(sandbox, REGION);
    this.aws = createAws({
      region: REGION,
      endpoint: sandbox.url,
      credentials: async () => ({
        accessKeyId: 'rehearsal',
        secretAccessKey: 'rehearsal',
        sessionToken: 'rehearsal',
        expiration: new Date(Date.now() + 3_600_000),
      }),
    });
  }

  /** Does some work in a scene of its own. */
  static async with(bench: Bench, work: (scene: PipelineScene) => Promise<void>): Promise<void> {
    const sandbox = await Sandbox.start({ timeScale: 0 });
    try {
      const scene = new PipelineScene(bench, sandbox);
      for (const name of ENVIRONMENTS) {
        await addGroup(sandbox, scene.aws, { name, imageId: scene.baseImage, size: 1 });
      }
      sandbox.clock.set({ scale: SCALE });
      await work(scene);
    } finally {
      await sandbox.close();
    }
  }

  /** The team's repository with these workflows, and the product that they call. Returns its first commit. */
  async setUp(workflows: Readonly<Record<string, string>>): Promise<string> {
    await makeProduct(this.#folders.product);
    return this.#known(await makeShop(this.#folders.shop, REPOSITORY, workflows));
  }

  /** A new commit that changes what the image is made of. */
  async change(what: string): Promise<string> {
    return this.#known(await change(this.#folders.shop, what));
  }

  async checkOut(commit: string): Promise<void> {
    await checkOut(this.#folders.shop, commit);
  }

  #known(commit: string): string {
    this.sandbox.github.commits.push(commit);
    return commit;
  }

  /** What the inputs of deploy.yml are here: Packer as it is, and its template with the local AWS. */
  bakeInputs(variables: Readonly<Record<string, string>> = {}): Record<string, string> {
    const template = { endpoint: this.sandbox.url, region: REGION, source_ami: this.baseImage, ...variables };
    return {
      template: 'app',
      'packer-version': 'system',
      variables: Object.entries(template)
        .map(([name, value]) => `${name}=${value}`)
        .join('\n'),
    };
  }

  /** Runs a workflow of the team; each run has an id of its own unless it is given. */
  async run(
    options: Pick<ActOptions, 'workflow' | 'event' | 'ref' | 'inputs'> & {
      runId?: number;
      attempt?: number;
      variables?: Readonly<Record<string, string>>;
    },
  ): Promise<ActRun> {
    const { runId = ++this.#runs, attempt = 1, variables = {}, ...what } = options;
    return await runAct(this.#bench, this.#folders, {
      ...what,
      env: {
        ...this.#runnerVariables(),
        GITHUB_RUN_ID: String(runId),
        GITHUB_RUN_ATTEMPT: String(attempt),
      },
      // act has no environments, and so one set of variables for all.
      variables: {
        IMMUTABLE_DEPLOY_REGION: REGION,
        IMMUTABLE_DEPLOY_BAKE_ROLE: role('bake'),
        IMMUTABLE_DEPLOY_ROLE: role('promote'),
        IMMUTABLE_DEPLOY_PRUNE_ROLE: role('prune'),
        ...variables,
      },
    });
  }

  /** What the steps find in their environment: the local AWS and GitHub in place of the real ones. */
  #runnerVariables(): Record<string, string> {
    const { url, clock } = this.sandbox;
    return {
      AWS_ENDPOINT_URL: url,
      IMMUTABLE_DEPLOY_CLOCK: clock.variable,
      GITHUB_API_URL: `${url}/_github`,
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/_github/oidc?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'rehearsal-request-token',
      // Packer waits by the machine's clock.
      AWS_POLL_DELAY_SECONDS: '1',
    };
  }

  /** The images that the groups of all environments are set to, in their order. */
  async images(): Promise<string[]> {
    return await Promise.all(
      ENVIRONMENTS.map(async (name) => {
        const { AutoScalingGroups } = await this.aws.autoScaling.send(
          new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
        );
        return await this.imageOf(name, AutoScalingGroups?.[0]?.LaunchTemplate?.Version);
      }),
    );
  }

  async imageOf(launchTemplateName: string, version = ''): Promise<string> {
    const { LaunchTemplateVersions } = await this.aws.ec2.send(
      new DescribeLaunchTemplateVersionsCommand({
        LaunchTemplateName: launchTemplateName,
        Versions: [version],
      }),
    );
    return LaunchTemplateVersions?.[0]?.LaunchTemplateData?.ImageId ?? '';
  }

  async tags(imageId: string): Promise<Tags> {
    const { Images } = await this.aws.ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
    return tagsOf(Images?.[0] ?? {});
  }

  /** The roles that were assumed with GitHub's token. */
  get assumedRoles(): Set<string> {
    return new Set(this.#inputsOf('AssumeRoleWithWebIdentity', 'RoleArn'));
  }

  /** The groups whose instances were refreshed. */
  get refreshedGroups(): string[] {
    return this.#inputsOf('StartInstanceRefresh', 'AutoScalingGroupName');
  }

  #inputsOf(operation: string, member: string): string[] {
    const calls = this.sandbox.aws.calls.filter((call) => call.operation === operation);
    return calls.map(({ input }) => String(Reflect.get(Object(input), member)));
  }

  /** The newest refresh of all. */
  get lastRefresh() {
    const refresh = [...this.sandbox.world.region(REGION).state.refreshes.values()].at(-1);
    if (!refresh) throw new Error('Nothing was refreshed.');
    return refresh;
  }
}

export const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
