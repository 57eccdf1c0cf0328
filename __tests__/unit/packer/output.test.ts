import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DeploymentError } from '../../../src/errors.ts';
import {
  type BuiltImage,
  imagesByRegion,
  PackerOutput,
  parsePackerLine,
} from '../../../src/packer/output.ts';
import {
  AMAZON_BUILD,
  COMMA_IN_BUILD_NAME,
  FAILED_SCRIPT,
  PROVISIONED_BUILD,
  SEVERAL_BUILDS,
  SSH_TIMEOUT,
  UNSET_VARIABLE,
} from './captured.ts';

function outputOf(lines: readonly string[]): PackerOutput {
  const output = new PackerOutput();
  for (const line of lines) output.read(line);
  return output;
}

function textOf(lines: readonly string[]): (string | undefined)[] {
  const output = new PackerOutput();
  return lines.map((line) => output.read(line).text).filter((text) => text !== undefined);
}

describe('one line of machine-readable output', () => {
  test('a message has its commas and line ends back', () => {
    const line = String.raw`1795261434,,ui,say,\n==> web: No volumes%!(PACKER_COMMA) skipping\r\n`;
    expect(parsePackerLine(line)).toEqual({
      kind: 'ui',
      level: 'say',
      text: '\n==> web: No volumes, skipping\r\n',
    });
  });

  test.each(['say', 'message', 'error'])('a message of level %s keeps its level', (level) => {
    expect(parsePackerLine(`1795261434,,ui,${level},text`)).toEqual({ kind: 'ui', level, text: 'text' });
  });

  test('an artifact names an AMI for each Region', () => {
    const line = '1,amazon-ebs.web,artifact,0,id,eu-west-1:ami-1a%!(PACKER_COMMA)us-gov-west-1:ami-2b';
    expect(parsePackerLine(line)).toEqual({
      kind: 'artifact',
      images: [
        { build: 'amazon-ebs.web', region: 'eu-west-1', amiId: 'ami-1a' },
        { build: 'amazon-ebs.web', region: 'us-gov-west-1', amiId: 'ami-2b' },
      ],
    });
  });

  test('the AMI of a build with a comma in its name is not lost', () => {
    expect(parsePackerLine('1,web, blue,artifact,0,id,eu-west-1:ami-1a')).toEqual({
      kind: 'artifact',
      images: [{ build: 'web, blue', region: 'eu-west-1', amiId: 'ami-1a' }],
    });
  });

  test.each(['Null', 'eu-west-1:vol-1', 'packer.tar', ''])('the artifact %p is no AMI', (id) => {
    expect(parsePackerLine(`1,build,artifact,0,id,${id}`)).toEqual({ kind: 'other' });
  });

  test('only the id of an artifact counts, not what is printed about it', () => {
    const line = '1,build,artifact,0,string,eu-west-1:ami-1a';
    expect(parsePackerLine(line)).toEqual({ kind: 'other' });
  });

  test('the error of a build names the build', () => {
    expect(parsePackerLine('1,amazon-ebs.web,error,no%!(PACKER_COMMA) sorry')).toEqual({
      kind: 'error',
      build: 'amazon-ebs.web',
      text: 'no, sorry',
    });
  });

  test.each(['1,,error-count,1', '1,,version,1.6.6', '1,,version-prelease,', '1,web,artifact-count,2'])(
    '%p is a record of no interest',
    (line) => {
      expect(parsePackerLine(line)).toEqual({ kind: 'other' });
    },
  );

  test.each(['', 'panic: runtime error', 'goroutine 1, [running]:', '2026/11/21 10:00:00 [INFO] Packer'])(
    '%p is no record',
    (line) => {
      expect(parsePackerLine(line)).toBeUndefined();
    },
  );

  test('any text without a backslash survives the way through Packer', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('say', 'message', 'error'),
        (text, level) => {
          fc.pre(!text.includes('\\') && !text.includes('%!(PACKER_COMMA)'));
          const written = text
            .replaceAll(',', '%!(PACKER_COMMA)')
            .replaceAll('\r', '\\r')
            .replaceAll('\n', '\\n');
          expect(parsePackerLine(`1795261434,,ui,${level},${written}`)).toEqual({ kind: 'ui', level, text });
        },
      ),
    );
  });
});

