import { readFileSync } from 'node:fs';
import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeImagesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSnapshotsCommand,
} from '@aws-sdk/client-ec2';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { overviewOf } from '../../../../sandbox/page/overview.ts';
import { parseSeed, SeedError } from '../../../../sandbox/seed/parse.ts';
import { beginningOf, plant } from '../../../../sandbox/seed/plant.ts';
import { type Harness, REGION, START, startHarness } from '../../../support/harness.ts';

const DAY = 24 * 3600 * 1000;
const EXAMPLE = readFileSync('examples/sandbox/scene.json', 'utf8');

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => await harness.close());

const problemsOf = (seed: unknown): readonly string[] => {
  try {
    parseSeed(JSON.stringify(seed));
    return [];
  } catch (error) {
    if (error instanceof SeedError) return error.problems;
    throw error;
  }
};

describe('the example seed', () => {
  it('makes images of their ages, with tags on their snapshots, the bad one marked', async () => {
    plant(harness.sandbox, parseSeed(EXAMPLE));
    const { Images = [] } = await harness.aws.ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
    const ages = Images.map(({ Name, CreationDate = '' }) => [
      Name,
      Math.round((harness.sandbox.clock.now() - Date.parse(CreationDate)) / DAY),
    ]);
    expect(ages).toEqual([
      ['shop-1.4.0', 40],
      ['shop-1.5.0', 1],
      ['shop-1.6.0', 0],
    ]);
    expect(Images.every(({ State }) => State === 'available')).toBe(true);
    expect(Images.at(-1)?.Tags).toContainEqual({ Key: 'sandbox:boot', Value: 'never-healthy' });
    const { Snapshots = [] } = await harness.aws.ec2.send(
      new DescribeSnapshotsCommand({ OwnerIds: ['self'] }),
    );
    expect(Snapshots).toHaveLength(3);
    expect(Snapshots[0]?.Tags).toContainEqual({ Key: 'immutable-deploy:branch', Value: 'main' });
  });

  it('has every instance in service and healthy when it is ready', async () => {
    expect(plant(harness.sandbox, parseSeed(EXAMPLE))).toEqual({ unsettled: [] });
    const { region } = overviewOf(
      { world: harness.sandbox.world, calls: [], callsSoFar: 0, faults: [] },
      REGION,
    );
    expect(region?.groups).toMatchObject([
      { name: 'staging', desired: 2, targets: {}, healthCheckType: 'EC2' },
      { name: 'production', desired: 6, max: 12, targets: { healthy: 6 }, healthCheckType: 'ELB' },
    ]);
    expect(region?.alarms).toMatchObject([{ name: 'shop-errors', state: 'OK' }]);
  });

  it('passes members of the AWS calls on, and names versions by number', async () => {
    plant(harness.sandbox, parseSeed(EXAMPLE));
    const { aws } = harness;
    const { AutoScalingGroups = [] } = await aws.autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['production'] }),
    );
    expect(AutoScalingGroups[0]).toMatchObject({
      DefaultInstanceWarmup: 60,
      LaunchTemplate: { LaunchTemplateName: 'shop', Version: '1' },
    });
    const { LaunchTemplateVersions = [] } = await aws.ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName: 'shop' }),
    );
    const { Parameter } = await aws.ssm.send(new GetParameterCommand({ Name: '/shop/ami' }));
    expect(LaunchTemplateVersions[0]?.LaunchTemplateData).toMatchObject({
      ImageId: Parameter?.Value,
      InstanceType: 't3.micro',
    });
  });

  it('leaves nothing in the log of calls, and gives the commits to GitHub', () => {
    plant(harness.sandbox, parseSeed(EXAMPLE));
    expect(harness.sandbox.aws.calls).toEqual([]);
    expect(harness.sandbox.github.compare('a1'.repeat(20), 'c3'.repeat(20)).status).toBe('ahead');
  });

  it('is there at the present time when the sandbox begins at its beginning', () => {
    const seed = parseSeed(EXAMPLE);
    const beginning = beginningOf(seed, START);
    const took = harness.sandbox.clock.now();
    plant(harness.sandbox, seed);
    expect(beginning + (harness.sandbox.clock.now() - took)).toBeLessThanOrEqual(START);
  });
});

describe('a seed', () => {
  it('may be YAML, and say nothing', () => {
    expect(parseSeed('region: eu-west-1\n')).toMatchObject({ region: 'eu-west-1', groups: [] });
  });

  it('is refused with all problems at once, and with what was probably meant', () => {
    expect(
      problemsOf({
        regoin: 'us-east-1',
        images: [{ name: 'a', bot: 'never-healthy', daysAgo: -1 }],
        launchTemplates: [{ name: 't', versions: [{ image: 'b', MetadataOptions: { HttpToken: 'x' } }] }],
        groups: [{ name: 'g', size: 2, launchTemplate: 'tt', MinSize: '0' }],
        parameters: [{ name: 'p' }],
        commits: ['abc'],
      }),
    ).toEqual([
      'images[0].daysAgo must not be negative, but is -1',
      'commits[0] must be a commit of 40 hexadecimal digits, but is "abc"',
      'regoin is not known (did you mean "region"?)',
      'images[0].bot is not known (did you mean "boot"?)',
      'launchTemplates[0].versions[0].MetadataOptions.HttpToken is not known (did you mean "HttpTokens"?)',
      'groups[0].MinSize must be a number',
      'launchTemplates[0].versions[0].image: there is no "b" among the images of us-east-1 (did you mean "a"?)',
      'groups[0].launchTemplate: there is no "tt" among the launchTemplates of us-east-1 (did you mean "t"?)',
      'parameters[0] needs a "value", or an "image" whose id is its value',
    ]);
  });

  it('is refused with a sentence for what is missing or there twice', () => {
    expect(problemsOf({ groups: [{ size: 1 }] })).toEqual(['groups[0].name is missing']);
    expect(problemsOf([])).toEqual(['It must be an object']);
    expect(
      problemsOf({ images: [{ name: 'a' }, { name: 'a' }, { name: 'a', region: 'eu-west-1' }] }),
    ).toEqual(['images[1]: there are two called "a" in us-east-1']);
  });

  it('names its entry when AWS refuses it', () => {
    const seed = parseSeed(JSON.stringify({ groups: [{ name: 'g', size: 1 }] }));
    expect(() => plant(harness.sandbox, seed)).toThrow(
      /^The seed's groups\[0\]: CreateAutoScalingGroup was refused with ValidationError: /,
    );
  });

  it('tells which groups do not come into service', () => {
    const seed = parseSeed(
      JSON.stringify({
        images: [{ name: 'bad', boot: 'never-healthy' }],
        launchTemplates: [{ name: 'bad', versions: [{ image: 'bad', InstanceType: 't3.micro' }] }],
        targetGroups: [{ name: 'bad' }],
        groups: [{ name: 'g', size: 1, launchTemplate: 'bad', targetGroups: ['bad'] }],
      }),
    );
    expect(plant(harness.sandbox, seed)).toEqual({ unsettled: ['g'] });
  });
});
