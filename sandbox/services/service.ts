import type { Region } from '../engine/world.ts';

/** Who calls, as far as an operation has to know. */
export interface Caller {
  /** Of the request's signature; empty when it is not signed. */
  accessKeyId: string;
}

/**
 * An operation: takes the decoded input, changes the Region's state and returns the output, both in the shapes of
 * the SDK. Throws `ServiceError` for what AWS refuses.
 */
// biome-ignore lint/suspicious/noExplicitAny: inputs are decoded by the operation's own schema; each handler names its SDK type
export type Handler = (input: any, region: Region, caller: Caller) => object | undefined;

/** By the operations' names. */
export type Handlers = Readonly<Record<string, Handler>>;
