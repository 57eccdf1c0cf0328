import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { CallLog, type Next } from '../../../src/aws/call-log.ts';
import { clockFrom } from '../../../src/clock.ts';

/** What one call leaves in the log. */
async function logged(input: object): Promise<string> {
  const log = new CallLog(join(mkdtempSync(join(tmpdir(), 'calls-')), 'calls.jsonl'), clockFrom(undefined));
  const answer: Next = async () => ({ output: { $metadata: { requestId: 'r', attempts: 1 } } });
  let call: Next = answer;
  log.attach({
    middlewareStack: {
      add(middleware) {
        call = middleware(answer, { clientName: 'SSMClient', commandName: 'SendCommandCommand' });
      },
    },
  });
  await call({ input });
  return readFileSync(log.path, 'utf8');
}

test('a call is written with its input, and without what may be secret', async () => {
  const line = await logged({
    InstanceIds: ['i-1'],
    Parameters: { commands: ['login --password hunter2'], executionTimeout: ['600'] },
    UserData: 'aHVudGVyMg==',
  });
  expect(JSON.parse(line)).toMatchObject({
    operation: 'ssm:SendCommand',
    input: {
      InstanceIds: ['i-1'],
      Parameters: { commands: '(not logged)', executionTimeout: ['600'] },
      UserData: '(not logged)',
    },
  });
  expect(line).not.toContain('hunter2');
});
