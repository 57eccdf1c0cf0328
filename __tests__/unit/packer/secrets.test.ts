import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openLogFile } from '../../../src/packer/log-file.ts';
import { masker, secretsIn } from '../../../src/packer/secrets.ts';

const facts = {
  requiredPlugins: undefined,
  jsonPlugins: [],
  sensitive: new Map([
    ['license', 'default-license'],
    ['pin', undefined],
  ]),
};

describe('secrets', () => {
  test('are the values of variables that the template calls sensitive, wherever they come from', () => {
    const { declared } = secretsIn(facts, {
      variables: { license: 'from-input', region: 'eu-west-1' },
      files: [new Map([['license', 'from-file']])],
      env: { PKR_VAR_license: 'from-env', license: 'no variable' },
    });
    expect(declared).toEqual(['from-input', 'from-file', 'from-env', 'default-license']);
  });

  test('are likely what is named like one', () => {
    const { declared, likely } = secretsIn(facts, {
      variables: { db_password: 'hunter22', region: 'eu-west-1' },
      files: [],
      env: { AWS_SECRET_ACCESS_KEY: 'wJalrXUt', AWS_WEB_IDENTITY_TOKEN_FILE: '/tmp/token', PATH: '/usr/bin' },
    });
    expect(likely).toEqual(['hunter22', 'wJalrXUt']);
    expect(declared).not.toContain('hunter22');
  });

  test('are not values that are too short to be any', () => {
    expect(secretsIn(facts, { variables: { pin: '1' }, files: [], env: { SECRETS: 'yes' } })).toEqual({
      declared: ['default-license'],
      likely: [],
    });
  });

  test('never come through, whole or line by line, also where one is part of another', () => {
    const secret = fc.stringMatching(/^[a-z0-9]{3,12}$/);
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1 }), fc.string(), (secrets, around) => {
        const masked = masker(secrets)(secrets.map((each) => `${around}${each}`).join(' '));
        for (const each of secrets)
          if (!around.includes(each)) expect(masked.split('***')).not.toContain(each);
      }),
    );
    expect(masker(['-----KEY\nabcdef\nEND-----'])('line: abcdef')).toBe('line: ***');
    expect(masker(['abc', 'abcdef'])('abcdef abc')).toBe('*** ***');
  });
});

test('the log file has each line with its time, without secrets, for this user alone', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'log-file-')), 'deep', 'packer.log');
  const file = openLogFile(path, masker(['hunter2']), () => Date.parse('2026-11-21T10:00:00Z'));
  file.write('one\ntwo hunter2');
  file.write('three');
  expect(readFileSync(path, 'utf8')).toBe(
    '2026-11-21T10:00:00.000Z one\n2026-11-21T10:00:00.000Z two ***\n2026-11-21T10:00:00.000Z three\n',
  );
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
});
