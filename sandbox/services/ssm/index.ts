import type { Handlers } from '../service.ts';
import { commandHandlers } from './commands.ts';
import { parameterListHandlers } from './lists.ts';
import { parameterHandlers } from './parameters.ts';
import { ssmTagHandlers } from './tags.ts';

/** Systems Manager: Parameter Store, and commands on instances. */
export const ssmHandlers: Handlers = {
  ...parameterHandlers,
  ...parameterListHandlers,
  ...ssmTagHandlers,
  ...commandHandlers,
};
