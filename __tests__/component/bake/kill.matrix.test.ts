import {
  CreateKeyPairCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  type Image,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { expect, test } from '@jest/globals';
import { publicImage } from '../../../sandbox/scene.ts';
import { type Aws, clientsOf, createAws } from '../../../src/aws/clients.ts';
import { cleanUpBake } from '../../../src/bake/clean-up.ts';
import type { CleanUp } from '../../../src/context.ts';
import { tagsOf } from '../../../src/tags.ts';
import { REGION, runFacts } from '../../support/harness.ts';
import { type BakeScene, packer, startBakeScene } from './scene.ts';

/**
 * A bake that dies after any of its calls, or of its Packer's, and the next bake: the end is the same as without the
 * accident, nothing is left, and nothing of others is touched. Dead means that no later call reaches AWS.
 */

const IRELAND = 'eu-west-1';
const HOUR = 3600_000;

const GIVEN = {
  'smoke-test': 'ssm',
  'smoke-test-command': 'true',
  'copy-to-regions': IRELAND,
  'share-with': '210987654321',
  'ssm-parameter': '/shop/ami',
  'deprecate-after-days': '90',
  'deregistration-protection': 'true',
};

/** The same AWS, for a step and its Packer that die right after their call number `last` was carried out. */
function dyingAws({ harness }: BakeScene, last: number, onDeath: () => void) {
  const credentials = async () => ({
    accessKeyId: 'test',
    secretAccessKey: 'test',
    sessionToken: 'test',
    expiration: new Date(Date.now() + HOUR),
  });
  let calls = 0;
  const die = () => Promise.reject(new Error('The step is dead.'));
  const inRegions = new Map<string, Aws>();
  const inRegion = (region: string): Aws => {
    const known = inRegions.get(region);
    if (known) return known;
    const aws = createAws({ region, endpoint: harness.sandbox.url, attempts: 1, credentials });
    for (const client of clientsOf(aws)) {
      client.middlewareStack.add(
        (next) => async (args) => {
          const number = ++calls;
          if (number > last) return await die();
          const answer = await harness.sandbox.clock.holdWhile(() => next(args));
          if (number < last) return answer;
          onDeath();
          return await die();
        },
        { step: 'initialize', name: 'die' },
      );
    }
    const own = { ...aws, inRegion };
    inRegions.set(region, own);
    return own;
  };
  return { aws: inRegion(REGION), calls: () => calls };
}

/** A key pair and an instance that look like Packer's. */
async function foreign({ harness }: BakeScene): Promise<void> {
  const { ec2 } = harness.aws;
  const KeyName = 'packer_aaaaaaaa-0000-4000-8000-000000000000';
  await ec2.send(new CreateKeyPairCommand({ KeyName }));
  await ec2.send(
    new RunInstancesCommand({
      ImageId: publicImage(harness.sandbox, REGION),
      MinCount: 1,
      MaxCount: 1,
      KeyName,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'Packer Builder' }] }],
    }),
  );
}

async function imagesIn(aws: Aws): Promise<Image[]> {
  const { Images = [] } = await aws.ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
  return Images;
}

