import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from '@jest/globals';
import { grpcTesting, monitor, pricing } from '@rookery/contracts/messages';
import * as fc from 'fast-check';

import { SlabReader } from './slab-reader.js';
import { SlabWriter } from './slab-writer.js';

const quote = fc.record({
  currency: fc.string({ unit: 'binary', maxLength: 300 }),
  lines: fc.array(fc.record({ sku: fc.string({ unit: 'grapheme', maxLength: 60 }), quantity: fc.nat() }), {
    maxLength: 40,
  }),
});
const reply = fc.record({
  total: fc.option(fc.record({ currency: fc.string(), minorUnits: fc.maxSafeInteger() }), { nil: undefined }),
  lines: fc.constant<pricing.PricedLine[]>([]),
  validUntil: fc.option(fc.date({ noInvalidDate: true, min: new Date(0) }), { nil: undefined }),
});
const vitals = fc.record({
  cpuShare: fc.double({ noNaN: true }),
  residentBytes: fc.maxSafeNat(),
  heapUsedBytes: fc.maxSafeNat(),
  heapLimitBytes: fc.maxSafeNat(),
  eventLoopDelayP99Ms: fc.double({ noNaN: true }),
  eventLoopUtilization: fc.double({ noNaN: true }),
  gcPauseMs: fc.double({ noNaN: true }),
  inFlight: fc.nat(),
  inFlightLimit: fc.nat(),
  refusedCalls: fc.maxSafeNat(),
});

interface Codec<T> {
  encode(message: T, writer?: BinaryWriter): BinaryWriter;
  decode(input: BinaryReader | Uint8Array, length?: number): T;
}

function agrees<T>(codec: Codec<T>, message: T, writer: SlabWriter): void {
  const plain = codec.encode(message).finish();
  codec.encode(message, writer.asBinaryWriter());
  const slab = writer.take();
  expect(Buffer.compare(slab, plain)).toBe(0);
  expect(codec.decode(new SlabReader(plain))).toEqual(codec.decode(plain));
}

describe('slab writer and reader', () => {
  // Small, so that runs often end at its border and messages outgrow it.
  const writer = new SlabWriter(512);

  it('write and read what the stock codec does: text and nested messages', () => {
    fc.assert(fc.property(quote, (message) => agrees(pricing.QuotePriceRequest, message, writer)));
  });

  it('write and read what the stock codec does: 64-bit integers and times', () => {
    fc.assert(fc.property(reply, (message) => agrees(pricing.QuotePriceResponse, message, writer)));
  });

  it('write and read what the stock codec does: floats and large counts', () => {
    fc.assert(fc.property(vitals, (message) => agrees(monitor.Vitals, message, writer)));
  });

  it('write and read what the stock codec does: bytes', () => {
    const payload = fc.record({ type: fc.constant(0), body: fc.uint8Array({ maxLength: 2000 }) });
    fc.assert(fc.property(payload, (message) => agrees(grpcTesting.Payload, message, writer)));
  });

  it('writes every scalar as the stock writer does', () => {
    const scalars = fc.record({
      int: fc.integer(),
      big: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      flag: fc.boolean(),
    });
    const write = (to: BinaryWriter, { int, big, flag }: { int: number; big: bigint; flag: boolean }): void => {
      to.int32(int)
        .sint32(int)
        .sfixed32(int)
        .int64(big)
        .sint64(big)
        .sfixed64(big)
        .bool(flag)
        .fixed32(int >>> 0);
    };
    fc.assert(
      fc.property(scalars, (values) => {
        const plain = new BinaryWriter();
        write(plain, values);
        write(writer.asBinaryWriter(), values);
        expect(Buffer.compare(writer.take(), plain.finish())).toBe(0);
      }),
    );
  });

  it('refuses bytes that end too early, whatever they are', () => {
    const bytes = fc.uint8Array({ maxLength: 60 });
    fc.assert(
      fc.property(bytes, (garbage) => {
        const outcome = (read: () => unknown): unknown => {
          try {
            return read();
          } catch {
            return 'refused';
          }
        };
        const slab = outcome(() => monitor.Vitals.decode(new SlabReader(garbage)));
        const stock = outcome(() => monitor.Vitals.decode(garbage));
        expect(slab).toEqual(stock);
      }),
    );
  });

  it('refuses a 64-bit number that a number cannot hold', () => {
    const bytes = new BinaryWriter()
      .tag(2, 0)
      .uint64(2n ** 53n + 1n)
      .finish();
    expect(() => monitor.CodeCount.decode(new SlabReader(bytes))).toThrow();
  });

  it('hands out runs that later writing leaves alone', () => {
    writer.string('first');
    const first = writer.take();
    for (let index = 0; index < 200; index++) {
      writer.string('later and longer than before');
      writer.take();
    }
    expect(first.toString('latin1')).toBe('\x05first');
  });

  it('forgets what is rolled back, also in the middle of a message', () => {
    writer.string('kept');
    const mark = writer.length;
    writer.tag(1, 2);
    writer.fork();
    writer.string('dropped');
    writer.rollBack(mark);
    expect(writer.take().toString('latin1')).toBe('\x04kept');
  });
});
