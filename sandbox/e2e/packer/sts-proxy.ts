import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { runChild } from '../child.ts';
import type { Tool } from '../tools.ts';

const HOSTS = ['sts.amazonaws.com', 'sts.us-east-1.amazonaws.com'];

export interface StsProxy {
  /** With these variables a program that knows only AWS's own address of STS reaches the local one. */
  env: Readonly<Record<string, string>>;
  /** The hosts that were asked for. */
  hosts: string[];
  close(): Promise<void>;
}

/** A proxy whose way to AWS's STS ends at the local AWS, with a certificate of its own for that. */
export async function startStsProxy(openssl: Tool, folder: string, endpoint: string): Promise<StsProxy> {
  const [key, cert] = [join(folder, 'sts.key'), join(folder, 'sts.pem')];
  const names = HOSTS.map((host) => `DNS:${host}`).join(',');
  const { exitCode, stderr } = await runChild(openssl.path, [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', `/CN=${HOSTS[0]}`],
    ...['-addext', `subjectAltName=${names}`, '-keyout', key, '-out', cert],
  ]);
  if (exitCode !== 0) throw new Error(`openssl made no certificate: ${stderr}`);

  const sts = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (asked, answer) => {
    const { method, headers, url } = asked;
    const forwarded = request(`${endpoint}${url}`, { method: method ?? 'POST', headers }, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(answer);
    });
    asked.pipe(forwarded);
  });
  const hosts: string[] = [];
  const stsPort = await listen(sts);
  const proxy = createServer((_request, response) => void response.writeHead(501).end());
  proxy.on('connect', (asked, client) => {
    const [host = ''] = asked.url?.split(':') ?? [];
    hosts.push(host);
    if (!HOSTS.includes(host)) return void client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const upstream = connect(stsPort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
  });
  const address = `http://127.0.0.1:${await listen(proxy)}`;
  return {
    env: { HTTPS_PROXY: address, NO_PROXY: '127.0.0.1', AWS_CA_BUNDLE: cert },
    hosts,
    async close() {
      for (const server of [proxy, sts]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

async function listen(server: ReturnType<typeof createServer | typeof createTlsServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}
