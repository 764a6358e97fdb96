import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createConnection, createServer as createPlainServer, type Socket } from 'node:net';
import { createServer } from 'node:tls';

import { afterEach, describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import { certificateFile, HeldResolver, TlsFolder } from '@rookery/testkit';

import type { RpcClient } from '../src/client/rpc-client.js';
import { TlsIdentity } from '../src/security/tls-identity.js';
import { TlsChannelCredentials } from '../src/security/tls-credentials.js';
import { serverCredentials } from '../src/security/server-credentials.js';
import { change, failureOf, type Provider, request, response, SERVICE, Stage, WAYS } from './provider.js';
import { RecordingObserver } from './recording-observer.js';

const stage = new Stage();
let closing: (() => unknown)[] = [];
afterEach(async () => {
  await stage.close();
  for (const close of closing) close();
  closing = [];
});

interface Owner {
  readonly folder: TlsFolder;
  readonly identity: TlsIdentity;
  look(): void;
}

/** A process that has this certificate, and looks at its files when the test says so. */
function owner(name: string): Owner {
  const time = new VirtualTime();
  const folder = new TlsFolder(name);
  const identity = new TlsIdentity({ files: folder.files, scheduler: time });
  closing.push(() => identity.close());
  closing.push(() => folder.remove());
  return { folder, identity, look: () => time.advance(2000) };
}

function served({ identity }: Owner, id = 'p1'): Promise<Provider> {
  return stage.provider(id, { unaryCall: () => response }, { security: { tls: identity, requiresClientCertificate: true } }); // prettier-ignore
}

/** How to reach a provider past the proxy, since that one cuts more than TLS does. */
const at = ({ port }: Provider, host: string) => ({ endpoints: { grpc: { host, port, isSecure: true } } });

function calling({ identity }: Owner, resolver: HeldResolver, observer = new RecordingObserver()): RpcClient {
  return stage.caller(resolver, { observer, security: { tls: identity, isPlaintextAllowed: false } });
}

const BOTH_AUTHORITIES = ['test-authority.pem', 'other-authority.pem']
  .map((name) => readFileSync(certificateFile(name), 'utf8'))
  .join('');

describe.each(WAYS)('calls by %s', (_way, capabilities) => {
  it('find no moment at which a certificate in renewal is not served, and keep their connection', async () => {
    const [provider, caller] = [owner('provider'), owner('caller')];
    const server = await served(provider);
    const observer = new RecordingObserver();
    const instance = server.instance({ capabilities, ...at(server, '127.0.0.1') });
    const resolver = new HeldResolver([instance]);
    const channel = calling(caller, resolver, observer).channel(SERVICE);
    const ask = () => channel.unary(change, request);
    const fresh = () => calling(caller, resolver).channel(SERVICE).unary(change, request);
    const both = async () => void (await Promise.all([ask(), fresh()]));
    await both();
    const steps = [
      () => provider.folder.copy('certFile', 'provider-renewed.pem'),
      () => provider.folder.copy('keyFile', 'provider-renewed.key.pem'),
      () => provider.folder.write('keyFile', ''),
      () => provider.folder.give('provider'),
      () => caller.folder.write('caFile', BOTH_AUTHORITIES),
      () => provider.folder.write('caFile', BOTH_AUTHORITIES),
      () => provider.folder.give('stranger'),
      () => caller.folder.give('stranger'),
      () => provider.folder.copy('caFile', 'other-authority.pem'),
      () => caller.folder.copy('caFile', 'other-authority.pem'),
    ];
    for (const step of steps) {
      step();
      provider.look();
      caller.look();
      await both();
    }
    const refusing = owner('provider');
    refusing.folder.give('caller');
    await expect(calling(refusing, resolver).channel(SERVICE).unary(change, request, { timeoutMs: 10_000 })).rejects.toMatchObject({ kind: 'unavailable' }); // prettier-ignore
    expect(observer.connections).toEqual(['p1 ready']);
  });

  it('trust a certificate only for the name or address that is called', async () => {
    const server = await served(owner('provider-by-name'));
    const called = (host: string) => {
      const resolver = new HeldResolver([server.instance({ capabilities, ...at(server, host) })]);
      return calling(owner('caller'), resolver).channel(SERVICE).unary(change, request, { timeoutMs: 10_000 });
    };
    await expect(called('localhost')).resolves.toBeDefined();
    expect(await failureOf(called('127.0.0.1'))).toMatchObject({ kind: 'unavailable' });
  });
});

describe('a server with TLS', () => {
  it('needs a certificate', () => {
    const { caFile } = owner('provider').folder.files;
    const tls = new TlsIdentity({ files: { caFile }, scheduler: new VirtualTime() });
    const refused = expect.objectContaining({ code: 'TLS_NOT_CONFIGURED' });
    expect(() => serverCredentials({ tls, requiresClientCertificate: true }, '127.0.0.1')).toThrow(refused);
  });

  it('is told its name, but never an address in its place', async () => {
    const provider = owner('provider');
    const names: unknown[] = [];
    const { ca, cert, key } = provider.identity.material;
    const server = createServer({ ca, cert, key, ALPNProtocols: ['h2'] }, (socket) => {
      names.push((socket as Socket & { servername?: unknown }).servername);
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    for (const host of ['localhost', '127.0.0.1']) {
      const instance = { host, port, isSecure: true };
      const client = calling(owner('caller'), new HeldResolver([]));
      const connector = client.credentials.forEndpoint(instance)._createSecureConnector({ path: '' }, {});
      const { socket } = await connector.connect(createConnection(port, '127.0.0.1'));
      await once(socket.resume(), 'close');
    }
    expect(names).toEqual(['localhost', false]);
  });

  it('is given up when it accepts a connection and says nothing', async () => {
    const silent = createPlainServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const socket = createConnection(port, '127.0.0.1');
    closing.push(() => socket.destroy());
    closing.push(() => silent.close());
    const connector = new TlsChannelCredentials(owner('caller').identity, '127.0.0.1')._createSecureConnector(
      { path: '' },
      {},
    );
    expect(await failureOf(connector.connect(socket))).toMatchObject({ message: 'no answer in the TLS handshake' });
  });

  it('is the same to grpc-js only with the same identity and host', () => {
    const { identity } = owner('provider');
    const credentials = new TlsChannelCredentials(identity, 'a');
    expect(credentials._equals(new TlsChannelCredentials(identity, 'a'))).toBe(true);
    expect(credentials._equals(new TlsChannelCredentials(identity, 'b'))).toBe(false);
  });
});

describe.each(WAYS)('a handshake that fails, by %s', (_way, capabilities) => {
  it.each([
    ['because the caller shows nothing good', 'stranger', 'test-authority.pem'],
    ['because the provider is not believed', 'caller', 'other-authority.pem'],
  ])('%s, is told in words of our own, with the reason for the log alone', async (_why, name, authority) => {
    const server = await served(owner('provider'));
    const caller = owner(name);
    caller.folder.copy('caFile', authority);
    caller.look();
    const observer = new RecordingObserver();
    const resolver = new HeldResolver([server.instance({ capabilities, ...at(server, '127.0.0.1') })]);
    const channel = calling(caller, resolver, observer).channel(SERVICE);
    const failure = (await failureOf(channel.unary(change, request, { timeoutMs: 10_000 }))) as Error;
    expect(failure.message).toMatch(
      /^(no usable instance of tested|p1 cannot be reached|the connection .*was lost .*)$/,
    );
    const behind = failure.cause instanceof Error ? failure.cause.message : '';
    expect([...observer.reasons, behind].join()).toContain('Last error');
  });
});
