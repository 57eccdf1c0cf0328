import { StartInstanceRefreshCommand } from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand } from '@aws-sdk/client-ec2';
import type { Aws } from '../../src/aws/clients.ts';
import { identityTags, markKey, markValue } from '../../src/tags.ts';
import { versionDescription } from '../../src/version-description.ts';
import type { Sandbox } from '../sandbox.ts';
import { addGroup, addImage, type GroupScene, tagImage } from '../scene.ts';

const DAY = 24 * 3600 * 1000;
const RELEASES = 26;

/** The commits of the main branch, oldest first. */
export const PAST_COMMITS = Array.from({ length: RELEASES }, (_item, release) => commitOf('main', release));

export const ENVIRONMENTS = { dev: 1, staging: 2, production: 4 } as const;

/**
 * A year in the life of an application, up to the clock's start plus one year: a release every two weeks, promoted
 * through the environments, and images of branches that nobody needs any more.
 */
export async function aYearOfReleases(
  sandbox: Sandbox,
  aws: Aws,
  application: string,
): Promise<Record<string, GroupScene>> {
  const start = sandbox.clock.now();
  const scenes: Record<string, GroupScene> = {};
  for (let release = 0; release < RELEASES; release++) {
    const imageId = await bake(sandbox, aws, application, 'main', release);
    if (release % 3 === 0) await bake(sandbox, aws, application, `feature/${release}`, release);
    for (const [environment, size] of Object.entries(ENVIRONMENTS)) {
      const scene = scenes[environment];
      if (scene) await promote(aws, application, environment, scene, imageId);
      else scenes[environment] = await addGroup(sandbox, aws, { name: environment, imageId, size });
      await tagImage(aws, imageId, { [markKey('promoted', environment)]: markValue(sandbox.clock.now()) });
    }
    sandbox.clock.set({ now: start + (release + 1) * 14 * DAY });
  }
  return scenes;
}

async function bake(
  sandbox: Sandbox,
  aws: Aws,
  application: string,
  branch: string,
  release: number,
): Promise<string> {
  const commit = commitOf(branch, release);
  const identity = {
    application,
    commit,
    branch,
    built: sandbox.clock.now(),
    run: `https://github.com/${application}/actions/runs/${release + 1}`,
  };
  return await addImage(sandbox, aws, `shop-${branch.replace('/', '-')}-${release}`, {
    ...identityTags(identity),
  });
}

/** What the action did then, in short. */
async function promote(
  aws: Aws,
  application: string,
  group: string,
  { launchTemplateId }: GroupScene,
  imageId: string,
): Promise<void> {
  const { LaunchTemplateVersion } = await aws.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: launchTemplateId,
      SourceVersion: '$Latest',
      VersionDescription: versionDescription(application, imageId),
      LaunchTemplateData: { ImageId: imageId },
    }),
  );
  await aws.autoScaling.send(
    new StartInstanceRefreshCommand({
      AutoScalingGroupName: group,
      DesiredConfiguration: {
        LaunchTemplate: {
          LaunchTemplateId: launchTemplateId,
          Version: String(LaunchTemplateVersion?.VersionNumber),
        },
      },
      Preferences: { MinHealthyPercentage: 100, MaxHealthyPercentage: 200 },
    }),
  );
}

function commitOf(branch: string, release: number): string {
  const name = `${String(release).padStart(4, '0')}${Buffer.from(branch).toString('hex')}`;
  return name.padEnd(40, '0').slice(0, 40);
}
