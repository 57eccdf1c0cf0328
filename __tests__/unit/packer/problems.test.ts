import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { problemsIn } from '../../../src/packer/problems.ts';

/** Of Packer 1.6.6, which has lost the source by then. */
const OLD = `Error: Unsupported argument

  on sub/a.pkr.hcl line 2:
  (source code not available)

An argument named "nonsense" is not expected here.

Error: Failed preparing provisioner-block "file" ""

  on sub/a.pkr.hcl line 65:
  (source code not available)

1 error(s) occurred:

* Bad source 'shop.rpm': stat shop.rpm: no such file or directory

Error: Unknown source amazon-ebs.y

  on  line 0:
  (source code not available)

Known: map[]

`;

describe('the problems of a template', () => {
  test('have their places, as far as Packer knows them', () => {
    expect(problemsIn(OLD)).toEqual([
      {
        message: 'Unsupported argument\nAn argument named "nonsense" is not expected here.',
        file: 'sub/a.pkr.hcl',
        line: 2,
      },
      {
        message:
          'Failed preparing provisioner-block "file" ""\n1 error(s) occurred:\n' +
          "* Bad source 'shop.rpm': stat shop.rpm: no such file or directory",
        file: 'sub/a.pkr.hcl',
        line: 65,
      },
    ]);
  });

  test('are read from the form with the source as well', () => {
    const text = `Error: Unsupported argument

  on my images/app.pkr.hcl line 12, in source "amazon-ebs" "web":
  12:   nonsense = 1

An argument named "nonsense" is not expected here.
`;
    expect(problemsIn(text)).toEqual([
      {
        message: 'Unsupported argument\nAn argument named "nonsense" is not expected here.',
        file: 'my images/app.pkr.hcl',
        line: 12,
      },
    ]);
  });

  test('are none in any other text', () => {
    expect(problemsIn('Timeout waiting for SSH.')).toEqual([]);
    fc.assert(fc.property(fc.string(), (text) => problemsIn(text).length === 0));
  });
});