describe('the output of a build', () => {
  test('reads like Packer without -machine-readable', () => {
    const text = textOf(AMAZON_BUILD);
    expect(text.slice(0, 2)).toEqual([
      '==> amazon-ebs.web: Prevalidating AMI Name: web-1795261434',
      '    amazon-ebs.web: Found Image ID: ami-03cf127a',
    ]);
    expect(text.slice(-2)).toEqual([
      '==> Builds finished. The artifacts of successful builds are:',
      '--> amazon-ebs.web: AMIs were created:\neu-west-1: ami-3fa4514990d8c83d9\nus-east-1: ami-42be7fc1acb7634b2',
    ]);
    expect(text.join('\n')).not.toMatch(/1795261434,|PACKER_COMMA|artifact-count/);
  });

  test('gives the AMIs of all Regions in the order of the artifact', () => {
    expect(outputOf(AMAZON_BUILD).images).toEqual([
      { build: 'amazon-ebs.web', region: 'eu-west-1', amiId: 'ami-3fa4514990d8c83d9' },
      { build: 'amazon-ebs.web', region: 'us-east-1', amiId: 'ami-42be7fc1acb7634b2' },
    ]);
  });

  test('an AMI that a post-processor hands on is reported once', () => {
    const output = new PackerOutput();
    expect(output.read('1,web,artifact,0,id,eu-west-1:ami-1').images).toHaveLength(1);
    expect(output.read('1,web,artifact,1,id,eu-west-1:ami-1%!(PACKER_COMMA)us-east-1:ami-2').images).toEqual([
      { build: 'web', region: 'us-east-1', amiId: 'ami-2' },
    ]);
  });

  test('an AMI of a build with a post-processor is one', () => {
    expect(outputOf(PROVISIONED_BUILD).images).toEqual([
      { build: 'amazon-ebs.shop', region: 'us-east-1', amiId: 'ami-08977e93646524825' },
    ]);
  });

  test('the temporary resources of builds side by side are all told', () => {
    const kinds = outputOf(SEVERAL_BUILDS).resources.map(({ build, kind }) => `${build} ${kind}`);
    for (const build of ['amazon-ebs.blue', 'amazon-ebs.green'])
      expect(kinds).toEqual(
        expect.arrayContaining([`${build} instance`, `${build} key-pair`, `${build} security-group`]),
      );
  });

  test('a build without an AMI has none', () => {
    expect(outputOf(COMMA_IN_BUILD_NAME).images).toEqual([]);
    expect(textOf(COMMA_IN_BUILD_NAME)).toEqual(['    web, one: hi you']);
  });

  test('a line that is no record is shown as it is', () => {
    expect(textOf(['panic: boom'])).toEqual(['panic: boom']);
  });
});

