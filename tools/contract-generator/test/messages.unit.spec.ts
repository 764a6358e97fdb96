import {
  create,
  createFileRegistry,
  fromBinary,
  toBinary,
  type DescField,
  type DescMessage,
  type Message,
} from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as messages from '@rookery/contracts/messages';
import { fileDescriptorSet, type MessageCodec } from '@rookery/contracts/nest';
import { messagesOf } from '../src/contract-set.js';
import { namespaceOf, typeNameOf } from '../src/naming.js';

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, fileDescriptorSet));
const namespaces = messages as unknown as Readonly<Record<string, Readonly<Record<string, MessageCodec<unknown>>>>>;

const types = [...registry.files]
  .flatMap(messagesOf)
  .map((type) => ({ type, codec: namespaces[namespaceOf(type.file.proto.package)]?.[typeNameOf(type)] }))
  .filter((entry): entry is { type: DescMessage; codec: MessageCodec<unknown> } => entry.codec !== undefined);

const DEEPEST = 2;

const safe = fc.maxSafeInteger().map(BigInt);
const safeUnsigned = safe.map((value) => (value < 0n ? -value : value));

/** Any value of a scalar that JavaScript can hold, but -0, which is 0 to both. */
const scalars: Readonly<Record<ScalarType, fc.Arbitrary<unknown>>> = {
  [ScalarType.STRING]: fc.string({ unit: 'grapheme' }),
  [ScalarType.BYTES]: fc.uint8Array(),
  [ScalarType.BOOL]: fc.boolean(),
  [ScalarType.DOUBLE]: fc.double().map((value) => value + 0),
  [ScalarType.FLOAT]: fc.float().map((value) => value + 0),
  [ScalarType.INT64]: safe,
  [ScalarType.SINT64]: safe,
  [ScalarType.SFIXED64]: safe,
  [ScalarType.UINT64]: safeUnsigned,
  [ScalarType.FIXED64]: safeUnsigned,
  [ScalarType.UINT32]: fc.nat({ max: 0xffff_ffff }),
  [ScalarType.FIXED32]: fc.nat({ max: 0xffff_ffff }),
  [ScalarType.INT32]: fc.integer(),
  [ScalarType.SINT32]: fc.integer(),
  [ScalarType.SFIXED32]: fc.integer(),
};

function single(field: DescField, depth: number): fc.Arbitrary<unknown> {
  if (field.message !== undefined) return message(field.message, depth + 1);
  if (field.enum !== undefined) return fc.constantFrom(...field.enum.values.map(({ number }) => number));
  return scalars[field.scalar ?? ScalarType.STRING];
}

/** A Timestamp becomes a Date: whole milliseconds of the years that a Date knows. */
const timestamp = fc.date({ noInvalidDate: true }).map((date) => {
  const seconds = Math.floor(date.getTime() / 1000);
  return { seconds: BigInt(seconds), nanos: (date.getTime() - seconds * 1000) * 1_000_000 };
});

function message(type: DescMessage, depth = 0): fc.Arbitrary<Message> {
  if (type.typeName === 'google.protobuf.Timestamp') return timestamp.map((init) => create(type, init as never));
  const fields = type.fields.filter((field) => field.message === undefined || depth < DEEPEST);
  const values = fields.map((field) => {
    if (field.fieldKind === 'list') return fc.array(single(field, depth), { maxLength: 3 });
    if (field.fieldKind === 'map')
      return fc.dictionary(fc.string(), single(field, depth), { maxKeys: 3, noNullPrototype: true });
    return fc.option(single(field, depth), { nil: undefined });
  });
  return fc.tuple(...values).map((chosen) => fill(type, fields, chosen));
}

function fill(type: DescMessage, fields: readonly DescField[], values: readonly unknown[]): Message {
  const init: Record<string, unknown> = {};
  fields.forEach((field, index) => {
    const value = values[index];
    if (value === undefined) return;
    if (field.oneof === undefined) init[field.localName] = value;
    else init[field.oneof.localName] = { case: field.localName, value };
  });
  return create(type, init as never);
}

describe('Generated messages', () => {
  it('are there for every message of the contracts', () => {
    expect(types.length).toBeGreaterThan(50);
    const expected = [...registry.files]
      .filter(({ proto }) => proto.package.startsWith('rookery.'))
      .flatMap(messagesOf);
    expect(types.map(({ type }) => type)).toEqual(expect.arrayContaining(expected));
  });

  it.each(types.map(({ type, codec }) => [type.typeName, type, codec] as const))(
    'carry any %s unchanged between protobuf-es and ts-proto',
    (_name, type, codec) => {
      fc.assert(
        fc.property(message(type), (original) => {
          const bytes = codec.encode(codec.decode(toBinary(type, original))).finish();
          expect(fromBinary(type, bytes)).toEqual(original);
        }),
        { numRuns: 30 },
      );
    },
  );

  it.each([
    [2n ** 53n, 'the 64-bit number 9007199254740992 does not fit a JavaScript number: it is beyond ±(2^53 - 1)'],
    [2n ** 53n + 1n, 'the 64-bit number 9007199254740993 does not fit'],
    [-(2n ** 53n), 'the 64-bit number -9007199254740992 does not fit'],
    [2n ** 63n - 1n, 'the 64-bit number 9223372036854775807 does not fit'],
  ])('refuse the 64-bit number %s instead of rounding it', (value, says) => {
    const bytes = new BinaryWriter().uint32(16).int64(value).finish();
    expect(() => messages.pricing.Money.decode(bytes)).toThrow(says);
  });

  it.each([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0, -1])('carry the 64-bit number %s', (minorUnits) => {
    const bytes = messages.pricing.Money.encode({ currency: 'EUR', minorUnits }).finish();
    expect(messages.pricing.Money.decode(bytes)).toEqual({ currency: 'EUR', minorUnits });
  });

  it('carry a time before 1970 to the millisecond, with nanoseconds that are never negative', () => {
    const validUntil = new Date(-1234.0);
    const bytes = messages.pricing.QuotePriceResponse.encode({ total: undefined, lines: [], validUntil }).finish();
    expect(messages.pricing.QuotePriceResponse.decode(bytes).validUntil).toEqual(validUntil);
    const field = bytes.slice(2);
    expect(messages.googleProtobuf.Timestamp.decode(field)).toEqual({ seconds: -2, nanos: 766_000_000 });
  });

  it('refuse a Date that is none', () => {
    const response = { total: undefined, lines: [], validUntil: new Date(NaN) };
    expect(() => messages.pricing.QuotePriceResponse.encode(response)).toThrow('the time is an invalid Date');
  });

  it('carry the map key __proto__ like any other', () => {
    const metadata: Record<string, string> = JSON.parse('{ "__proto__": "x", "zone": "a" }') as Record<string, string>;
    const bytes = messages.googleRpc.ErrorInfo.encode({ reason: '', domain: '', metadata }).finish();
    const decoded = messages.googleRpc.ErrorInfo.decode(bytes).metadata;
    expect(Object.entries(decoded)).toEqual(Object.entries(metadata));
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
  });

  it('skip fields they do not know', () => {
    const bytes = new BinaryWriter().uint32(8002).string('from a newer caller').uint32(10).string('EUR').finish();
    expect(messages.pricing.Money.decode(bytes)).toEqual({ currency: 'EUR', minorUnits: 0 });
  });
});
