import type { Region } from '../engine/world.ts';
import { services } from './index.ts';

/**
 * Calls an operation as a client would, but without a request: nothing is logged, throttled, refused for want of a
 * permission or hit by a fault. Takes and returns the SDK's shapes; throws a `ServiceError` for what AWS refuses.
 * Where both generations of load balancers have an operation, the newer one is meant.
 */
export function callDirectly(region: Region, operation: string, input: object): object | undefined {
  const served = services.find(({ service, handlers }) => service.name !== 'elb' && handlers[operation]);
  const handler = served?.handlers[operation];
  if (!handler) throw new Error(`No service has the operation ${operation}.`);
  return handler(input, region, { accessKeyId: '' });
}