describe('temporary resources', () => {
  test('are known from the words of the Amazon builder', () => {
    const build = 'amazon-ebs.web';
    expect(outputOf(AMAZON_BUILD).resources).toEqual([
      { kind: 'key-pair', build, id: 'packer_6b0183fa-5a25-8b34-eb8b-0e733d1f609b' },
      { kind: 'security-group', build, id: 'packer_6b0183fa-3b6a-571b-b657-77048f8dd44a' },
      { kind: 'instance', build, id: 'i-fa41aa06d1ebd019f' },
      { kind: 'image-name', build, id: 'web-1795261434' },
      { kind: 'image', build, id: 'ami-3fa4514990d8c83d9' },
    ]);
  });

  // The sentences of plugin 1.8, where every message has the arrow.
  test.each([
    ['instance', 'Instance ID: i-0abc', 'i-0abc'],
    ['instance-profile', 'Creating temporary instance profile for this instance: packer-1', 'packer-1'],
    ['role', 'Creating temporary role for this instance: packer-1', 'packer-1'],
    ['launch-template', 'Created Spot Fleet launch template: lt-0abc', 'lt-0abc'],
    ['image-name', 'Creating AMI my web (blue) from instance i-0abc', 'my web (blue)'],
  ])('%s', (kind, sentence, id) => {
    const { resources } = new PackerOutput().read(`1,,ui,say,==> amazon-ebs.web: ${sentence}`);
    expect(resources).toEqual([{ kind, build: 'amazon-ebs.web', id }]);
  });

  test('are told once', () => {
    const output = new PackerOutput();
    const line = '1,,ui,message,    web: Instance ID: i-0abc';
    expect(output.read(line).resources).toHaveLength(1);
    expect(output.read(line).resources).toEqual([]);
  });

  test('are neither the base image nor a sentence inside of other output', () => {
    expect(outputOf(AMAZON_BUILD).resources.map(({ id }) => id)).not.toContain('ami-03cf127a');
    expect(outputOf(['1,,ui,message,    web: see Instance ID: i-0abc'])).toHaveProperty('resources', []);
    expect(outputOf(['1,,ui,message,Instance ID: i-0abc'])).toHaveProperty('resources', []);
  });
});

describe('error lines', () => {
  test('are what Packer said, each thing once and without its summary', () => {
    expect(outputOf(SSH_TIMEOUT).errorLines).toEqual([
      '==> amazon-ebs.web: Timeout waiting for SSH.',
      "Build 'amazon-ebs.web' errored after 4 seconds 243 milliseconds: Timeout waiting for SSH.",
    ]);
  });

  test('include what a provisioner wrote to standard error', () => {
    expect(outputOf(FAILED_SCRIPT).errorLines[0]).toBe(
      '==> null.first: E: Unable to locate package nginx, sorry',
    );
  });

  test('of a template are split into lines', () => {
    expect(outputOf(UNSET_VARIABLE).errorLines).toEqual([
      'Error: Unset variable "region"',
      'A used variable must be set or have a default value; see',
      'https://packer.io/docs/configuration/from-1.5/syntax for details.',
    ]);
  });

  test('keep the error that only the record of the build has', () => {
    expect(outputOf(['1,web,error,out of luck']).errorLines).toEqual(['out of luck']);
  });

  test('are the last eight', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `1,,ui,error,line ${index + 100}`);
    expect(outputOf(lines).errorLines).toEqual(
      [192, 193, 194, 195, 196, 197, 198, 199].map((n) => `line ${n}`),
    );
  });

  test('are the plain lines of a crash when there is no other error', () => {
    expect(outputOf(['1,,ui,say,hello', 'panic: boom', 'goroutine 1']).errorLines).toEqual([
      'panic: boom',
      'goroutine 1',
    ]);
  });
});

describe('the AMI of each Region', () => {
  const image = (overrides: Partial<BuiltImage> = {}): BuiltImage => ({
    build: 'amazon-ebs.web',
    region: 'eu-west-1',
    amiId: 'ami-1',
    ...overrides,
  });

  test('is in the order of the build', () => {
    const images = [image({ region: 'us-east-1', amiId: 'ami-2' }), image()];
    expect([...imagesByRegion(images)]).toEqual([
      ['us-east-1', 'ami-2'],
      ['eu-west-1', 'ami-1'],
    ]);
  });

  test('does not exist without an AMI', () => {
    expect(() => imagesByRegion([])).toThrow(DeploymentError);
    expect(() => imagesByRegion([])).toThrow(/no AMI.*`only`/s);
  });

  test('has every id where several builds made one, as a promotion takes them', () => {
    const images = [
      image(),
      image({ region: 'us-east-1', amiId: 'ami-3' }),
      image({ build: 'amazon-ebs.arm', amiId: 'ami-2' }),
    ];
    expect([...imagesByRegion(images)]).toEqual([
      ['eu-west-1', 'ami-1,ami-2'],
      ['us-east-1', 'ami-3'],
    ]);
  });
});
