import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { cleanEnvironment } from '../child.ts';
import type { Tool } from '../tools.ts';

/** moto, the Python emulator of AWS, on a free port of loopback. */
export interface MotoServer {
  url: string;
  stop(): Promise<void>;
}

export async function startMoto(python: Tool): Promise<MotoServer> {
  const child = spawn(python.path, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: cleanEnvironment({}),
  });
  const closed = once(child, 'close');
  const end = () => void child.kill();
  process.once('exit', end);
  const stop = async () => {
    process.off('exit', end);
    end();
    await closed;
  };
  try {
    return { url: await announced(child.stderr), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Reads on after the announcement: moto logs every request, and would stop at a full pipe. */
async function announced(log: Readable): Promise<string> {
  const said: string[] = [];
  return await new Promise((found, failed) => {
    const lines = createInterface({ input: log });
    lines.on('line', (line) => {
      said.push(line);
      const url = /Running on (http:\S+)/.exec(line)?.[1];
      if (url !== undefined) found(url);
    });
    lines.once('close', () => failed(new Error(`moto did not start: ${said.join('\n')}`)));
  });
}
