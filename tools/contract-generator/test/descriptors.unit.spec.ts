import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import {
  contractDigest,
  fileDescriptorSet,
  fileDescriptorsOf,
  PricingServiceDefinition,
} from '@rookery/contracts/nest';

const PRICING = PricingServiceDefinition.name;
const MONITOR = 'rookery.monitor.v1.MonitorService';

describe('The committed descriptors', () => {
  it('are a descriptor set without comments, with the options of Rookery and of HTTP in it', () => {
    const set = fromBinary(FileDescriptorSetSchema, fileDescriptorSet);
    expect(set.file.every(({ sourceCodeInfo }) => sourceCodeInfo === undefined)).toBe(true);
    const method = createFileRegistry(set).getService(PRICING)?.method['quotePrice'];
    expect(method?.proto.options?.$unknown?.map(({ no }) => no)).toEqual([50601, 72295728]);
  });

  it('give the file of a service with its imports, each after its own', () => {
    const files = fileDescriptorsOf(PRICING).map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
    const names = files.map(({ name }) => name);
    expect(names.at(-1)).toBe('rookery/pricing/v1/pricing_service.proto');
    files.forEach(({ dependency }, place) => {
      for (const name of dependency) expect(names.indexOf(name)).toBeLessThan(place);
      for (const name of dependency) expect(names).toContain(name);
    });
    expect(new Set(names).size).toBe(names.length);
  });

  it('know a service by its full name only', () => {
    expect(() => fileDescriptorsOf('PricingService')).toThrow('no contract declares the service PricingService');
  });
});

describe('The contract digest', () => {
  it('is 16 hex digits, the same for the same services in any order', () => {
    expect(contractDigest([PRICING])).toMatch(/^[0-9a-f]{16}$/);
    expect(contractDigest([PRICING, MONITOR])).toBe(contractDigest([MONITOR, PRICING, MONITOR]));
  });

  it('differs between services', () => {
    expect(contractDigest([PRICING])).not.toBe(contractDigest([MONITOR]));
    expect(contractDigest([PRICING, MONITOR])).not.toBe(contractDigest([PRICING]));
  });
});
