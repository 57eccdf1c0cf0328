import type { ServiceError } from '../protocol/error.ts';

export interface PageRequest {
  /** The token of the page before this one. */
  token: string | undefined;
  /** Items a page; absent: `otherwise`. */
  size: number | undefined;
  otherwise: number;
  /** What the request asked for besides its page: a token is bound to it. */
  query: unknown;
  badToken(token: string): ServiceError;
}

/** One page of a list that has a fixed order, and the token for the next one when there is more. */
export function page<T>(items: readonly T[], request: PageRequest): { items: T[]; nextToken?: string } {
  const question = fingerprint(request.query);
  const start = request.token === undefined ? 0 : startOf(request.token, question, request.badToken);
  const end = start + (request.size ?? request.otherwise);
  const content = items.slice(start, end);
  if (end >= items.length) return { items: content };
  return {
    items: content,
    nextToken: Buffer.from(JSON.stringify({ start: end, question })).toString('base64'),
  };
}

function startOf(token: string, question: string, badToken: PageRequest['badToken']): number {
  try {
    const content = JSON.parse(Buffer.from(token, 'base64').toString());
    if (typeof content.start === 'number' && content.question === question) return content.start;
  } catch {
    // Not a token of ours: refused below.
  }
  throw badToken(token);
}

function fingerprint(query: unknown): string {
  let hash = 5381;
  for (const character of JSON.stringify(query) ?? '') hash = (hash * 33 + character.charCodeAt(0)) | 0;
  return hash.toString(36);
}
