import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, test } from '@jest/globals';
import { ConfigurationError } from '../../../src/errors.ts';
import type { PromoteInputs } from '../../../src/inputs/schema.ts';
import {
  preferenceProblems,
  preferencesFor as preferencesForWanted,
  wantedPreferences,
} from '../../../src/promote/preferences.ts';
import { readPreferencesFile } from '../../../src/promote/preferences-file.ts';
import { inputsOf } from '../../support/harness.ts';

const inputs = (given: Record<string, string> = {}) =>
  inputsOf('promote', { environment: 'dev', 'auto-scaling-groups': 'web', ...given });
const preferencesFor = (given: PromoteInputs, of: AutoScalingGroup, targetGroups: TargetGroup[]) =>
  preferencesForWanted(wantedPreferences(given), of, targetGroups);
const group = {
  AutoScalingGroupName: 'web',
  MinSize: 0,
  MaxSize: 9,
  DesiredCapacity: 4,
  DefaultCooldown: 300,
  AvailabilityZones: [],
  HealthCheckType: 'ELB',
  HealthCheckGracePeriod: 60,
  CreatedTime: new Date(0),
};

describe('healthy percentages', () => {
  test.each([
    [0, 200],
    [1, 200],
    [2, 150],
    [9, 150],
    [10, 110],
    [100, 110],
  ])('%i instances: new ones first, up to %i %%', (DesiredCapacity, MaxHealthyPercentage) => {
    expect(preferencesFor(inputs(), { ...group, DesiredCapacity }, [])).toMatchObject({
      MinHealthyPercentage: 100,
      MaxHealthyPercentage,
    });
  });

  test('an instance maintenance policy of the group is left to AWS', () => {
    const preferences = preferencesFor(
      inputs(),
      { ...group, InstanceMaintenancePolicy: { MinHealthyPercentage: 90, MaxHealthyPercentage: 120 } },
      [],
    );
    expect(preferences).not.toHaveProperty('MinHealthyPercentage');
    expect(preferences).not.toHaveProperty('MaxHealthyPercentage');
  });

  test('inputs win', () => {
    const given = inputs({ 'min-healthy-percentage': '50' });
    const preferences = preferencesFor(
      given,
      { ...group, InstanceMaintenancePolicy: { MinHealthyPercentage: 90, MaxHealthyPercentage: 120 } },
      [],
    );
    expect(preferences.MinHealthyPercentage).toBe(50);
    expect(preferences).not.toHaveProperty('MaxHealthyPercentage');
  });
});

describe('warm-up', () => {
  const slow = { HealthCheckIntervalSeconds: 30, HealthyThresholdCount: 5, UnhealthyThresholdCount: 2 };

  test('is at least what the load balancer needs for its health checks', () => {
    expect(preferencesFor(inputs(), group, [slow]).InstanceWarmup).toBe(150);
  });

  test("is the group's when that is longer", () => {
    expect(preferencesFor(inputs(), { ...group, DefaultInstanceWarmup: 300 }, [slow]).InstanceWarmup).toBe(
      300,
    );
    expect(preferencesFor(inputs(), group, []).InstanceWarmup).toBe(60);
  });

  test('is the input when that is given', () => {
    expect(preferencesFor(inputs({ 'instance-warmup': '0' }), group, [slow]).InstanceWarmup).toBe(0);
  });
});

test('AWS rolls back by itself, and passes over what matches and what is in Standby', () => {
  expect(preferencesFor(inputs(), group, [])).toMatchObject({
    AutoRollback: true,
    SkipMatching: true,
    StandbyInstances: 'Ignore',
  });
});

