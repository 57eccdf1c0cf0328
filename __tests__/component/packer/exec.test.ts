import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createProcessRunner, type ProcessRunnerOptions } from '../../../src/packer/exec.ts';
import type { RunOptions } from '../../../src/process.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packer-exec-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs a small program in Node and collects its lines. */
function start(program: string, options: Partial<RunOptions> = {}, runner: ProcessRunnerOptions = {}) {
  const lines: string[] = [];
  const onLine = (line: string, stream: string) => void lines.push(`${stream}: ${line}`);
  const ended = createProcessRunner(runner).run(process.execPath, ['-e', program], {
    cwd: folder,
    env: {},
    onLine,
    ...options,
  });
  return { ended, lines };
}

describe('a program', () => {
  test('delivers complete lines of both streams, however they are cut', async () => {
    const { ended, lines } = start(`
      const parts = ['one\\ntw', 'o\\r\\n', '\\n', Buffer.from([0xc3]), Buffer.from([0xa9]), '\\u2028!\\nlast'];
      const next = () => { const part = parts.shift(); if (part) process.stdout.write(part, () => setTimeout(next, 20)); };
      next();
      process.stderr.write('trouble\\n');
    `);
    await expect(ended).resolves.toBe(0);
    expect(lines.filter((line) => line.startsWith('stdout'))).toEqual([
      'stdout: one',
      'stdout: two',
      'stdout: ',
      'stdout: é\u2028!',
      'stdout: last',
    ]);
    expect(lines).toContain('stderr: trouble');
  });

  test('delivers a line while it still runs', async () => {
    const controller = new AbortController();
    const reason = new Error('seen');
    const { ended } = start(`console.log('hello'); setInterval(() => {}, 1000)`, {
      signal: controller.signal,
      onLine: () => controller.abort(reason),
    });
    await expect(ended).rejects.toBe(reason);
  });

  test('has exactly the given environment and folder, and nothing to read', async () => {
    const { ended, lines } = start(
      `console.log(JSON.stringify([process.env, process.cwd(), require('node:fs').readFileSync(0, 'utf8')]))`,
      { env: { ONLY: 'this' } },
    );
    await ended;
    const [env, cwd, input] = JSON.parse(lines[0]?.slice('stdout: '.length) ?? '');
    // macOS adds one of its own.
    expect(env).toEqual({ ONLY: 'this', ...('__CF_USER_TEXT_ENCODING' in env ? env : {}) });
    expect(cwd.endsWith(folder)).toBe(true);
    expect(input).toBe('');
  });

  test('gets its arguments untouched', async () => {
    const lines: string[] = [];
    const args = ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', 'a b', '"', '$HOME', '*'];
    await createProcessRunner().run(process.execPath, args, {
      cwd: folder,
      env: {},
      onLine: (line) => void lines.push(line),
    });
    expect(lines).toEqual([JSON.stringify(['a b', '"', '$HOME', '*'])]);
  });

  test('gives its exit code, whatever that is', async () => {
    await expect(start('process.exit(3)').ended).resolves.toBe(3);
  });

  test('that a signal ended gives 128 and the number of the signal', async () => {
    await expect(start(`process.kill(process.pid, 'SIGKILL')`).ended).resolves.toBe(137);
  });

  test('that does not exist is an error', async () => {
    const run = createProcessRunner().run(join(folder, 'missing'), [], { cwd: folder, env: {} });
    await expect(run).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('has ended even when something that it started keeps its output open', async () => {
    const { ended, lines } = start(
      `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20000)'], {
        detached: true, stdio: 'inherit' });
       child.unref();
       console.log(child.pid);`,
      {},
      { drainMs: 100 },
    );
    const before = Date.now();
    await expect(ended).resolves.toBe(0);
    expect(Date.now() - before).toBeLessThan(10_000);
    process.kill(Number(lines[0]?.slice('stdout: '.length)), 'SIGKILL');
  });
});

describe('a cancel', () => {
  test('that came before the start starts nothing', async () => {
    const reason = new Error('cancelled');
    const { ended, lines } = start(`console.log('started')`, { signal: AbortSignal.abort(reason) });
    await expect(ended).rejects.toBe(reason);
    await sleep(200);
    expect(lines).toEqual([]);
  });

  test('lets the program clean up, and what it says then is heard', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const lines: string[] = [];
    const { ended } = start(
      `process.on('SIGTERM', () => setTimeout(() => { console.log('cleaned up'); process.exit(1); }, 100));
       setInterval(() => {}, 1000);
       console.log('ready');`,
      {
        signal: controller.signal,
        onLine: (line) => {
          lines.push(line);
          if (line === 'ready') controller.abort(reason);
        },
      },
    );
    await expect(ended).rejects.toBe(reason);
    expect(lines).toEqual(['ready', 'cleaned up']);
  });

  test('kills a program that will not end, and what it started, after the grace period', async () => {
    const controller = new AbortController();
    const alive = join(folder, 'alive');
    // A grandchild that writes down that it lives, and a child that does not listen.
    const grandchild = `setInterval(() => require('node:fs').appendFileSync(${JSON.stringify(alive)}, '.'), 20)`;
    const { ended } = start(
      `process.on('SIGTERM', () => console.log('no'));
       require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' });
       setInterval(() => require('node:fs').existsSync(${JSON.stringify(alive)}) && console.log('ready'), 20)`,
      {
        signal: controller.signal,
        onLine: (line) => line === 'ready' && controller.abort(new Error('cancelled')),
      },
      { graceMs: 300 },
    );
    const before = Date.now();
    await expect(ended).rejects.toThrow('cancelled');
    expect(Date.now() - before).toBeGreaterThanOrEqual(300);
    const marks = (await readFile(alive)).length;
    await sleep(300);
    expect((await readFile(alive)).length).toBe(marks);
  });

  test('also ends what a program that obeyed has left behind', async () => {
    const controller = new AbortController();
    const alive = join(folder, 'alive');
    const grandchild = `setInterval(() => require('node:fs').appendFileSync(${JSON.stringify(alive)}, '.'), 20)`;
    const { ended } = start(
      `process.on('SIGTERM', () => process.exit(1));
       require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'ignore' });
       setInterval(() => require('node:fs').existsSync(${JSON.stringify(alive)}) && console.log('ready'), 20)`,
      {
        signal: controller.signal,
        onLine: (line) => line === 'ready' && controller.abort(new Error('cancelled')),
      },
    );
    await expect(ended).rejects.toThrow('cancelled');
    const marks = (await readFile(alive)).length;
    await sleep(300);
    expect((await readFile(alive)).length).toBe(marks);
  });

  test('leaves nothing behind on the signal of a program that ended by itself', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const counted = new Proxy(signal, {
      get: (target, property) => {
        if (property === 'addEventListener') listeners++;
        if (property === 'removeEventListener') listeners--;
        const value = Reflect.get(target, property);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    await start('', { signal: counted }).ended;
    expect(listeners).toBe(0);
  });
});

test('a listener that throws ends the program with that error', async () => {
  const error = new Error('disk full');
  const { ended } = start(`console.log('one'); setInterval(() => {}, 1000)`, {
    onLine: () => {
      throw error;
    },
  });
  await expect(ended).rejects.toBe(error);
});
