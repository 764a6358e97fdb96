import { rmSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import { TlsFolder } from '@rookery/testkit';

import { TlsFileError, type TlsFiles } from '../src/security/tls-files.js';
import { TlsIdentity } from '../src/security/tls-identity.js';

let time: VirtualTime;
let folder: TlsFolder;
let told: string[];

beforeEach(() => {
  time = new VirtualTime();
  folder = new TlsFolder('provider');
  told = [];
});
afterEach(() => folder.remove());

const identityOf = (files: TlsFiles = folder.files): TlsIdentity =>
  new TlsIdentity({
    files,
    scheduler: time,
    onRenewed: () => told.push('renewed'),
    onRefused: ({ message }) => told.push(message.replace(/\/\S+\/|holds |does not /g, '')),
  });

const look = (): void => time.advance(2000);

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

describe('TLS files at the start', () => {
  it.each<[string, keyof TlsFiles, string, string]>([
    ['an authority of another format', 'caFile', 'garbage', 'holds no certificate in PEM'],
    ['no authority', 'caFile', '', 'holds no certificate in PEM'],
    ['an unreadable authority', 'caFile', CERTIFICATE, 'holds a certificate that cannot be read'],
    ['half a certificate', 'certFile', CERTIFICATE.slice(0, 40), 'is cut off'],
    ['an unreadable certificate', 'certFile', CERTIFICATE, 'holds a certificate that cannot be read'],
    ['no key', 'keyFile', '', 'holds no private key in PEM without a passphrase'],
    ['a certificate for a key', 'keyFile', CERTIFICATE, 'holds no private key in PEM without a passphrase'],
  ])('that hold %s are named', (_what, file, text, problem) => {
    folder.write(file, text);
    expect(() => identityOf()).toThrow(expect.objectContaining({ file, path: folder.files[file], problem }));
  });

  it.each(['caFile', 'certFile', 'keyFile'] as const)('that are missing are named: %s', (file) => {
    rmSync(folder.files[file]);
    const named = { file, path: folder.files[file], problem: 'cannot be read' };
    expect(() => identityOf()).toThrow(expect.objectContaining(named));
    expect(() => identityOf()).toThrow(TlsFileError);
  });

  it('that do not belong together are named', () => {
    folder.copy('keyFile', 'caller.key.pem');
    expect(() => identityOf()).toThrow(/^keyFile \S+key.pem does not belong to the certificate$/);
  });

  it('need no certificate on a client', () => {
    expect(identityOf({ caFile: folder.files.caFile }).material).toMatchObject({ cert: undefined, key: undefined });
  });

  it('tell when the certificate ends', () => {
    expect(identityOf().material.expiresAt).toBe(Date.UTC(2120, 0, 1));
  });
});

describe('TLS files that change', () => {
  it('are used once the whole pair is there', () => {
    const identity = identityOf();
    const before = identity.material;
    look();
    folder.copy('certFile', 'provider-renewed.pem');
    look();
    look();
    expect(told).toEqual(['keyFile key.pem belong to the certificate']);
    expect([identity.material, identity.isRefusing]).toEqual([before, true]);
    folder.copy('keyFile', 'provider-renewed.key.pem');
    look();
    expect(told.slice(1)).toEqual(['renewed']);
    expect(identity.material).not.toBe(before);
    expect(identity.isRefusing).toBe(false);
  });

  it('leave the old in use while one of them is broken or gone, and each reason is told once', () => {
    const identity = identityOf();
    const { material } = identity;
    folder.copy('caFile', 'other-authority.pem');
    for (const text of ['garbage', CERTIFICATE.slice(0, 40)]) {
      folder.write('certFile', text);
      look();
      look();
    }
    rmSync(folder.files.certFile);
    look();
    const reasons = ['no certificate in PEM', 'is cut off', 'cannot be read'];
    expect(told).toEqual(reasons.map((reason) => `certFile cert.pem ${reason}`));
    expect(identity.material).toBe(material);
    folder.copy('caFile', 'test-authority.pem');
    folder.give('provider');
    look();
    expect([identity.material, identity.isRefusing, told.length]).toEqual([material, false, 3]);
  });

  it('are told to those who follow, until they stop, and looked at no more after the end', () => {
    const identity = identityOf();
    const seen: number[] = [];
    const stop = identity.onChange(() => seen.push(1));
    identity.onChange(({ cert }) => seen.push(cert?.length ?? 0));
    folder.give('provider-renewed');
    look();
    stop();
    folder.give('provider');
    look();
    expect(seen).toEqual([1, expect.any(Number), expect.any(Number)]);
    identity.close();
    folder.give('provider-renewed');
    look();
    expect(told).toEqual(['renewed', 'renewed']);
  });
});
