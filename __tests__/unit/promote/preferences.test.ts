import { describe, expect, test } from '@jest/globals';
import { preferencesFor } from '../../../src/promote/preferences.ts';
import { inputsOf } from '../../support/harness.ts';

const inputs = (given: Record<string, string> = {}) =>
  inputsOf('promote', { environment: 'dev', 'auto-scaling-groups': 'web', ...given });
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
