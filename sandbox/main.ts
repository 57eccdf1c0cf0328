import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Sandbox, type SandboxOptions } from './sandbox.ts';
import { parseSeed, SeedError } from './seed/parse.ts';
import { beginningOf, plant } from './seed/plant.ts';

/** `npm run sandbox -- --port 4599 --time-scale 60`: the local AWS, until it is interrupted. */

const USAGE =
  'Usage: npm run sandbox -- [--port 4599 (0: any free one)] [--time-scale 1 (60: an hour is a minute; 0: time stands still until it is advanced)] [--limits (throttles like AWS)] [--seed scene.json (what is there at the start)]';

try {
  const { seed, ...rest } = options();
  const sandbox = seed === undefined ? await Sandbox.start(rest) : await startWith(seed, rest);
  console.log(`AWS_ENDPOINT_URL=${sandbox.url}`);
  console.log(`IMMUTABLE_DEPLOY_CLOCK=${sandbox.clock.variable}`);
  console.log(`Page: ${sandbox.url}/_sandbox/`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sandbox.close());
} catch (error) {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const reason = error instanceof Error ? error.message : String(error);
  console.error(inUse ? `${reason}. Choose another port, or 0 for a free one.` : reason);
  if (!(error instanceof SeedError)) console.error(USAGE);
  process.exitCode = 1;
}

/** The sandbox begins in the past, so that the images of the seed have their ages now. */
async function startWith(path: string, options: SandboxOptions): Promise<Sandbox> {
  const seed = parseSeed(readFileSync(path, 'utf8'));
  const { limits = false, timeScale = 1, ...rest } = options;
  const sandbox = await Sandbox.start({ ...rest, timeScale: 0, now: beginningOf(seed, Date.now()) });
  try {
    const { unsettled } = plant(sandbox, seed);
    if (unsettled.length > 0)
      console.error(`Not in service, as the seed has it: ${unsettled.join(', ')}. The page shows why.`);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  sandbox.clock.set({ now: Date.now(), scale: timeScale });
  sandbox.aws.limits.enabled = limits;
  sandbox.beginHere();
  return sandbox;
}

function options(): SandboxOptions & { seed: string | undefined } {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4599' },
      'time-scale': { type: 'string', default: '1' },
      limits: { type: 'boolean', default: false },
      seed: { type: 'string' },
    },
  });
  const port = Number(values.port);
  const timeScale = Number(values['time-scale']);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`--port ${values.port} is no port number.`);
  if (!(timeScale >= 0))
    throw new Error(`--time-scale ${values['time-scale']} must be 0 or a larger number.`);
  return { port, timeScale, limits: values.limits, seed: values.seed };
}
