import { describe, expect, it } from '@jest/globals';
import { isWellKnown, namespaceOf, registryNameOf } from '../src/naming.js';

describe('A package', () => {
  it.each([
    ['rookery.pricing.v1', 'pricing', 'pricing'],
    ['rookery.pricing.v2', 'pricingV2', 'pricing'],
    ['rookery.order_2_cash.v1', 'order2Cash', 'order-2-cash'],
    ['grpc.reflection.v1alpha', 'reflectionV1alpha', 'reflection'],
    ['grpc.testing', 'grpcTesting', 'testing'],
    ['google.rpc', 'googleRpc', 'rpc'],
  ])('%s is exported as %s, and its services register as %s', (protoPackage, namespace, registryName) => {
    expect(namespaceOf(protoPackage)).toBe(namespace);
    expect(registryNameOf(protoPackage)).toBe(registryName);
  });

  it('is the world’s only under google and grpc', () => {
    expect(['google.rpc', 'grpc.health.v1', 'grpc'].map(isWellKnown)).toEqual([true, true, true]);
    expect(['rookery.grpc.v1', 'grpcx.v1', 'acme'].map(isWellKnown)).toEqual([false, false, false]);
  });
});
