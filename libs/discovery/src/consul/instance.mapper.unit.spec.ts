import { describe, expect, it } from '@jest/globals';
import type { Instance } from '../instance.js';
import { toInstance as toPlainInstance } from '../instance.mapper.js';
import { isSameAnswer, toAnswer } from './answer.mapper.js';
import type { ConsulServiceEntry } from './consul.client.js';
import { toInstance, toRegistration } from './instance.mapper.js';

const PASSING = { CheckID: 'service:x', Status: 'passing' };

function entry(
  service: Partial<ConsulServiceEntry['Service']>,
  checks = [PASSING],
  node = 'node-1',
): ConsulServiceEntry {
  return {
    Node: { Node: node, Address: '10.0.0.1' },
    Service: { ID: 'x', Service: 'pricing', Address: '', Port: 4000, ...service },
    Checks: checks,
  };
}

function ours(over: Partial<Instance> = {}): Instance {
  const endpoints = { grpc: { host: '10.0.0.2', port: 4000 } };
  return toPlainInstance({ id: 'x', service: 'pricing', incarnation: 'one', endpoints, ...over });
}

const CHECK = { CheckID: 'service:x', TTL: '10s', DeregisterCriticalServiceAfter: '1m' };

function registered(instance: Instance): ConsulServiceEntry {
  const { ID, Name, Address, Port, Meta, Weights } = toRegistration(instance, CHECK);
  return entry({ ID, Service: Name, Address, Port, Meta: { ...Meta }, Weights });
}

describe('an instance in Consul', () => {
  it.each([
    ours(),
    ours({ incarnation: '', weight: 1, zone: 'Zürich', version: '1.0.0+build', startedAt: 1 }),
    ours({ startedAt: 2, servedSince: 1 }),
    ours({
      endpoints: {
        http: { host: 'fe80::1', port: 1, isSecure: true },
        grpc: { host: 'a.b', port: 65535, isSecure: false },
      },
    }),
    ours({ capabilities: Array.from({ length: 100 }, (_, index) => `${index}-${'x'.repeat(150)}`) }),
    ours({ capabilities: [] }),
  ])('comes back as it was registered', (instance) => {
    expect(toInstance(registered(instance))).toEqual(instance);
  });

  it('is refused when it does not fit into the metadata', () => {
    const words = Array.from({ length: 100 }, (_, index) => `${index}-${'x'.repeat(190)}`);
    const endpoints = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`p${index}`, { host: 'h', port: 1 + index, isSecure: false }] as const),
    );
    expect(() => toRegistration(ours({ capabilities: words, endpoints }), CHECK)).toThrow('64 pairs');
    expect(() => toRegistration(ours({ zone: 'ü'.repeat(300) }), CHECK)).toThrow('512 bytes');
  });

  it('that somebody else registered answers gRPC at its address and weighs 100, unless it says otherwise', () => {
    const plain = { Weights: { Passing: 1 }, Meta: { version: '3' } };
    expect(toInstance(entry(plain))).toMatchObject({ weight: 100, version: '3', incarnation: '', capabilities: [] });
    expect(toInstance(entry(plain)).endpoints).toEqual({ grpc: { host: '10.0.0.1', port: 4000, isSecure: false } });
    const web = { Address: 'web.internal', Weights: { Passing: 30 }, Meta: { protocol: 'http', secure: 'true' } };
    expect(toInstance(entry(web))).toMatchObject({
      weight: 30,
      endpoints: { http: { host: 'web.internal', port: 4000, isSecure: true } },
    });
  });

  it.each([
    [{ Meta: { incarnation: 'a', weight: 'heavy' } }, 'weight'],
    [{ Meta: { incarnation: 'a', weight: '1', 'endpoint-grpc': 'nonsense' } }, 'endpoints.grpc'],
    [{ Meta: { incarnation: 'a', weight: '1', 'started-at': 'yesterday' } }, 'startedAt'],
    [{ Port: 700_000 }, 'endpoints.grpc.port'],
  ])('%j is refused by field', (service, field) => {
    expect(() => toInstance(entry(service as object))).toThrow(field);
  });
});

describe('the entries of a service', () => {
  const refuse = (id: string, error: Error): void => {
    throw new Error(`${id} refused: ${error.message}`);
  };

  it('are usable only when every check passes, and out of rotation before anything else', () => {
    const maintenance = { CheckID: '_service_maintenance:m', Status: 'critical' };
    const entries = [
      entry({ ID: 'b' }),
      entry({ ID: 'a' }),
      entry({ ID: 'w' }, [PASSING, { CheckID: 'service:w', Status: 'warning' }]),
      entry({ ID: 'c' }, [{ CheckID: 'service:c', Status: 'critical' }]),
      entry({ ID: 'm' }, [maintenance, { CheckID: 'service:m', Status: 'critical' }]),
      entry({ ID: 'n' }, [{ CheckID: '_node_maintenance', Status: 'critical' }]),
    ];
    const answer = toAnswer(entries, refuse);
    expect(answer.usable.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(answer).toMatchObject({ failing: ['c', 'w'], outOfRotation: ['m', 'n'] });
  });

  it('are left out one by one when they make no sense', () => {
    const refused: string[] = [];
    const answer = toAnswer([entry({ ID: 'a' }), entry({ ID: 'b', Port: -1 })], (id) => refused.push(id));
    expect(answer.usable.map(({ id }) => id)).toEqual(['a']);
    expect(refused).toEqual(['b']);
  });

  it('of two agents under one id stand for the instance that started last', () => {
    const older = registered(ours({ incarnation: 'older', startedAt: 1 }));
    const newer = registered(ours({ incarnation: 'newer', startedAt: 2 }));
    for (const entries of [
      [older, newer],
      [newer, older],
    ]) {
      expect(toAnswer(entries, refuse).usable.map(({ incarnation }) => incarnation)).toEqual(['newer']);
    }
  });

  it('are the same whatever their order, and not when one detail differs', () => {
    const [one, other] = [registered(ours()), entry({ ID: 'y' })];
    expect(isSameAnswer(toAnswer([one, other], refuse), toAnswer([other, one], refuse))).toBe(true);
    const heavier = registered(ours({ weight: 99 }));
    expect(isSameAnswer(toAnswer([one], refuse), toAnswer([heavier], refuse))).toBe(false);
  });
});
