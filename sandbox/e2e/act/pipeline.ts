import { deepEqual, equal, ok } from 'node:assert/strict';
import { markKey } from '../../../src/tags.ts';
import { addImage } from '../../scene.ts';
import type { Case } from '../case.ts';
import type { ActRun } from './act.ts';
import { ENVIRONMENTS, PipelineScene, REPOSITORY, role } from './scene.ts';

/** deploy.yml, run by act from its first job to its last. */
export const pipelineCases: readonly Case[] = [
  {
    name: 'act: deploy.yml brings a good image to production',
    needs: ['act', 'packer'],
    run: (bench) => PipelineScene.with(bench, goodImage),
  },
  {
    name: 'act: deploy.yml stops at dev with a bad image',
    needs: ['act', 'packer'],
    run: (bench) => PipelineScene.with(bench, badImage),
  },
  {
    name: 'act: deploy.yml promotes a given image, and leaves out what has no name',
    needs: ['act'],
    run: (bench) => PipelineScene.with(bench, givenImage),
  },
];

async function goodImage(scene: PipelineScene): Promise<void> {
  const run = await scene.deploy();
  checkJobs(run, { ...BAKED, ...promoted('dev'), ...promoted('staging'), ...promoted('production') });
  const [imageId = ''] = await scene.images();
  ok(imageId !== scene.baseImage);
  deepEqual(await scene.images(), [imageId, imageId, imageId]);
  const tags = await scene.tags(imageId);
  for (const environment of ENVIRONMENTS) ok(markKey('promoted', environment) in tags);
  deepEqual([...scene.assumedRoles].sort(), [role('bake'), role('promote')]);
}

async function badImage(scene: PipelineScene): Promise<void> {
  const run = await scene.deploy({}, { boot: 'never-healthy' });
  checkJobs(run, { ...BAKED, ...promoted('dev', 'failure') });
  deepEqual(scene.refreshedGroups, ['dev']);
  equal(scene.lastRefresh.status, 'RollbackSuccessful');
  deepEqual(
    await scene.images(),
    ENVIRONMENTS.map(() => scene.baseImage),
  );
  const bad = await scene.imageOf('dev', scene.lastRefresh.desired?.LaunchTemplate?.Version);
  ok(markKey('rejected', 'dev') in (await scene.tags(bad)));
}

async function givenImage(scene: PipelineScene): Promise<void> {
  const identity = { 'immutable-deploy:application': REPOSITORY };
  const imageId = await addImage(scene.sandbox, scene.aws, 'shop-given', identity);
  const run = await scene.deploy({ 'ami-id': imageId, staging: '' });
  checkJobs(run, { ...promoted('dev'), ...promoted('production') });
  deepEqual(await scene.images(), [imageId, scene.baseImage, imageId]);
}

type Jobs = Readonly<Record<string, string>>;

const BAKED: Jobs = { Bake: 'success' };

const promoted = (environment: string, result = 'success'): Jobs => ({
  [`Promote to ${environment}`]: result,
});

/** Exactly these jobs ran, and the run ended as they did. */
function checkJobs({ exitCode, jobs, log }: ActRun, expected: Jobs): void {
  deepEqual(jobs, expected, log);
  equal(exitCode, Object.values(expected).includes('failure') ? 1 : 0, log);
}
