import type { Handlers } from '../service.ts';
import { classicInstanceHandlers } from './instances.ts';
import { classicLoadBalancerHandlers } from './load-balancers.ts';
import { classicSettingHandlers } from './settings.ts';

/** Classic Load Balancers, API version 2012-06-01. */
export const elbHandlers: Handlers = {
  ...classicLoadBalancerHandlers,
  ...classicInstanceHandlers,
  ...classicSettingHandlers,
};
