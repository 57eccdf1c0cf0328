import { parseArgs } from 'node:util';
import { Sandbox, type SandboxOptions } from './sandbox.ts';

/** `npm run sandbox -- --port 4599 --time-scale 60`: the local AWS, until it is interrupted. */

const USAGE =
  'Usage: npm run sandbox -- [--port 4599 (0: any free one)] [--time-scale 1 (60: an hour is a minute; 0: time stands still until it is advanced)] [--limits (throttles like AWS)]';

try {
  const sandbox = await Sandbox.start(options());
  console.log(`AWS_ENDPOINT_URL=${sandbox.url}`);
  console.log(`IMMUTABLE_DEPLOY_CLOCK=${sandbox.clock.variable}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sandbox.close());
} catch (error) {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const reason = error instanceof Error ? error.message : String(error);
  console.error(inUse ? `${reason}. Choose another port, or 0 for a free one.` : reason);
  console.error(USAGE);
  process.exitCode = 1;
}

function options(): Required<Pick<SandboxOptions, 'port' | 'timeScale' | 'limits'>> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4599' },
      'time-scale': { type: 'string', default: '1' },
      limits: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  const timeScale = Number(values['time-scale']);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`--port ${values.port} is no port number.`);
  if (!(timeScale >= 0))
    throw new Error(`--time-scale ${values['time-scale']} must be 0 or a larger number.`);
  return { port, timeScale, limits: values.limits };
}
