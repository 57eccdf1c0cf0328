import {
  CreateKeyPairCommand,
  CreateSecurityGroupCommand,
  ModifyImageAttributeCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../../sandbox/faults/rule.ts';
import { addGroup, tagImage } from '../../../sandbox/scene.ts';
import { type Aws, clientsOf, createAws } from '../../../src/aws/clients.ts';
import { TAG } from '../../../src/tags.ts';
import { type Harness, REGION, START, startHarness } from '../../support/harness.ts';
import { addTemplate, DAY, promotedTag, runPrune, seedImage, seedImages } from './scene.ts';

/**
 * A prune that dies after any of its calls, or of which any call fails: nothing more is removed than without the
 * accident, and when it is run again the end is the same.
 */

const TEN_MINUTES = 600_000;

/** Versions and images that go and that stay, for many reasons, and leftovers. Every scene has the same ids. */
async function makeScene(): Promise<Harness> {
  const harness = await startHarness();
  const { aws, sandbox } = harness;
  const images = seedImages(harness, 8);
  await addTemplate(aws, 'shop', images.toReversed());
  await addGroup(sandbox, aws, { name: 'web', imageId: images[4] ?? '', size: 1 });
  await tagImage(aws, images[4] ?? '', promotedTag('production', 3));
  await aws.ec2.send(
    new ModifyImageAttributeCommand({
      ImageId: images[5],
      LaunchPermission: { Add: [{ UserId: '111122223333' }] },
    }),
  );
  seedImage(harness, { daysOld: 300, state: 'failed' });
  seedImage(harness, { daysOld: 300, application: 'octo/other' });
  const until = new Date(START - DAY).toISOString();
  const run = `https://github.com/octo/shop/actions/runs/7/attempts/1 until ${until} 0a`;
  const Tags = [{ Key: TAG.run, Value: run }];
  await aws.ec2.send(
    new CreateKeyPairCommand({
      KeyName: 'packer_1',
      TagSpecifications: [{ ResourceType: 'key-pair', Tags }],
    }),
  );
  await aws.ec2.send(
    new CreateSecurityGroupCommand({
      GroupName: 'packer_1',
      Description: 'x',
      TagSpecifications: [{ ResourceType: 'security-group', Tags }],
    }),
  );
  return harness;
}

/** Everything that there is in the account, by id. */
function present({ sandbox }: Harness): string[] {
  const { images, snapshots, launchTemplates, keyPairs, securityGroups, instances } =
    sandbox.world.region(REGION).state;
  return [
    ...[...images.values()]
      .filter(({ deregisteredAt }) => deregisteredAt === undefined)
      .map(({ image }) => `${image.ImageId} ${image.State}${image.DeprecationTime ? ' deprecated' : ''}`),
    ...snapshots.keys(),
    ...[...launchTemplates.values()].flatMap(({ id, versions }) =>
      versions.map(({ number }) => `${id}:${number}`),
    ),
    ...keyPairs.keys(),
    ...securityGroups.keys(),
    ...[...instances.values()].map(({ id, state }) => `${id} ${state}`),
  ].toSorted();
}

const idsOf = (things: readonly string[]) => new Set(things.map((thing) => thing.split(' ')[0]));

const markedAs = ({ sandbox }: Harness) =>
  [...sandbox.world.region(REGION).state.tags].filter(([, tags]) => TAG.removing in tags).map(([id]) => id);

/** The same AWS, for a step that dies right after its call number `last` was carried out. */
function dyingAws({ sandbox }: Harness, last: number): { aws: Aws; calls: () => number } {
  const credentials = async () => ({
    accessKeyId: 'test',
    secretAccessKey: 'test',
    sessionToken: 'test',
    expiration: new Date(Date.now() + 3_600_000),
  });
  const aws = createAws({ region: REGION, endpoint: sandbox.url, attempts: 1, credentials });
  let calls = 0;
  const die = () => Promise.reject(new Error('The step is dead.'));
  for (const client of clientsOf(aws)) {
    client.middlewareStack.add(
      (next) => async (args) => {
        calls++;
        if (calls > last) return await die();
        const answer = await sandbox.clock.holdWhile(() => next(args));
        return calls >= last ? await die() : answer;
      },
      { step: 'initialize', name: 'die' },
    );
  }
  return { aws, calls: () => calls };
}

/** What an undisturbed prune leaves, and how many calls it makes. */
async function undisturbed(given: Record<string, string>) {
  const harness = await makeScene();
  const before = present(harness);
  const { aws, calls } = dyingAws(harness, Number.POSITIVE_INFINITY);
  await runPrune(harness, given, harness.context({ aws }));
  const end = present(harness);
  const marked = markedAs(harness);
  await harness.close();
  expect(end).not.toEqual(before);
  return { end, marked, calls: calls() };
}

describe.each(['delete', 'deprecate', 'disable'])('removal: %s', (removal) => {
  test(
    'killed after any call and run again',
    async () => {
      const { end, marked, calls } = await undisturbed({ removal });
      expect(calls).toBeGreaterThan(45);
      for (let last = 1; last < calls; last++) {
        const harness = await makeScene();
        try {
          const { aws } = dyingAws(harness, last);
          // What it says then, nobody hears: it is dead.
          await runPrune(harness, { removal }, harness.context({ aws })).catch(() => {});
          const left = idsOf(present(harness));
          expect([...idsOf(end)].filter((id) => !left.has(id))).toEqual([]);
          await runPrune(harness, { removal });
          expect({ last, end: present(harness) }).toEqual({ last, end });
          expect(markedAs(harness)).toEqual(marked);
        } finally {
          await harness.close();
        }
      }
    },
    TEN_MINUTES,
  );
});

const EFFECTS: [string, Fault][] = [
  ['is denied', { effect: { kind: 'access-denied' } }],
  // The client tries twice.
  ['fails in AWS', { times: 2, effect: { kind: 'server-error' } }],
  ['is carried out, and its answer is lost', { times: 2, effect: { kind: 'reset', when: 'after' } }],
];

test.each(EFFECTS)(
  'when any one call %s, not more is removed, and the next run ends the same',
  async (_what, fault) => {
    const { end, calls } = await undisturbed({});
    for (let after = 0; after < calls; after++) {
      const harness = await makeScene();
      try {
        harness.sandbox.faults.add({ operation: '*', after, ...fault });
        await runPrune(harness).catch(() => {});
        harness.sandbox.faults.clear();
        const left = idsOf(present(harness));
        expect({ after, missing: [...idsOf(end)].filter((id) => !left.has(id)) }).toEqual({
          after,
          missing: [],
        });
        await runPrune(harness);
        expect({ after, end: present(harness) }).toEqual({ after, end });
      } finally {
        await harness.close();
      }
    }
  },
  TEN_MINUTES,
);

test(
  'whatever single kind of call is denied for good, nothing goes that would stay, and the failure says which',
  async () => {
    const { end } = await undisturbed({});
    const scene = await makeScene();
    await runPrune(scene);
    const operations = [...new Set(scene.sandbox.aws.calls.map(({ operation }) => operation))];
    await scene.close();
    // What the scene itself called is among them: it is done by then.
    for (const operation of operations) {
      const harness = await makeScene();
      try {
        harness.sandbox.faults.add({ operation, times: 'always', effect: { kind: 'access-denied' } });
        const context = harness.context();
        const failure = await runPrune(harness, {}, context).then(
          () => '',
          (error: unknown) => String(error),
        );
        const left = idsOf(present(harness));
        expect({ operation, missing: [...idsOf(end)].filter((id) => !left.has(id)) }).toEqual({
          operation,
          missing: [],
        });
        if (present(harness).length > end.length)
          expect(`${failure}\n${context.log.text}`).toContain(operation);
      } finally {
        await harness.close();
      }
    }
  },
  TEN_MINUTES,
);
