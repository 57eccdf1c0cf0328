import { createServer, type IncomingMessage } from 'node:http';

interface Entry {
  key: string;
  version: string;
  content: Buffer | undefined;
  isFinal: boolean;
}

/** GitHub's cache service, version 2, and the storage behind it, on loopback. */
export interface CacheService {
  /** What the runner sets for actions. */
  env: Readonly<Record<string, string>>;
  /** Keys of the finished entries, oldest first. */
  keys(): string[];
  /** Spoils what an entry holds. */
  spoil(key: string): void;
  close(): Promise<void>;
}

const SERVICE = '/twirp/github.actions.results.api.v1.CacheService/';
const STORAGE = '/storage/cache/';

/**
 * Starts a service that is empty. As GitHub's, it never replaces an entry, finds an entry by its version (a hash of
 * the paths) and its exact key first, and then the newest one whose key begins with one of the keys for restoring.
 */
export async function startCacheService(): Promise<CacheService> {
  const entries: Entry[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const body = await bodyOf(request);
    if (path.startsWith(STORAGE)) {
      const entry = entries[Number(path.slice(STORAGE.length))];
      if (entry && request.method === 'PUT') {
        entry.content = body;
        response.writeHead(201, { etag: '"1"', 'last-modified': new Date().toUTCString() }).end();
      } else response.writeHead(entry?.content ? 200 : 404).end(entry?.content);
      return;
    }
    const isKnown = request.headers.authorization === 'Bearer runtime';
    const answer = isKnown ? call(path.slice(SERVICE.length), JSON.parse(body.toString())) : undefined;
    response
      .writeHead(answer ? 200 : 401, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer ?? { code: 'unauthenticated', msg: 'no token' }));
  });

  const call = (operation: string, { key, version, restore_keys: restoreKeys = [] }: Asked) => {
    const of = entries.filter((entry) => entry.version === version);
    const addressOf = (entry: Entry) => `${url}${STORAGE}${entries.indexOf(entry)}`;
    switch (operation) {
      case 'CreateCacheEntry': {
        if (of.some((entry) => entry.key === key)) return { ok: false };
        const entry = { key, version, content: undefined, isFinal: false };
        entries.push(entry);
        return { ok: true, signed_upload_url: addressOf(entry) };
      }
      case 'FinalizeCacheEntryUpload': {
        const entry = of.find((each) => each.key === key);
        if (entry) entry.isFinal = true;
        return { ok: entry !== undefined, entry_id: String(entry ? entries.indexOf(entry) : 0) };
      }
      case 'GetCacheEntryDownloadURL': {
        const final = of.filter(({ isFinal }) => isFinal);
        const found =
          final.find((entry) => entry.key === key) ??
          restoreKeys
            .map((prefix) => final.findLast((entry) => entry.key.startsWith(prefix)))
            .find((entry) => entry);
        if (!found) return { ok: false };
        return { ok: true, signed_download_url: addressOf(found), matched_key: found.key };
      }
      default:
        return undefined;
    }
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('The server has no port.');
  const url = `http://127.0.0.1:${address.port}`;
  return {
    env: { ACTIONS_CACHE_SERVICE_V2: 'true', ACTIONS_RESULTS_URL: url, ACTIONS_RUNTIME_TOKEN: 'runtime' },
    keys: () => entries.flatMap(({ key, isFinal }) => (isFinal ? [key] : [])),
    spoil(key) {
      const entry = entries.find((each) => each.key === key);
      if (entry) entry.content = Buffer.from('spoiled');
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The fields that the operations have in common, as they come over the wire. */
interface Asked {
  key: string;
  version: string;
  restore_keys?: string[];
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
