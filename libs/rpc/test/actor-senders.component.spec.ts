import { afterEach, describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import { HeldResolver, TlsFolder, until } from '@rookery/testkit';

import type { RpcClientOptions } from '../src/client/rpc-client.js';
import { TlsIdentity } from '../src/security/tls-identity.js';
import type { RpcServerOptions } from '../src/server/rpc-server.js';
import { change, type Provider, request, response, SERVICE, Stage } from './provider.js';
import { RecordedGate, RecordedRoute } from './recorded-actors.js';

const stage = new Stage();
const folders: TlsFolder[] = [];
afterEach(async () => {
  await stage.close();
  for (const folder of folders.splice(0)) folder.remove();
});

/** A provider that takes actor frames of these services beside its own. */
function open(services: readonly string[], options: Partial<RpcServerOptions> = {}): Promise<Provider> {
  const gate = new RecordedGate({ takesAtOnce: true });
  return stage.provider(
    'p1',
    { unaryCall: () => response },
    { prepare: (server) => server.takeActors(gate, { services }), ...options },
  );
}

/** Files of a process that shows the certificate of this name, or none. */
function filesOf(owner: string | undefined): { caFile: string; certFile?: string; keyFile?: string } {
  const folder = new TlsFolder(owner ?? 'caller');
  folders.push(folder);
  return owner === undefined ? { caFile: folder.files.caFile } : folder.files;
}

const identity = (owner: string | undefined) =>
  new TlsIdentity({ files: filesOf(owner), scheduler: new VirtualTime() });

/** What a service hears of the frame that it sent, by a link on which a call still succeeds. */
async function fate(
  provider: Provider,
  service: string,
  security?: RpcClientOptions['security'],
): Promise<string | undefined> {
  const grpc = { host: '127.0.0.1', port: provider.port, isSecure: security !== undefined };
  const resolver = new HeldResolver([provider.instance({ endpoints: { grpc } })]);
  const self = { service, instanceId: 'p0', incarnation: 'only' };
  const client = stage.caller(resolver, { self, ...(security === undefined ? {} : { security }) });
  const heard = new RecordedRoute();
  const route = client.actorRoute({ service: SERVICE, instanceId: 'p1', incarnation: 'first' }, heard);
  await until('it is up', () => heard.told.includes('up'));
  route.send(Buffer.from('x'));
  await until('it is refused or taken', () => heard.told.length > 1);
  await client.channel(SERVICE).unary(change, request);
  return heard.told[1];
}

describe('who may send actor frames', () => {
  it('is the own service, and those that the gate was opened for', async () => {
    const provider = await open(['friend']);
    expect(await fate(provider, SERVICE)).toBe('taken 1');
    expect(await fate(provider, 'friend')).toBe('taken 1');
    expect(await fate(provider, 'stranger')).toBe('down: actors of stranger may not send to tested');
  });

  it.each([
    ['is taken from who shows a certificate with that name', 'tested-service', SERVICE, 'taken 1'],
    [
      'is refused to the owner of another certificate',
      'caller',
      SERVICE,
      'down: no certificate says that the sender is tested',
    ],
    [
      'is refused where the name is a mere subject',
      'caller',
      'caller',
      'down: no certificate says that the sender is caller',
    ],
    [
      'is refused where nobody believes the certificate',
      'stranger',
      'stranger',
      'down: no certificate says that the sender is stranger',
    ],
    ['is refused to who shows none', undefined, SERVICE, 'down: no certificate says that the sender is tested'],
  ])('over TLS %s', async (_what, owner, service, told) => {
    const security = { tls: identity('provider'), requiresClientCertificate: false };
    const provider = await open(['caller', 'stranger'], { security });
    expect(await fate(provider, service, { tls: identity(owner), isPlaintextAllowed: false })).toBe(told);
  });

  it('is the same where everybody must show a certificate', async () => {
    const provider = await open([], { security: { tls: identity('provider'), requiresClientCertificate: true } });
    const refused = 'down: no certificate says that the sender is tested';
    expect(await fate(provider, SERVICE, { tls: identity('tested-service'), isPlaintextAllowed: false })).toBe(
      'taken 1',
    );
    expect(await fate(provider, SERVICE, { tls: identity('caller'), isPlaintextAllowed: false })).toBe(refused);
  });
});
