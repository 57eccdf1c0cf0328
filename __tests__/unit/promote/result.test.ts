import { expect, test } from '@jest/globals';
import { type GroupStatus, overallStatus } from '../../../src/promote/result.ts';

const result = (status: GroupStatus) => ({
  group: 'web',
  status,
  launchTemplateId: 'lt-1',
  previousVersion: '1',
  previousImageId: 'ami-1',
  instances: 1,
  reason: '',
  imageAtFault: false,
  stages: [],
});

test.each<[GroupStatus[], string]>([
  [['promoted', 'promoted'], 'promoted'],
  [['promoted', 'already-there'], 'promoted'],
  [['already-there', 'already-there'], 'already-there'],
  [['promoted', 'rolled-back'], 'partial'],
  [['already-there', 'failed'], 'partial'],
  [['not-verified', 'failed'], 'partial'],
  [['promoted', 'not-verified'], 'not-verified'],
  [['rolled-back', 'failed'], 'failed'],
  [['rolled-back', 'unknown'], 'unknown'],
  [['planned', 'planned'], 'planned'],
])('%j together are %s', (statuses, overall) => expect(overallStatus(statuses.map(result))).toBe(overall));
