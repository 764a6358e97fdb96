import { describe, expect, it } from '@jest/globals';
import { HeldResolver } from '@rookery/testkit';

import { ClientCredentials } from '../src/security/client-credentials.js';
import { isLoopback } from '../src/security/loopback.js';
import { serverCredentials } from '../src/security/server-credentials.js';
import { RpcServer } from '../src/server/rpc-server.js';
import { change, clientOf, failureOf, Provider, request, response, SERVICE, system } from './provider.js';

const plain = { requiresClientCertificate: false };

describe('what counts as this machine', () => {
  it.each(['localhost', '127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])('is %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(['127.evil.example', '127.0.0.1.example', '10.0.0.1', '0.0.0.0', '::', '', '::ffff:10.0.0.1', '1270.0.0.1'])(
    'is not %j',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});

describe('plaintext', () => {
  it('is not served to other hosts without leave', async () => {
    const server = new RpcServer({
      ...system,
      concurrencyLimit: 1,
      verifier: undefined,
      startSpan: () => undefined,
      onHiddenError: () => undefined,
      security: plain,
      self: { service: SERVICE, instanceId: 'p1', incarnation: 'first' },
    });
    expect(await failureOf(server.listen('0.0.0.0', 0))).toMatchObject({ code: 'PLAINTEXT_REFUSED' });
    await server.close();
    expect(() => serverCredentials({ ...plain, isPlaintextAllowed: true }, '0.0.0.0')).not.toThrow();
  });

  it('is not spoken to other hosts without leave, nor TLS without files', () => {
    const far = { host: '192.0.2.1', port: 1, isSecure: false };
    const strict = new ClientCredentials({ isPlaintextAllowed: false });
    expect(() => strict.forEndpoint(far)).toThrow(expect.objectContaining({ code: 'PLAINTEXT_REFUSED' }));
    expect(() => strict.forEndpoint({ ...far, isSecure: true })).toThrow(
      expect.objectContaining({ code: 'TLS_NOT_CONFIGURED' }),
    );
    expect(() => new ClientCredentials({ isPlaintextAllowed: true }).forEndpoint(far)).not.toThrow();
  });

  it.each([
    ['by link', ['link']],
    ['by plain gRPC', []],
  ])('to one instance that is not allowed takes nothing from the others, %s', async (_way, capabilities) => {
    const near = await Provider.start('p1', { unaryCall: () => response });
    const endpoints = { grpc: { host: '192.0.2.1', port: 1, isSecure: false } };
    const far = near.instance({ id: 'p2', endpoints, capabilities });
    const client = clientOf(new HeldResolver([far, near.instance({ capabilities })]));
    const channel = client.channel(SERVICE);
    for (let round = 0; round < 5; round++) await channel.unary(change, request);
    expect(channel.instances().map((each) => each.state)).toEqual(['down', 'ready']);
    await client.close();
    await near.close();
  });
});
