import { describe, expect, test } from '@jest/globals';
import { baseImageReference } from '../../../src/bake/base-image.ts';
import { refuseBadInputs } from '../../../src/bake/check.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { inputsOf } from '../../support/harness.ts';

const parsed = (given: Record<string, string>) => inputsOf('bake', { template: 'package.json', ...given });

describe('base-image', () => {
  test.each([
    ['ami-0123456789abcdef0', { by: 'id', imageId: 'ami-0123456789abcdef0' }],
    ['ssm:/aws/service/ami/image_id', { by: 'parameter', name: '/aws/service/ami/image_id' }],
    ['ssm:/shop/base:3', { by: 'parameter', name: '/shop/base:3' }],
    ['amazon:al2023-ami-2023.*-x86_64', { by: 'name', owner: 'amazon', pattern: 'al2023-ami-2023.*-x86_64' }],
    ['137112412989:a:b', { by: 'name', owner: '137112412989', pattern: 'a:b' }],
    ['self:base-*', { by: 'name', owner: 'self', pattern: 'base-*' }],
    ['application:octo/base', { by: 'application', application: 'octo/base' }],
  ])('%s is understood', (input, reference) => {
    expect(baseImageReference(parsed({ 'base-image': input }).baseImage ?? '')).toEqual(reference);
  });

  test.each(['ami-xyz', 'ssm:', 'al2023-*', '12345:al2023-*', 'application:', 'someone:al2023-*'])(
    '%s is refused',
    (input) => {
      expect(() => parsed({ 'base-image': input })).toThrow(
        /"base-image" must be an AMI id, ssm:<parameter>/,
      );
    },
  );
});

describe('delivery', () => {
  test.each([
    [{ 'copy-to-regions': 'ireland' }, /"copy-to-regions" must be a list of Regions/],
    [{ 'share-with': 'everybody' }, /"share-with" must be a list of 12-digit account ids and ARNs/],
    [{ 'share-with': 'all' }, /"share-with"/],
    [{ 'ssm-parameter': '/aws/service/ami' }, /"ssm-parameter" must be a parameter's name/],
    [{ 'deprecate-after-days': '0' }, /"deprecate-after-days" must be a whole number/],
    [{ 'deprecate-after-days': '3651' }, /"deprecate-after-days"/],
    [{ 'smoke-test-url': 'http://localhost/' }, /"smoke-test-url" must be a path, or an address with/],
    [{ 'smoke-test-subnet': 'default' }, /"smoke-test-subnet" must be a subnet's id/],
    [{ 'smoke-test-instance-type': 'big' }, /"smoke-test-instance-type" must be an instance type/],
  ])('inputs of a wrong form are refused: %o', (given, problem) => {
    expect(() => parsed(given)).toThrow(problem);
  });

  test('everything that is wrong is told at once', () => {
    const inputs = parsed({
      template: 'nowhere.pkr.hcl',
      tags: 'aws:x=1\nimmutable-deploy:keep=yes',
      'kms-key-ids': 'eu-west-1=alias/app',
      'share-snapshots': 'true',
      'smoke-test': 'ssm',
      'base-image': 'self:base',
      variables: 'source_ami=ami-1',
    });
    let problems: readonly string[] = [];
    try {
      refuseBadInputs(inputs, process.cwd(), 'us-east-1');
    } catch (error) {
      if (error instanceof ConfigurationError) problems = error.problems;
    }
    expect(problems).toHaveLength(7);
  });
});
