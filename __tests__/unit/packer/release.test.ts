import { describe, expect, test } from '@jest/globals';
import { createMessage, generateKey, reformatKey, sign } from 'openpgp';
import { ConfigurationError } from '../../../src/errors.ts';
import { HASHICORP_PUBLIC_KEY } from '../../../src/packer/hashicorp-key.ts';
import { releaseFor, untilAborted, verifySignature } from '../../../src/packer/release.ts';
import { VENDOR_CHECKSUMS, VENDOR_SIGNATURE } from './vendor-signature.ts';

describe('the release for a machine', () => {
  test.each([
    ['linux', 'x64', 'linux', 'amd64'],
    ['linux', 'arm64', 'linux', 'arm64'],
    ['darwin', 'arm64', 'darwin', 'arm64'],
    ['win32', 'x64', 'windows', 'amd64'],
  ] as const)('%s on %s is %s_%s', (platform, nodeArch, os, arch) => {
    expect(releaseFor('1.14.2', platform, nodeArch)).toEqual({ version: '1.14.2', os, arch });
  });

  test.each([
    ['aix', 'x64'],
    ['linux', 's390x'],
  ] as const)('%s on %s has none, and the error says what to do', (platform, arch) => {
    expect(() => releaseFor('1.14.2', platform, arch)).toThrow(ConfigurationError);
    expect(() => releaseFor('1.14.2', platform, arch)).toThrow(/packer-version to system/);
  });
});

describe('signatures', () => {
  const lastYear = new Date(Date.now() - 365 * 24 * 3600 * 1000);
  const userIDs = [{ name: 'Test', email: 'test@example.com' }];
  const text = Buffer.from('checksums\n');

  // This fails when the key that we carry has expired (March 2030): then a newer edition is due.
  test("HashiCorp's own is accepted with the key that we carry, though the key was renewed since", async () => {
    await expect(
      verifySignature(Buffer.from(VENDOR_CHECKSUMS), VENDOR_SIGNATURE, HASHICORP_PUBLIC_KEY),
    ).resolves.toBeUndefined();
  });

  test("HashiCorp's own is refused when a single character of the list is changed", async () => {
    const changed = Buffer.from(VENDOR_CHECKSUMS.replace(/^./, (digit) => (digit === '0' ? '1' : '0')));
    await expect(verifySignature(changed, VENDOR_SIGNATURE, HASHICORP_PUBLIC_KEY)).rejects.toThrow(/digest/);
  });

  test('a good one of somebody else is refused', async () => {
    const { privateKey } = await generateKey({ userIDs, format: 'object' });
    const signature = await sign({
      message: await createMessage({ binary: text }),
      signingKeys: privateKey,
      detached: true,
      format: 'binary',
    });
    await expect(verifySignature(text, signature, HASHICORP_PUBLIC_KEY)).rejects.toThrow(
      /Could not find signing key/,
    );
  });

  test('one from before the renewal of the key is accepted, one by an expired key is not', async () => {
    const { privateKey } = await generateKey({
      userIDs,
      date: lastYear,
      keyExpirationTime: 3600,
      format: 'object',
    });
    const signature = await sign({
      message: await createMessage({ binary: text }),
      signingKeys: privateKey,
      date: new Date(lastYear.getTime() + 1000),
      detached: true,
      format: 'binary',
    });
    const renewed = await reformatKey({ privateKey, userIDs, format: 'armored' });
    await expect(verifySignature(text, signature, renewed.publicKey)).resolves.toBeUndefined();

    const expired = await reformatKey({
      privateKey,
      userIDs,
      date: new Date(lastYear.getTime() + 2000),
      keyExpirationTime: 3600,
      format: 'armored',
    });
    await expect(verifySignature(text, signature, expired.publicKey)).rejects.toThrow(/expired/);
  });

  test('a file that is no signature is refused', async () => {
    await expect(
      verifySignature(text, Buffer.from('<html>not found</html>'), HASHICORP_PUBLIC_KEY),
    ).rejects.toThrow();
    await expect(verifySignature(text, Buffer.alloc(0), HASHICORP_PUBLIC_KEY)).rejects.toThrow();
  });
});

describe('waiting until aborted', () => {
  test('gives the result of work that is faster', async () => {
    const { signal } = new AbortController();
    await expect(untilAborted(Promise.resolve(42), signal)).resolves.toBe(42);
    await expect(untilAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    await expect(untilAborted(Promise.resolve(42), undefined)).resolves.toBe(42);
  });

  test('rejects with the reason of the signal, and a late failure of the work disturbs nobody', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    let fail = (_error: Error) => {};
    const work = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    const waiting = untilAborted(work, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    fail(new Error('too late'));
    await expect(untilAborted(new Promise(() => {}), controller.signal)).rejects.toBe(reason);
  });
});
