import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { markKey } from '../../../src/tags.ts';
import { addImage } from '../../scene.ts';
import type { Case } from '../case.ts';
import type { ActRun } from './act.ts';
import { templateInUse } from './repositories.ts';
import { ENVIRONMENTS, PipelineScene, REPOSITORY, role } from './scene.ts';

/** The starter templates and the workflows that they call, run by act from the first job to the last. */
export const pipelineCases: readonly Case[] = [
  {
    name: 'act: the pipeline brings a good image to production, and a button takes it back',
    needs: ['act', 'packer'],
    run: (bench) => PipelineScene.with(bench, goodImageAndBack),
  },
  {
    name: 'act: the pipeline stops at dev with a bad image',
    needs: ['act', 'packer'],
    run: (bench) => PipelineScene.with(bench, badImage),
  },
  {
    name: 'act: an older run that is run again brings its own image back',
    needs: ['act', 'packer'],
    run: (bench) => PipelineScene.with(bench, runAgain),
  },
  {
    name: 'act: a release by tag goes to staging and production',
    needs: ['act', 'packer'],
    run: (bench) => PipelineScene.with(bench, release),
  },
  {
    name: 'act: deploy.yml promotes a given image, and leaves out what has no name',
    needs: ['act'],
    run: (bench) => PipelineScene.with(bench, givenImage),
  },
  {
    name: 'act: the button deploys the image of a commit',
    needs: ['act'],
    run: (bench) => PipelineScene.with(bench, button),
  },
];

/** What differs between the environments is given as inputs: act has no variables of environments. */
const groupsOf = (...environments: readonly string[]) =>
  Object.fromEntries(environments.map((name) => [`${name}-auto-scaling-groups`, name]));

const pipeline = (scene: PipelineScene, variables: Record<string, string> = {}) => ({
  'pipeline.yml': templateInUse('pipeline', {
    deploy: { ...scene.bakeInputs(variables), ...groupsOf(...ENVIRONMENTS) },
  }),
});

const push = { workflow: 'pipeline.yml', event: 'push' } as const;
const PLANS: Jobs = { 'Plan for staging': 'success', 'Plan for production': 'success' };
const EVERYWHERE: Jobs = {
  Bake: 'success',
  ...PLANS,
  ...promoted('dev'),
  ...promoted('staging'),
  ...promoted('production'),
};

async function goodImageAndBack(scene: PipelineScene): Promise<void> {
  const workflows = {
    ...pipeline(scene),
    'rollback.yml': templateInUse('rollback', { rollback: { 'auto-scaling-groups': 'production' } }),
  };
  await scene.setUp(workflows);
  checkJobs(await scene.run(push), EVERYWHERE);
  const first = await theImage(scene);
  ok(first !== scene.baseImage);
  const tags = await scene.tags(first);
  for (const environment of ENVIRONMENTS) ok(markKey('promoted', environment) in tags);
  deepEqual([...scene.assumedRoles].sort(), [role('bake'), role('promote')]);

  await scene.change('second');
  checkJobs(await scene.run(push), EVERYWHERE);
  const second = await theImage(scene);
  ok(second !== first);

  scene.sandbox.github.mayDeploy = true;
  const inputs = { environment: 'production', incident: 'true' };
  const back = await scene.run({ workflow: 'rollback.yml', event: 'workflow_dispatch', inputs });
  checkJobs(back, { 'Roll back production': 'success' });
  deepEqual(await scene.images(), [second, second, first]);
  ok(markKey('rejected', 'production') in (await scene.tags(second)));
  deepEqual(
    scene.sandbox.github.deployments.map(({ ref, environment, states }) => [ref, environment, states.at(-1)]),
    [[scene.sandbox.github.commits[0], 'production', 'success']],
  );
}

async function badImage(scene: PipelineScene): Promise<void> {
  await scene.setUp(pipeline(scene, { boot: 'never-healthy' }));
  checkJobs(await scene.run(push), { Bake: 'success', ...promoted('dev', 'failure') });
  deepEqual(scene.refreshedGroups, ['dev']);
  equal(scene.lastRefresh.status, 'RollbackSuccessful');
  equal(await theImage(scene), scene.baseImage);
  const bad = await scene.imageOf('dev', scene.lastRefresh.desired?.LaunchTemplate?.Version);
  ok(markKey('rejected', 'dev') in (await scene.tags(bad)));
}

