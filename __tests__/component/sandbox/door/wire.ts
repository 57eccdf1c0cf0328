import { request } from 'node:http';
import type { Sandbox } from '../../../../sandbox/sandbox.ts';

export interface WireAnswer {
  status: number;
  headers: Record<string, string | undefined>;
  body: string;
}

export interface WireRequest {
  method?: string;
  path?: string;
  /** Breaks the connection when no answer has come by then. */
  patienceMilliseconds?: number;
}

/** Sends bytes as they are, as no SDK would. */
export function post(
  sandbox: Sandbox,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
  { method = 'POST', path = '/', patienceMilliseconds = 5000 }: WireRequest = {},
): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(`${sandbox.url}`, {
      method,
      path,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(Buffer.byteLength(body)),
        connection: 'keep-alive',
        ...headers,
      },
      agent: false,
      timeout: patienceMilliseconds,
    });
    call.on('timeout', () => call.destroy(new Error(`No answer in ${patienceMilliseconds} ms.`)));
    call.on('error', reject);
    call.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, value?.toString()]),
          ),
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    call.end(body);
  });
}

/** The body of an EC2 request, or of another Query service by its version. */
export function query(
  action: string,
  parameters: Readonly<Record<string, string>> = {},
  version = '2016-11-15',
): string {
  return new URLSearchParams({ Action: action, Version: version, ...parameters }).toString();
}
