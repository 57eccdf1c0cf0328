import type { Aws } from '../../../src/aws/clients.ts';
import { clientsOf } from '../../../src/aws/clients.ts';
import { identityTags } from '../../../src/tags.ts';
import { versionDescription } from '../../../src/version-description.ts';
import { imageDefaults } from '../../engine/images.ts';
import { Sandbox } from '../../sandbox.ts';
import { parseSeed } from '../../seed/parse.ts';
import { plant } from '../../seed/plant.ts';
import { benchAws } from '../promotion/stage.ts';

export const REGION = 'us-east-1';
export const APPLICATION = 'octo/shop';

const DAY = 24 * 3600 * 1000;
/** Images are a tenth of a day apart, and the newest is old enough to go. */
const YOUNGEST = 40;

/** A sandbox in stepped time, with images of one application, newest first. */
export async function stageWithImages(
  count: number,
): Promise<{ sandbox: Sandbox; aws: Aws; images: string[] }> {
  const sandbox = await Sandbox.start({ timeScale: 0 });
  const aws = benchAws(sandbox.url);
  // Time must not jump while a call is under way.
  for (const client of clientsOf(aws)) {
    client.middlewareStack.add((next) => (args) => sandbox.clock.holdWhile(() => next(args)), {
      step: 'initialize',
      name: 'holdClock',
    });
  }
  const images = Array.from({ length: count }, (_, index) => addOldImage(sandbox, YOUNGEST + index / 10));
  return { sandbox, aws, images };
}

/** Straight into the state: the API makes none that are old. */
function addOldImage(sandbox: Sandbox, daysOld: number): string {
  const region = sandbox.world.region(REGION);
  const created = sandbox.clock.now() - daysOld * DAY;
  const [id, snapshotId] = [region.world.newId('ami'), region.world.newId('snap')];
  region.state.snapshots.set(snapshotId, {
    id: snapshotId,
    volumeId: 'vol-1',
    description: '',
    startedAt: created,
    completedAt: created + 60_000,
    sizeGiB: 8,
    encrypted: false,
  });
  region.state.images.set(id, {
    image: {
      ...imageDefaults(region, id, `shop-${id}`),
      CreationDate: new Date(created).toISOString(),
      State: 'available',
      RootDeviceName: '/dev/xvda',
      Architecture: 'x86_64',
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: snapshotId, VolumeSize: 8 } }],
    },
    launchPermissions: [],
  });
  const run = 'https://github.com/octo/shop/actions/runs/1';
  const tags = identityTags({
    application: APPLICATION,
    commit: 'c'.repeat(40),
    branch: 'main',
    built: created,
    run,
  });
  region.state.tags.set(id, tags);
  region.state.tags.set(snapshotId, tags);
  return id;
}

/** Launch templates with versions of ours, each with one of these images, and groups with instances on them. */
export function plantFleet(
  sandbox: Sandbox,
  images: readonly string[],
  sizes: { templates: number; versionsEach: number; groups: number; instancesEach: number },
): void {
  const pad = (number: number) => String(number).padStart(5, '0');
  const list = <T>(length: number, item: (index: number) => T) =>
    Array.from({ length }, (_, index) => item(index));
  plant(
    sandbox,
    parseSeed(
      JSON.stringify({
        launchTemplates: list(sizes.templates, (template) => ({
          name: `template-${pad(template)}`,
          versions: list(sizes.versionsEach, (version) => ({
            ImageId: images[template * sizes.versionsEach + version],
            InstanceType: 't3.micro',
          })),
        })),
        groups: list(sizes.groups, (index) => ({
          name: `group-${pad(index)}`,
          size: sizes.instancesEach,
          launchTemplate: `template-${pad(index % sizes.templates)}`,
        })),
      }),
    ),
  );
  for (const { versions } of sandbox.world.region(REGION).state.launchTemplates.values()) {
    for (const version of versions)
      version.description = versionDescription(APPLICATION, version.data.ImageId ?? '');
  }
}