async function runAgain(scene: PipelineScene): Promise<void> {
  const firstCommit = await scene.setUp(pipeline(scene));
  checkJobs(await scene.run({ ...push, runId: 101 }), EVERYWHERE);
  const first = await theImage(scene);
  await scene.change('second');
  checkJobs(await scene.run({ ...push, runId: 102 }), EVERYWHERE);
  ok((await theImage(scene)) !== first);

  await scene.checkOut(firstCommit);
  checkJobs(await scene.run({ ...push, runId: 101, attempt: 2 }), EVERYWHERE);
  equal(await theImage(scene), first);
}

async function release(scene: PipelineScene): Promise<void> {
  const inputs = { ...scene.bakeInputs(), ...groupsOf('staging', 'production') };
  await scene.setUp({ 'release.yml': templateInUse('release', { release: inputs }) });
  const run = await scene.run({ workflow: 'release.yml', event: 'push', ref: 'refs/tags/v1.2.3' });
  checkJobs(run, { Bake: 'success', ...PLANS, ...promoted('staging'), ...promoted('production') });
  const [dev, staging, production = ''] = await scene.images();
  deepEqual([dev, staging], [scene.baseImage, production]);
  equal((await scene.tags(production))['immutable-deploy:version'], 'v1.2.3');
}

async function givenImage(scene: PipelineScene): Promise<void> {
  const imageId = await addImage(scene.sandbox, scene.aws, 'shop-given', {
    'immutable-deploy:application': REPOSITORY,
  });
  const given = { 'ami-id': imageId, staging: '', ...groupsOf(...ENVIRONMENTS) };
  await scene.setUp({ 'pipeline.yml': templateInUse('pipeline', { deploy: given }) });
  const jobs = { 'Plan for production': 'success', ...promoted('dev'), ...promoted('production') };
  checkJobs(await scene.run(push), jobs);
  deepEqual(await scene.images(), [imageId, scene.baseImage, imageId]);
}

async function button(scene: PipelineScene): Promise<void> {
  const commit = await scene.setUp({ 'button.yml': templateInUse('button') });
  const imageId = await addImage(scene.sandbox, scene.aws, 'shop-older', {
    'immutable-deploy:application': REPOSITORY,
    'immutable-deploy:commit': commit,
  });
  const press = async (more: Record<string, string>) =>
    await scene.run({
      workflow: 'button.yml',
      event: 'workflow_dispatch',
      inputs: { environment: 'staging', ...more },
      variables: { IMMUTABLE_DEPLOY_GROUPS: 'staging' },
    });
  checkJobs(await press({ commit: commit.slice(0, 8), 'dry-run': 'true' }), {
    'Deploy to staging': 'success',
  });
  equal(await theImage(scene), scene.baseImage);
  checkJobs(await press({ commit: commit.slice(0, 8) }), { 'Deploy to staging': 'success' });
  deepEqual(await scene.images(), [scene.baseImage, imageId, scene.baseImage]);
  const wrong = await press({ commit: 'fffffff' });
  checkJobs(wrong, { 'Deploy to staging': 'failure' });
  match(wrong.log, /There is no image of "octo\/shop" for commit fffffff/);
}

/** The image that all environments run. */
async function theImage(scene: PipelineScene): Promise<string> {
  const [image = '', ...others] = await scene.images();
  for (const other of others) equal(other, image);
  return image;
}

type Jobs = Readonly<Record<string, string>>;

function promoted(environment: string, result = 'success'): Jobs {
  return { [`Promote to ${environment}`]: result };
}

/** Exactly these jobs ran, and the run ended as they did. */
function checkJobs({ exitCode, jobs, log }: ActRun, expected: Jobs): void {
  deepEqual(jobs, expected, log);
  equal(exitCode, Object.values(expected).includes('failure') ? 1 : 0, log);
}
