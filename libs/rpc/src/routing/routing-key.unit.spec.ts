import { describe, expect, it } from '@jest/globals';
import { TestServiceDefinition } from '@rookery/contracts/nest';

import { routedMethod, routingIdentity } from './routing-key.js';

const method = TestServiceDefinition.method.unaryCall;
const empty = method.request.decode(new Uint8Array());

function identityBy(routingKey: string, request: object, stated?: string): string | undefined {
  return routingIdentity({ ...method, routingKey }, { ...empty, ...request }, stated);
}

describe('the routing key of a call', () => {
  it('is read from the field that the contract names, however deep it stands', () => {
    expect(identityBy('sku', { sku: 'A-1' })).toBe('A-1');
    expect(identityBy('order.line.sku', { order: { line: { sku: 'A-1' } } })).toBe('A-1');
  });

  it.each([
    ['a number', 42, '42'],
    ['an enum', 0, '0'],
    ['a large number', 9_007_199_254_740_991, '9007199254740991'],
    ['true', true, 'true'],
    ['false', false, 'false'],
    ['bytes', Uint8Array.of(0, 171, 255), '00abff'],
  ])('is text, also for %s', (_, value, text) => {
    expect(identityBy('sku', { sku: value })).toBe(text);
  });

  it('comes from the caller where the contract names no field, and from nowhere else', () => {
    expect(routingIdentity(method, empty, 'A-1')).toBe('A-1');
    expect(routingIdentity(method, empty, undefined)).toBeUndefined();
    expect(identityBy('sku', { sku: 'A-1' }, 'B-2')).toBe('A-1');
  });

  it.each([
    ['is empty', 'sku', { sku: '' }],
    ['holds no bytes', 'sku', { sku: new Uint8Array() }],
    ['is not there', 'sku', {}],
    ['stands in a message that is not there', 'order.sku', { order: undefined }],
  ])('is asked for by the name of its field where it %s', (_, path, request) => {
    const violations = [expect.objectContaining({ field: path })];
    const error = { code: 'INVALID_REQUEST', kind: 'invalid-argument', violations };
    expect(() => identityBy(path, request)).toThrow(expect.objectContaining(error));
  });

  it('belongs to the service of the method', () => {
    expect(routedMethod(method).kind).toBe('grpc.testing.TestService');
  });
});
