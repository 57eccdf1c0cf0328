import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StartInstanceRefreshCommand } from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Overview, overviewOf } from '../../../../sandbox/page/overview.ts';
import { addGroup, addImage } from '../../../../sandbox/scene.ts';
import { type Harness, REGION, startHarness } from '../../../support/harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

async function overview(region?: string): Promise<Overview> {
  const query = region === undefined ? '' : `?region=${region}`;
  const response = await fetch(`${harness.sandbox.url}/_sandbox/overview${query}`);
  expect(response.status).toBe(200);
  return JSON.parse(await response.text());
}

/** A group of two instances behind a target group, and what starts a refresh of it to another image. */
async function scene(boot?: string) {
  const { sandbox, aws } = harness;
  const old = await addImage(sandbox, aws, 'shop-1', { 'immutable-deploy:commit': 'a'.repeat(40) });
  const imageId = await addImage(sandbox, aws, 'shop-2', boot === undefined ? {} : { 'sandbox:boot': boot });
  const { launchTemplateId } = await addGroup(sandbox, aws, { name: 'web', imageId: old, size: 2 });
  return {
    old,
    imageId,
    async refresh() {
      await aws.ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateId: launchTemplateId,
          SourceVersion: '1',
          LaunchTemplateData: { ImageId: imageId },
        }),
      );
      await aws.autoScaling.send(
        new StartInstanceRefreshCommand({
          AutoScalingGroupName: 'web',
          DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: launchTemplateId, Version: '2' } },
          Preferences: { MinHealthyPercentage: 100, MaxHealthyPercentage: 200 },
        }),
      );
    },
  };
}

describe('GET /_sandbox/overview', () => {
  it('has nothing to show at first, and makes no Region by being asked', async () => {
    expect(await overview('eu-west-1')).toMatchObject({
      regions: [],
      calls: [],
      faults: [],
      callsSoFar: 0,
    });
    expect(harness.sandbox.world.state.regions).toEqual({});
  });

  it('shows each instance with its image, its state and what the load balancer says', async () => {
    const { old } = await scene();
    const { region } = await overview(REGION);
    expect(region?.groups).toMatchObject([
      { name: 'web', desired: 2, max: 4, launches: 'web 1', targets: { healthy: 2 }, healthCheckType: 'ELB' },
    ]);
    expect(region?.groups[0]?.instances).toMatchObject([
      { imageId: old, state: 'InService', healthy: true, version: '1', target: 'healthy' },
      { imageId: old, state: 'InService', healthy: true, version: '1', target: 'healthy' },
    ]);
    expect(region?.images).toMatchObject([{ id: old, name: 'shop-1', commit: 'aaaaaaa', instances: 2 }]);
  });

  it('shows a refresh in its group while it is active, and among those that ended afterwards', async () => {
    const { imageId, refresh } = await scene();
    await refresh();
    harness.sandbox.clock.advance(40_000);
    const during = (await overview()).region;
    expect(during?.groups[0]?.refresh).toMatchObject({ status: 'InProgress', isActive: true });
    expect(during?.refreshes).toEqual([]);
    expect(new Set(during?.groups[0]?.instances.map((instance) => instance.imageId)).size).toBe(2);

    harness.sandbox.clock.advance(3 * 3_600_000);
    const after = (await overview()).region;
    expect(after?.groups[0]).not.toHaveProperty('refresh');
    expect(after?.refreshes).toMatchObject([{ group: 'web', status: 'Successful', percentage: 100 }]);
    expect(after?.images).toMatchObject([{ id: imageId, instances: 2 }]);
  });

  it('shows why launches fail', async () => {
    const { refresh } = await scene('fails-to-launch');
    await refresh();
    harness.sandbox.clock.advance(60_000);
    const { region } = await overview();
    const failed = region?.activities.find(({ status }) => status === 'Failed');
    expect(failed?.cause).toContain('sufficient t3.micro capacity');
  });

  it('shows the last thirty calls, newest first, with the resource and the error', async () => {
    const { sandbox, aws } = harness;
    await addImage(sandbox, aws, 'shop-1');
    for (let count = 0; count < 31; count++)
      await aws.autoScaling
        .send(new StartInstanceRefreshCommand({ AutoScalingGroupName: `missing-${count}` }))
        .catch(() => undefined);
    const { calls, callsSoFar } = await overview();
    expect(callsSoFar).toBe(34);
    expect(calls).toHaveLength(30);
    expect(calls[0]).toMatchObject({
      service: 'autoscaling',
      operation: 'StartInstanceRefresh',
      resource: 'missing-30',
      status: 400,
      error: 'ValidationError',
    });
  });

  it('shows the faults that wait, and neither calls nor uses them up', async () => {
    harness.sandbox.world.region(REGION);
    harness.sandbox.faults.add({
      operation: '*',
      times: 1,
      effect: { kind: 'error', code: 'Throttling', message: 'Rate exceeded', status: 400 },
    });
    await overview();
    const { faults, callsSoFar } = await overview();
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^operation \*,.* times 1,.* effect error Throttling/);
    expect(callsSoFar).toBe(0);
  });

  it('prefers the Region that is asked for, else the one with the most groups', async () => {
    await scene();
    harness.sandbox.world.region('ap-south-1');
    expect((await overview()).region?.name).toBe(REGION);
    expect((await overview('ap-south-1')).region?.name).toBe('ap-south-1');
    expect((await overview()).regions.map(({ name }) => name)).toEqual(['ap-south-1', REGION]);
  });

  it('changes nothing', async () => {
    await scene();
    const { world } = harness.sandbox;
    const before = world.save();
    overviewOf({ world, calls: [], callsSoFar: 0, faults: [] });
    expect(world.save()).toBe(before);
  });
});

describe('GET /_sandbox/', () => {
  it('serves one document that may run its own script only and ask the sandbox only', async () => {
    const response = await fetch(`${harness.sandbox.url}/_sandbox/`);
    const html = await response.text();
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const tag of ['style', 'script']) {
      const [, content = ''] = new RegExp(`<${tag}>([\\s\\S]*)</${tag}>`).exec(html) ?? [];
      expect(content.length).toBeGreaterThan(1000);
      const hash = createHash('sha256').update(content).digest('base64');
      expect(policy).toContain(`${tag}-src 'sha256-${hash}'`);
    }
    expect(policy).toContain("default-src 'none'");
    expect(html).not.toMatch(/(src|href)="https?:/);
  });

  it('never makes markup of names', () => {
    const script = readFileSync('sandbox/page/live.js', 'utf8');
    expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b/);
  });
});