describe('what the user wants', () => {
  test('every preference is an input', () => {
    const given = inputs({
      'min-healthy-percentage': '90',
      'max-healthy-percentage': '120',
      'instance-warmup': '30',
      'checkpoint-percentages': '20, 50, 100',
      'checkpoint-delay': '600',
      'bake-time': '120',
      'skip-matching': 'false',
      'auto-rollback': 'false',
      'standby-instances': 'Terminate',
      'scale-in-protected-instances': 'Refresh',
      alarms: 'errors, latency',
    });
    expect(preferencesFor(given, group, [])).toEqual({
      MinHealthyPercentage: 90,
      MaxHealthyPercentage: 120,
      InstanceWarmup: 30,
      CheckpointPercentages: [20, 50, 100],
      CheckpointDelay: 600,
      BakeTime: 120,
      SkipMatching: false,
      AutoRollback: false,
      StandbyInstances: 'Terminate',
      ScaleInProtectedInstances: 'Refresh',
      AlarmSpecification: { Alarms: ['errors', 'latency'] },
    });
  });

  test('what nobody gives is left to AWS', () => {
    expect(Object.keys(preferencesFor(inputs(), group, [])).toSorted()).toEqual([
      'AutoRollback',
      'InstanceWarmup',
      'MaxHealthyPercentage',
      'MinHealthyPercentage',
      'SkipMatching',
      'StandbyInstances',
    ]);
  });

  test('an input wins over the file, the file over our defaults', () => {
    const file = { InstanceWarmup: 10, BakeTime: 10, SkipMatching: false };
    const wanted = wantedPreferences(inputs({ 'bake-time': '20' }), file);
    expect(preferencesForWanted(wanted, group, [])).toMatchObject({
      InstanceWarmup: 10,
      BakeTime: 20,
      SkipMatching: false,
      AutoRollback: true,
    });
  });

  test('in an incident no alarm stands in the way, whoever named it', () => {
    const file = { AlarmSpecification: { Alarms: ['errors'] } };
    const wanted = wantedPreferences(inputs({ incident: 'true', alarms: 'latency' }), file);
    expect(wanted).not.toHaveProperty('AlarmSpecification');
  });

  test.each([
    [{ MaxHealthyPercentage: 150 }, /"max-healthy-percentage" needs "min-healthy-percentage"/],
    [{ MinHealthyPercentage: 50, MaxHealthyPercentage: 200 }, /may differ by 100 at most/],
    [{ CheckpointPercentages: [50, 20] }, /must ascend/],
    [{ CheckpointPercentages: [50, 50] }, /must ascend/],
    [{ CheckpointDelay: 60 }, /"checkpoint-delay" needs "checkpoint-percentages"/],
  ])('%j is refused before AWS does it', (wanted, sentence) => {
    expect(preferenceProblems(wanted)).toEqual([expect.stringMatching(sentence)]);
  });

  test('a percentage of the file fits one of the inputs', () => {
    const wanted = wantedPreferences(inputs({ 'max-healthy-percentage': '150' }), {
      MinHealthyPercentage: 90,
    });
    expect(preferenceProblems(wanted)).toEqual([]);
  });
});

describe('the preferences file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'immutable-deploy-'));
  const path = join(folder, 'preferences.json');
  const read = (content: unknown) => {
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return readPreferencesFile(path);
  };
  const problemsOf = (content: unknown): readonly string[] => {
    try {
      read(content);
    } catch (error) {
      if (error instanceof ConfigurationError) return error.problems;
      throw error;
    }
    return [];
  };

  test('is what --preferences takes', () => {
    expect(read({ InstanceWarmup: 60, MinHealthyPercentage: 50 })).toEqual({
      InstanceWarmup: 60,
      MinHealthyPercentage: 50,
    });
  });

  test('or the whole document of --cli-input-json', () => {
    expect(read({ AutoScalingGroupName: 'web', Strategy: 'Rolling', Preferences: { BakeTime: 60 } })).toEqual(
      {
        BakeTime: 60,
      },
    );
    expect(read({ AutoScalingGroupName: 'web' })).toEqual({});
  });

  test('all its problems come at once, with the member that they are about', () => {
    const problems = problemsOf({ MinHealthyPercentage: 101, SkipMatching: 'yes', Warmup: 1 });
    expect(problems).toHaveLength(3);
    expect(problems.join('\n')).toMatch(/: MinHealthyPercentage: .*: SkipMatching: .*: Warmup: /s);
  });

  test('cannot choose what is deployed', () => {
    const problems = problemsOf({ DesiredConfiguration: { LaunchTemplate: { Version: '7' } } });
    expect(problems).toEqual([expect.stringContaining('DesiredConfiguration: must not be given')]);
  });

  test('that is missing or no JSON is named', () => {
    expect(problemsOf('{')).toEqual([expect.stringContaining('cannot be read as JSON')]);
    expect(() => readPreferencesFile(join(folder, 'nope.json'))).toThrow(/nope\.json cannot be read/);
  });
});
