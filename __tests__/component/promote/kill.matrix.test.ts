import { DescribeLaunchTemplateVersionsCommand } from '@aws-sdk/client-ec2';
import { expect, test } from '@jest/globals';
import { addGroup } from '../../../sandbox/scene.ts';
import { clientsOf, createAws } from '../../../src/aws/clients.ts';
import { stopPromotion } from '../../../src/promote/stop.ts';
import { COMMIT_A, COMMIT_B } from '../../support/harness.ts';
import { type PromoteScene, startPromoteScene } from './scene.ts';

/**
 * A promotion that dies after any of its calls, and is run again: the end is the same as without the accident. Dead
 * means that no later call of it reaches AWS, and that nobody waits for it.
 */

/** The same AWS, for a step that dies right after its call number `last` was carried out. */
function dyingAws({ harness }: PromoteScene, last: number) {
  const credentials = async () => ({
    accessKeyId: 'test',
    secretAccessKey: 'test',
    sessionToken: 'test',
    expiration: new Date(Date.now() + 3_600_000),
  });
  const aws = createAws({ region: 'us-east-1', endpoint: harness.sandbox.url, attempts: 1, credentials });
  let calls = 0;
  const die = () => Promise.reject(new Error('The step is dead.'));
  for (const client of clientsOf(aws)) {
    client.middlewareStack.add(
      (next) => async (args) => {
        if (++calls > last) return await die();
        const answer = await harness.sandbox.clock.holdWhile(() => next(args));
        return calls >= last ? await die() : answer;
      },
      { step: 'initialize', name: 'die' },
    );
  }
  return { aws, calls: () => calls };
}

async function makeScene(): Promise<{ scene: PromoteScene; next: string; launchTemplateId: string }> {
  const scene = await startPromoteScene();
  const imageId = await scene.baked('old', COMMIT_A);
  const next = await scene.baked('next', COMMIT_B);
  const { sandbox, aws } = scene.harness;
  const { launchTemplateId } = await addGroup(sandbox, aws, { name: 'dev', imageId, size: 2 });
  return { scene, next, launchTemplateId };
}

/** What there is to see at the end, without ids and times. */
async function endState(scene: PromoteScene, next: string, launchTemplateId: string) {
  const { LaunchTemplateVersions = [] } = await scene.harness.aws.ec2.send(
    new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: launchTemplateId }),
  );
  return {
    status: scene.context.report.outputs.get('status')?.replace('already-there', 'promoted'),
    version: (await scene.group()).LaunchTemplate?.Version,
    isNew: (await scene.running()).map((id) => id === next),
    versions: LaunchTemplateVersions.length,
    marks: Object.keys(await scene.tags(next)).filter((key) => /promot|reject/.test(key)),
    active: (await scene.refreshes()).filter(({ EndTime }) => EndTime === undefined).length,
  };
}

const EXPECTED = {
  status: 'promoted',
  version: '2',
  isNew: [true, true],
  versions: 2,
  marks: ['immutable-deploy:promoted:dev'],
  active: 0,
};

async function callsOfUndisturbed(): Promise<number> {
  const { scene, next, launchTemplateId } = await makeScene();
  const { aws, calls } = dyingAws(scene, Number.POSITIVE_INFINITY);
  await scene.run({ commit: COMMIT_B }, { aws });
  expect(await endState(scene, next, launchTemplateId)).toEqual(EXPECTED);
  await scene.harness.close();
  return calls();
}

test.each<[string, { pause: number; postStep: boolean }]>([
  ['run again at once', { pause: 0, postStep: false }],
  ['run again when all is over', { pause: 30 * 60_000, postStep: false }],
  ['run again after the post step has stopped it', { pause: 0, postStep: true }],
])(
  'killed after any call, and %s',
  async (_when, { pause, postStep }) => {
    const total = await callsOfUndisturbed();
    expect(total).toBeGreaterThan(20);
    for (let last = 1; last < total; last++) {
      const { scene, next, launchTemplateId } = await makeScene();
      try {
        const { aws } = dyingAws(scene, last);
        // What it says then, nobody hears: it is dead. The last calls only write down how it ended.
        await scene.run({ commit: COMMIT_B }, { aws }).catch(() => {});
        // The state that the dead step had saved; what it "saved" when its calls failed, it never lived to save.
        const saved = scene.context.cleanUps.findLast((cleanUp) => cleanUp !== undefined);
        if (postStep && saved?.mode === 'promote') await stopPromotion(scene.harness.aws, saved);
        scene.harness.sandbox.clock.advance(pause);
        await scene.run({ commit: COMMIT_B });
        expect({ last, ...(await endState(scene, next, launchTemplateId)) }).toEqual({ last, ...EXPECTED });
        expect((await scene.refreshes()).length).toBeLessThanOrEqual(postStep ? 3 : 1);
      } finally {
        await scene.harness.close();
      }
    }
  },
  600_000,
);
