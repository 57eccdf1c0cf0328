import { expect, test } from '@jest/globals';
import { differences } from '../../../src/promote/difference.ts';
import { ganttOf, Timeline } from '../../../src/promote/timeline.ts';

test('two versions are compared member by member', () => {
  const before = { ImageId: 'ami-1', MetadataOptions: { HttpTokens: 'required' }, Tags: [1], KeyName: 'old' };
  const after = { ImageId: 'ami-2', MetadataOptions: { HttpTokens: 'optional' }, Tags: [1, 2] };
  expect(differences(before, after)).toEqual([
    { member: 'ImageId', before: 'ami-1', after: 'ami-2' },
    { member: 'KeyName', before: 'old', after: '' },
    { member: 'MetadataOptions.HttpTokens', before: 'required', after: 'optional' },
    { member: 'Tags', before: '[1]', after: '[1,2]' },
  ]);
  expect(differences(before, { ...before })).toEqual([]);
});

test('user data is never shown', () => {
  const [difference] = differences({ UserData: 'c2VjcmV0' }, { UserData: 'b3RoZXI=' });
  expect(difference).toEqual({ member: 'UserData', before: '(not shown)', after: '(not shown)' });
});

test('the timeline is a mermaid chart with a section for each group', () => {
  const timeline = new Timeline();
  timeline.mark('Starting', 1000);
  timeline.mark('Starting', 3000);
  timeline.mark('Replacing instances', 4000);
  timeline.mark('Rolling back', 9000);
  timeline.end(12_000);
  expect(
    ganttOf([
      { group: 'shop: web', stages: timeline.stages },
      { group: 'idle', stages: [] },
    ]),
  ).toBe(
    [
      '```mermaid',
      'gantt',
      '  dateFormat x',
      '  axisFormat %H:%M',
      '  section shop  web',
      '  Starting :1000, 4000',
      '  Replacing instances :4000, 9000',
      '  Rolling back :crit, 9000, 12000',
      '```',
    ].join('\n'),
  );
  expect(ganttOf([])).toBe('');
});
