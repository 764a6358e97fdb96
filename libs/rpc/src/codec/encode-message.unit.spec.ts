import { describe, expect, it } from '@jest/globals';
import { grpcTesting, monitor, pricing } from '@rookery/contracts/messages';
import { DomainError } from '@rookery/runtime';

import { encodeMessage, encodingError } from './encode-message.js';
import { SlabWriter } from '@rookery/wire';

function refusalOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('encoding a message alone', () => {
  it('gives the bytes of the stock codec', () => {
    const message = { currency: 'EUR', lines: [{ sku: 'größe', quantity: 2 }] };
    expect(encodeMessage(pricing.QuotePriceRequest, message)).toEqual(
      Buffer.from(pricing.QuotePriceRequest.encode(message).finish()),
    );
  });

  it.each([2 ** 53, -(2 ** 53), 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses %d in a 64-bit field and names the field',
    (minorUnits) => {
      const message = { total: { currency: 'EUR', minorUnits }, lines: [], validUntil: undefined };
      const error = encodingError(
        '/a/B',
        message,
        refusalOf(() => encodeMessage(pricing.QuotePriceResponse, message)),
      );
      expect(error).toBeInstanceOf(DomainError);
      expect(error).toMatchObject({ code: 'INVALID_REQUEST', kind: 'invalid-argument' });
      expect(error.message).toContain('total.minorUnits: ');
      expect(error.violations).toMatchObject([{ field: 'total.minorUnits' }]);
    },
  );

  it.each([2 ** 32, -1, 0.5, Number.NaN])('refuses %d in a 32-bit field within a list', (quantity) => {
    const message = { currency: 'EUR', lines: [{ sku: 'a', quantity: 1 }, { sku: 'b', quantity }] }; // prettier-ignore
    const error = refusalOf(() => encodeMessage(pricing.QuotePriceRequest, message));
    expect(encodingError('/a/B', message, error).message).toMatch(/^lines\[1\]\.quantity: /);
  });

  it('takes the safe integers at both ends', () => {
    for (const minorUnits of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      const bytes = encodeMessage(pricing.Money, { currency: '', minorUnits });
      expect(pricing.Money.decode(bytes).minorUnits).toBe(minorUnits);
    }
  });

  it('writes nothing of a refused message into the next', () => {
    refusalOf(() => encodeMessage(pricing.Money, { currency: 'EUR', minorUnits: 1.5 }));
    expect(encodeMessage(pricing.Money, { currency: 'A', minorUnits: 1 })).toEqual(
      Buffer.from(pricing.Money.encode({ currency: 'A', minorUnits: 1 }).finish()),
    );
  });

  it('refuses a negative number where the field is unsigned', () => {
    const count = monitor.CodeCount.fromPartial({ count: -1 });
    expect(() => encodeMessage(monitor.CodeCount, count)).toThrow('-1 is no uint64');
  });

  it('tells the method where the fault is no number', () => {
    const error = encodingError('/a/B', {}, new TypeError('broken'));
    expect(error.message).toBe('/a/B: broken');
    expect(error.violations).toEqual([]);
  });

  it('gives memory back after a large message', () => {
    const writer = new SlabWriter(1024);
    grpcTesting.Payload.encode({ type: 0, body: Buffer.alloc(1 << 20) }, writer.asBinaryWriter());
    writer.rollBack(0);
    writer.string('small');
    writer.take();
    writer.string('small');
    expect(writer.take().buffer.byteLength).toBe(1024);
  });
});
