import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  cancel,
  code,
  group,
  newest,
  newVersion,
  type RefreshScene,
  roll,
  rollBack,
  setDesired,
  start,
  startScene,
  timeline,
  untilStatus,
  versions,
} from './scene.ts';

/** Rollback and cancel from every status. */

let scene: RefreshScene;
beforeEach(async () => {
  scene = await startScene(2);
});
afterEach(async () => await scene.harness.close());

/** Brings a refresh into a status. */
const into: Record<string, () => Promise<void>> = {
  Pending: async () => void (await roll(scene, await newVersion(scene))),
  InProgress: async () => {
    await roll(scene, await newVersion(scene), { InstanceWarmup: 300 });
    await untilStatus(scene.harness, 'InProgress');
    scene.harness.sandbox.clock.advance(60_000);
  },
  Baking: async () => {
    await roll(scene, await newVersion(scene), { BakeTime: 600 });
    await untilStatus(scene.harness, 'Baking');
  },
  Cancelling: async () => {
    await into.InProgress?.();
    await cancel(scene.harness);
  },
  RollbackInProgress: async () => {
    await into.InProgress?.();
    await rollBack(scene.harness);
  },
  Successful: async () => {
    await roll(scene, await newVersion(scene));
    await timeline(scene.harness);
  },
  Cancelled: async () => {
    await into.Cancelling?.();
    await timeline(scene.harness);
  },
  RollbackSuccessful: async () => {
    await into.RollbackInProgress?.();
    await timeline(scene.harness);
  },
};

describe('a rollback', () => {
  test.each(['InProgress', 'Baking'])('from %s brings the saved configuration back', async (status) => {
    await into[status]?.();
    await rollBack(scene.harness);
    expect(await newest(scene.harness)).toMatchObject({
      Status: 'RollbackInProgress',
      StatusReason: 'Rollback triggered due to user request.',
    });
    expect((await timeline(scene.harness)).at(-1)).toMatch(/^RollbackSuccessful 0 /);
    expect(await versions(scene.harness)).toEqual(['InService 1', 'InService 1']);
    expect((await group(scene.harness)).LaunchTemplate?.Version).toBe('1');
  });

  test.each(['Pending', 'Cancelling', 'RollbackInProgress', 'Successful', 'Cancelled', 'RollbackSuccessful'])(
    'from %s is refused',
    async (status) => {
      await into[status]?.();
      await expect(rollBack(scene.harness)).rejects.toThrow(
        'No in progress or baking Instance Refresh found for Auto Scaling group web.',
      );
      expect((await newest(scene.harness)).Status).toBe(status);
    },
  );

  test('of a refresh without desired configuration is refused', async () => {
    await start(scene.harness, {});
    await untilStatus(scene.harness, 'InProgress');
    expect(await code(rollBack(scene.harness))).toBe('IrreversibleInstanceRefresh');
  });

  test('launches the saved configuration for capacity that is asked for meanwhile', async () => {
    await into.Baking?.();
    await rollBack(scene.harness);
    await setDesired(scene.harness, 4);
    expect((await timeline(scene.harness)).at(-1)).toMatch(/^RollbackSuccessful 0 /);
    expect(await versions(scene.harness)).toEqual(Array(4).fill('InService 1'));
  });

  test('that has nothing to launch any more fails after an hour', async () => {
    await into.Baking?.();
    const saved = scene.harness.sandbox.world.region('us-east-1').state.launchTemplates.get(scene.templateId);
    if (saved) saved.versions = saved.versions.filter((version) => version.number !== 1);
    await rollBack(scene.harness);
    expect((await timeline(scene.harness)).at(-1)).toMatch(/^RollbackFailed/);
  });
});

describe('a cancel', () => {
  test.each(['Pending', 'InProgress', 'Baking', 'Cancelling', 'RollbackInProgress'])(
    'from %s leaves what was replaced, and the saved configuration',
    async (status) => {
      await into[status]?.();
      await cancel(scene.harness, false);
      const refresh = await newest(scene.harness);
      expect(refresh.Status).toBe('Cancelling');
      expect(refresh.StatusReason).toBe(
        'Cancelled without waiting for ongoing instance launches and terminations due to user request.',
      );
      expect((await timeline(scene.harness)).at(-1)).toMatch(/^Cancelled/);
      expect((await group(scene.harness)).LaunchTemplate?.Version).toBe('1');
      scene.harness.sandbox.clock.advance(300_000);
      expect((await versions(scene.harness)).filter((line) => line.startsWith('InService'))).toHaveLength(2);
    },
  );

  test('of a pending refresh: it never had a start time', async () => {
    await into.Pending?.();
    await cancel(scene.harness);
    await timeline(scene.harness);
    const refresh = await newest(scene.harness);
    expect(refresh.Status).toBe('Cancelled');
    expect(refresh).not.toHaveProperty('StartTime');
  });

  test('waits for instances that are on their way, unless told not to', async () => {
    await roll(scene, await newVersion(scene), { MinHealthyPercentage: 0, MaxHealthyPercentage: 100 });
    await untilStatus(scene.harness, 'InProgress');
    scene.harness.sandbox.clock.advance(6000);
    await cancel(scene.harness);
    scene.harness.sandbox.clock.advance(10_000);
    expect((await newest(scene.harness)).Status).toBe('Cancelling');
    await timeline(scene.harness);
    expect((await versions(scene.harness)).some((line) => /Pending|Terminating/.test(line))).toBe(false);
  });

  test.each(['Successful', 'Cancelled', 'RollbackSuccessful'])('from %s is refused', async (status) => {
    await into[status]?.();
    await expect(cancel(scene.harness)).rejects.toThrow(
      'No in progress, baking, pending, or cancelling Instance Refresh found for Auto Scaling group web.',
    );
  });
});

test('a second refresh starts only when the first is over', async () => {
  for (const status of ['Pending', 'InProgress', 'Baking', 'Cancelling', 'RollbackInProgress']) {
    await into[status]?.();
    expect(await code(start(scene.harness, {}))).toBe('InstanceRefreshInProgress');
    if (status !== 'Cancelling') await cancel(scene.harness, false);
    await timeline(scene.harness);
  }
  await start(scene.harness, {});
});
