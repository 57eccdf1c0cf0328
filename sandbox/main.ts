import { parseArgs } from 'node:util';
import { Sandbox } from './sandbox.ts';

/** `npm run sandbox -- --port 4599 --time-scale 60`: the local AWS, until it is interrupted. */
const { values } = parseArgs({
  options: { port: { type: 'string', default: '4599' }, 'time-scale': { type: 'string', default: '1' } },
});
const sandbox = await Sandbox.start({ port: Number(values.port), timeScale: Number(values['time-scale']) });
console.log(`AWS_ENDPOINT_URL=${sandbox.url}`);
console.log(`IMMUTABLE_DEPLOY_CLOCK=${sandbox.clock.variable}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sandbox.close());