/** What there is to see at the end, without ids and times. */
async function endState(scene: BakeScene, isCounted: (leftover: string) => boolean) {
  const { aws } = scene.harness;
  const ids: Record<string, string> = JSON.parse(scene.output('ami-ids'));
  const regions = await Promise.all(
    [REGION, IRELAND].map(async (region) => {
      const here = aws.inRegion(region);
      const all = await imagesIn(here);
      const good = all.filter((image) => tagsOf(image)['immutable-deploy:quarantined'] === undefined);
      const image = await scene.image(ids[region] ?? '', here);
      const { LaunchPermissions } = await here.ec2.send(
        new DescribeImageAttributeCommand({ ImageId: image.ImageId, Attribute: 'launchPermission' }),
      );
      const { Parameter } = await here.ssm.send(new GetParameterCommand({ Name: '/shop/ami' }));
      const { Snapshots = [] } = await here.ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
      return {
        region,
        state: image.State,
        images: all.length,
        isOnlyOne: good.map(({ ImageId }) => ImageId === image.ImageId),
        tested: tagsOf(image)['immutable-deploy:smoke-tested']?.replace(/^\S+/, ''),
        untagged: [...all, ...Snapshots].filter(
          (one) => tagsOf(one)['immutable-deploy:application'] === undefined,
        ).length,
        snapshots: Snapshots.length,
        shared: LaunchPermissions?.map(({ UserId }) => UserId),
        isPublished: Parameter?.Value === image.ImageId,
        isDeprecated: image.DeprecationTime !== undefined,
        isProtected: image.DeregistrationProtection,
      };
    }),
  );
  return {
    regions,
    leftovers: (await scene.leftovers())
      .filter(isCounted)
      .map((id) => id.split('-')[0])
      .toSorted(),
  };
}

const REGION_STATE = {
  state: 'available',
  images: 1,
  isOnlyOne: [true],
  tested: ' ssm',
  untagged: 0,
  snapshots: 2,
  shared: ['210987654321'],
  isPublished: true,
  isDeprecated: true,
  isProtected: 'enabled-without-cooldown',
};

const EXPECTED = {
  regions: [
    { region: REGION, ...REGION_STATE },
    { region: IRELAND, ...REGION_STATE },
  ],
  // The key pair and the instance of somebody else.
  leftovers: ['i', 'key'],
};

async function callsOfUndisturbed(): Promise<number> {
  const scene = await startBakeScene();
  await foreign(scene);
  const { aws, calls } = dyingAws(scene, Number.POSITIVE_INFINITY, () => {});
  await scene.run(GIVEN, { aws, processes: packer(scene, { aws }) });
  scene.harness.sandbox.clock.advance(60_000);
  expect(await endState(scene, () => true)).toEqual(EXPECTED);
  await scene.harness.close();
  return calls();
}

test.each<[string, { postStep: boolean; pause: number; attempt: number; id: string }]>([
  ['cleaned up after by the post step, and run again', { postStep: true, pause: 0, attempt: 2, id: '1' }],
  ['its runner lost, and run again', { postStep: false, pause: 0, attempt: 2, id: '1' }],
  ['its runner lost, and baked by another run', { postStep: false, pause: 3 * HOUR, attempt: 1, id: '2' }],
])(
  'killed after any call, %s',
  async (_how, { postStep, pause, attempt, id }) => {
    const total = await callsOfUndisturbed();
    expect(total).toBeGreaterThan(50);
    for (let last = 1; last < total; last++) {
      const scene = await startBakeScene();
      try {
        await foreign(scene);
        const { sandbox, aws: living } = scene.harness;
        // What the dead step "saved" when its calls failed, it never lived to save.
        let saved: CleanUp | undefined;
        const { aws } = dyingAws(scene, last, () => {
          saved = scene.context.cleanUps.at(-1);
        });
        await scene.run(GIVEN, { aws, processes: packer(scene, { aws }) }).catch(() => {});
        if (postStep && saved?.mode === 'bake')
          await scene.harness.drive(cleanUpBake({ aws: living, clock: sandbox.clock }, saved));
        sandbox.clock.advance(pause);
        const url = `https://github.com/octo/shop/actions/runs/${id}`;
        await scene.run(GIVEN, { run: { ...runFacts, id, url, attempt, workspace: scene.workspace } });
        sandbox.clock.advance(60_000);
        // A lock whose time is over holds nobody up; whoever builds that content next takes it over.
        const isCounted = (leftover: string) =>
          pause === 0 || !leftover.startsWith('/immutable-deploy/bake/');
        expect({ last, ...(await endState(scene, isCounted)) }).toEqual({ last, ...EXPECTED });
      } finally {
        await scene.harness.close();
      }
    }
  },
  900_000,
);
