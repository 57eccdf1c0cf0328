import type { Handlers } from '../service.ts';
import { listenerHandlers } from './listeners.ts';
import { loadBalancerHandlers } from './load-balancers.ts';
import { ruleHandlers } from './rules.ts';
import { elbTagHandlers } from './tags.ts';
import { targetGroupHandlers } from './target-groups.ts';
import { targetHandlers } from './targets.ts';

/** Application and Network Load Balancers, API version 2015-12-01. */
export const elbv2Handlers: Handlers = {
  ...loadBalancerHandlers,
  ...listenerHandlers,
  ...ruleHandlers,
  ...targetGroupHandlers,
  ...targetHandlers,
  ...elbTagHandlers,
};
