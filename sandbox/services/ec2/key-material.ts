import { createHash, createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';

/** A key pair as EC2 makes it. The private key leaves with the answer and is kept nowhere. */
export interface KeyMaterial {
  privateKey: string;
  /** In OpenSSH's format, without a comment. */
  publicKey: string;
  fingerprint: string;
}

export function newKey(type: 'rsa' | 'ed25519'): KeyMaterial {
  return type === 'rsa' ? newRsaKey() : newEd25519Key();
}

/** The fingerprint of an RSA key that EC2 made is the SHA-1 of the private key's PKCS #8. */
function newRsaKey(): KeyMaterial {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const key = createPrivateKey(privateKey);
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  const blob = Buffer.concat([text('ssh-rsa'), integer(e), integer(n)]);
  const digest = createHash('sha1')
    .update(key.export({ type: 'pkcs8', format: 'der' }))
    .digest('hex');
  return {
    privateKey,
    publicKey: `ssh-rsa ${blob.toString('base64')}`,
    fingerprint: digest.replace(/..(?!$)/g, '$&:'),
  };
}

/** The fingerprint of an ED25519 key is the SHA-256 of its public blob, in base64 and without a prefix. */
function newEd25519Key(): KeyMaterial {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const [seed, point] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  const blob = Buffer.concat([text('ssh-ed25519'), field(point)]);
  return {
    privateKey: openSsh(blob, seed, point),
    publicKey: `ssh-ed25519 ${blob.toString('base64')}`,
    fingerprint: createHash('sha256').update(blob).digest('base64'),
  };
}

/** OpenSSH's own container without a passphrase (PROTOCOL.key): Node exports ED25519 keys only as PKCS #8. */
function openSsh(blob: Buffer, seed: Buffer, point: Buffer): string {
  const check = randomBytes(4);
  const content = Buffer.concat([check, check, blob, field(Buffer.concat([seed, point])), text('')]);
  const padding = Buffer.from(
    Array.from({ length: (8 - (content.length % 8)) % 8 }, (_, index) => index + 1),
  );
  const container = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    text('none'),
    text('none'),
    text(''),
    Buffer.from([0, 0, 0, 1]),
    field(blob),
    field(Buffer.concat([content, padding])),
  ]);
  const lines = container.toString('base64').replace(/.{70}/g, '$&\n');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function field(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

const text = (content: string) => field(Buffer.from(content));

/** A positive number: a leading zero byte keeps its first bit from being a sign. */
function integer(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url');
  return field((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}
