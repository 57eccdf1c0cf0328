import { describe, expect, test } from '@jest/globals';
import { type Difference, differences, judge, type Rule } from '../../../sandbox/e2e/moto/compare.ts';
import { Normaliser } from '../../../sandbox/e2e/moto/normalise.ts';
import { resolve } from '../../../sandbox/e2e/moto/step.ts';

const image = (digit: string, more: object = {}) => ({
  ImageId: `ami-${digit.repeat(17)}`,
  CreationDate: `2026-11-0${digit}T10:00:00.000Z`,
  ...more,
});

describe('answers of two services', () => {
  test('are the same when they differ in ids, times and the order of lists', () => {
    const [ours, theirs] = [new Normaliser(), new Normaliser()];
    const first = { Images: [image('1', { Name: 'a' }), image('2', { Name: 'b' })] };
    const second = { Images: [image('4', { Name: 'b' }), image('3', { Name: 'a' })] };
    expect(ours.normalise('images', first)).toEqual(theirs.normalise('images', second));
  });

  test('differ when an id is another one than before', () => {
    const [ours, theirs] = [new Normaliser(), new Normaliser()];
    for (const side of [ours, theirs]) {
      side.normalise('one', { ImageId: `ami-${'1'.repeat(17)}` });
      side.normalise('two', { ImageId: `ami-${'2'.repeat(17)}` });
    }
    const [one, two] = ['1', '2'].map((digit) => ({ Source: `arn:aws:ec2::image/ami-${digit.repeat(17)}` }));
    expect(ours.normalise('source', one)).not.toEqual(theirs.normalise('source', two));
  });

  test('an id keeps its name when one side says more around it', () => {
    const [ours, theirs] = [new Normaliser(), new Normaliser()];
    const SubnetId = `subnet-${'1'.repeat(17)}`;
    const { SubnetId: name } = Object(ours.normalise('subnets', { SubnetId }));
    const answer = { Arn: `arn:aws:ec2:::subnet/${SubnetId}`, Details: { SubnetId }, SubnetId };
    expect(theirs.normalise('subnets', answer)).toMatchObject({ SubnetId: name });
  });

  test('settings are not masked', () => {
    const answer = { CidrIp: '10.0.0.0/16', Version: '12345678', Name: 'web-2026', Address: '10.0.0.7' };
    expect(new Normaliser().normalise('settings', answer)).toEqual({ ...answer, Address: '<address>' });
  });
});

describe('the comparison', () => {
  test('names each member that differs, and what only one side has once', () => {
    const ours = { State: 'available', Tags: [{ Key: 'a', Value: '1' }], Ebs: { Size: 8, Type: 'gp3' } };
    const theirs = {
      State: 'pending',
      Tags: [
        { Key: 'b', Value: '2' },
        { Key: 'a', Value: '3' },
      ],
    };
    expect(differences(ours, theirs)).toEqual([
      { path: 'State', ours: 'available', theirs: 'pending' },
      { path: 'Tags[].Value', ours: '1', theirs: '3' },
      { path: 'Tags[]', ours: undefined, theirs: { Key: 'b', Value: '2' } },
      { path: 'Ebs', ours: { Size: 8, Type: 'gp3' }, theirs: undefined },
    ]);
  });

  const found: Difference = { call: 'ec2 A', step: 'a', path: 'Images[].State', ours: 'x', theirs: 'y' };
  const rule: Rule = { calls: ['ec2 A'], paths: ['Images[].State'], is: 'other value', because: 'it lies' };

  test('allows what a rule says', () => {
    expect(judge([found], [rule])).toEqual({ unexplained: [], stale: [] });
  });

  test.each([
    { name: 'another call', change: { calls: ['ec2 B'] } },
    { name: 'another member', change: { paths: ['Images[].Name'] } },
    { name: 'another kind of difference', change: { is: 'added by moto' as const } },
  ])('a rule about $name allows nothing, and is stale', ({ change }) => {
    const { unexplained, stale } = judge([found], [{ ...rule, ...change }]);
    expect(unexplained).toEqual([found]);
    expect(stale).toHaveLength(1);
  });

  test('each part of a rule has to occur', () => {
    const { stale } = judge([found], [{ ...rule, paths: ['Images[].*', 'Images[].Name'] }]);
    expect(stale).toEqual(['ec2 A Images[].Name other value (it lies)']);
  });
});

describe('the input of a step', () => {
  const answers = new Map([['run', { Instances: [{ InstanceId: 'i-1' }] }]]);

  test('has the values of earlier answers', () => {
    const input = { Ids: ['{run.Instances.0.InstanceId}'], Count: 1, DryRun: false };
    expect(resolve(input, answers)).toEqual({ Ids: ['i-1'], Count: 1, DryRun: false });
  });

  test('is unknown when such a value is', () => {
    expect(resolve({ Ids: ['{run.Instances.1.InstanceId}'] }, answers)).toBeUndefined();
  });
});
