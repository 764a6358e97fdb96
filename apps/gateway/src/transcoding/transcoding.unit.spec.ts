import {
  type DescMessage,
  type Message,
  create,
  createFileRegistry,
  fromBinary,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { arbitraryMessage } from '../../test/arbitrary-message.js';
import { descriptorSetOf } from '../../test/descriptor-set.js';
import { DecoderCompiler } from './decoder-compiler.js';
import { EncoderCompiler } from './encoder-compiler.js';
import { TranscodingError } from './transcoding-error.js';
import { WireReader } from './wire-reader.js';
import { WireWriter } from './wire-writer.js';

const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, descriptorSetOf('every_kind.proto', 'legacy_kind.proto')),
);
const encoders = new EncoderCompiler(registry);
const decoders = new DecoderCompiler(registry);
const writer = new WireWriter();

function messageType(name: string): DescMessage {
  const type = registry.getMessage(`gateway.test.${name}`);
  if (type === undefined) throw new Error(`no type ${name}`);
  return type;
}

const everyKind = messageType('EveryKind');
const legacyKind = messageType('LegacyKind');

function encode(type: DescMessage, value: unknown): Uint8Array {
  writer.reset();
  encoders.encoderOf(type).write(value, writer, 0);
  return writer.finish();
}

function decode(type: DescMessage, bytes: Uint8Array): unknown {
  return JSON.parse(decoders.decoderOf(type).read(new WireReader(bytes), bytes.length));
}

function refusal(value: unknown, type = everyKind): string {
  try {
    encode(type, value);
  } catch (error) {
    if (error instanceof TranscodingError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe.each([
  ['a current contract', everyKind],
  ['an old contract', legacyKind],
])('transcoding %s', (_name, type) => {
  const anyMessage = arbitraryMessage(type, registry);

  it('reads what protobuf-es writes, as protobuf-es would put it in JSON', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const expected = toJson(type, message, { alwaysEmitImplicit: true, registry });
        expect(decode(type, toBinary(type, message))).toEqual(expected);
      }),
    );
  });

  it('writes what protobuf-es reads, from both spellings of the names', () => {
    fc.assert(
      fc.property(anyMessage, fc.boolean(), (message, useProtoFieldName) => {
        const json = toJson(type, message, { useProtoFieldName, registry });
        const read: Message = fromBinary(type, encode(type, json));
        expect(toJson(type, read, { registry })).toEqual(toJson(type, normalised(type, message), { registry }));
      }),
    );
  });

  it('takes its own answers back', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const answer = decode(type, toBinary(type, message));
        expect(decode(type, encode(type, answer))).toEqual(answer);
      }),
    );
  });
});

/** Once around in binary, which rounds floats to 32 bits. */
function normalised(type: DescMessage, message: Message): Message {
  return fromBinary(type, toBinary(type, message));
}

describe('what a request may say', () => {
  it.each<[string, unknown, unknown]>([
    ['a 64 bit integer as text past 2^53', { anInt64: '9223372036854775807' }, { anInt64: '9223372036854775807' }],
    ['a 64 bit integer as a number', { aUint64: 42 }, { aUint64: '42' }],
    ['an integer with an exponent', { anInt32: '1e3' }, { anInt32: 1000 }],
    ['base64 in the alphabet for URLs without padding', { aBytes: '-_8' }, { aBytes: '+/8=' }],
    ['an enum by number', { colour: 1 }, { colour: 'COLOUR_RED' }],
    ['an enum value that has no name', { colour: 99 }, { colour: 99 }],
    ['null for a field that is absent', { aString: null, leaves: null, nested: null }, {}],
    ['null inside a Value', { value: null }, { value: null }],
    ['a time with an offset', { timestamp: '2026-01-31T13:00:00.5+01:00' }, { timestamp: '2026-01-31T12:00:00.500Z' }],
    ['zero in a field with presence', { optionalInt32: 0 }, { optionalInt32: 0 }],
    ['numbers that are not finite', { aDouble: 'NaN', aFloat: '-Infinity' }, { aDouble: 'NaN', aFloat: '-Infinity' }],
    ['the name set by json_name', { otherName: 'x' }, { otherName: 'x' }],
    ['the original name beside json_name', { renamed: 'x' }, { otherName: 'x' }],
    ['names that every object inherits', { value_of: 'x', constructor: 'y' }, { valueOf: 'x', constructor: 'y' }],
  ])('%s', (_name, request, answer) => {
    expect(decode(everyKind, encode(everyKind, request))).toMatchObject(answer as object);
  });
});

describe('what a request may not say', () => {
  it.each<[unknown, string]>([
    [{ nope: 1 }, 'nope: the contract has no such field'],
    [{ nested: { nested: { nope: 1 } } }, 'nested.nested.nope: the contract has no such field'],
    [{ leaves: [{}, { weight: 'heavy' }] }, 'leaves[1].weight: expected an integer, got "heavy"'],
    [{ leaves: [null] }, 'leaves[0]: expected an object, got null'],
    [{ leafMap: { 7: { weight: [] } } }, 'leafMap["7"].weight: expected an integer, got an array'],
    [{ leafMap: { x: {} } }, 'leafMap["x"]: expected an integer, got "x"'],
    [{ aString: 5 }, 'aString: expected a string, got a number'],
    [{ aString: '\ud800' }, 'aString: expected well-formed Unicode, got half of a surrogate pair'],
    [{ aBool: 'true' }, 'aBool: expected true or false, got a string'],
    [{ anInt32: 2147483648 }, 'anInt32: 2147483648 is outside the range -2147483648 to 2147483647'],
    [{ aUint32: -1 }, 'aUint32: -1 is outside the range 0 to 4294967295'],
    [{ anInt32: 1.5 }, 'anInt32: expected an integer, got 1.5'],
    [
      { anInt64: 9007199254740993 },
      'anInt64: an integer past 2^53 loses digits as a JSON number; write it as a string',
    ],
    [{ anInt64: '9223372036854775808' }, 'anInt64: 9223372036854775808 is outside the range of the field'],
    [{ aUint64: '-1' }, 'aUint64: -1 is outside the range of the field'],
    [{ aFloat: 1e39 }, 'aFloat: 1e+39 is outside the range of a 32 bit number'],
    [{ aBytes: '***' }, 'aBytes: expected base64 text'],
    [
      { colour: 'COLOUR_PINK' },
      'colour: "COLOUR_PINK" is none of COLOUR_UNSPECIFIED, COLOUR_RED, COLOUR_BLUE, COLOUR_MINUS',
    ],
    [{ chosenString: 'a', chosenInt32: 1 }, 'chosenInt32: only one of chosenString and chosenInt32 may be set'],
    [{ aString: 'a', a_string: 'b' }, 'a_string: given twice, also as aString'],
    [
      { timestamp: '2026-02-30T00:00:00Z' },
      'timestamp: expected a time such as 2026-01-31T12:00:00Z, got "2026-02-30T00:00:00Z"',
    ],
    [{ duration: '1.5' }, 'duration: expected seconds such as 1.5s, got "1.5"'],
    [{ fieldMask: 'user_name' }, 'fieldMask: "user_name" is no path of lowerCamelCase names'],
    [{ any: { '@type': 'type.googleapis.com/no.Such' } }, 'any.@type: the contract does not know the type "no.Such"'],
    [{ strings: 'a' }, 'strings: expected an array, got a string'],
    [{ stringMap: [] }, 'stringMap: expected an object, got an array'],
    [[], 'expected an object, got an array'],
    ['text', 'expected an object, got a string'],
    [null, 'expected an object, got null'],
  ])('%j', (request, expected) => {
    expect(refusal(request)).toBe(expected);
  });

  it('a closed enum takes no number without a name', () => {
    expect(refusal({ size: 3 }, legacyKind)).toBe('size: 3 is no value of Size');
  });

  it.each([
    { ['k'.repeat(100_000)]: 1 },
    { stringMap: { ['k'.repeat(100_000)]: 1 } },
    { anInt32: 'x'.repeat(100_000) },
    { anInt64: 'x'.repeat(100_000) },
    { colour: 'x'.repeat(100_000) },
    { timestamp: 'x'.repeat(100_000) },
    { duration: 'x'.repeat(100_000) },
    { fieldMask: '_'.repeat(100_000) },
    { any: { '@type': `x/${'x'.repeat(100_000)}` } },
  ])('something long, which is not repeated at length (%#)', (request) => {
    expect(refusal(request).length).toBeLessThan(300);
  });

  it('nesting without end', () => {
    let value: unknown = {};
    for (let level = 0; level < 5000; level++) value = { nested: value };
    expect(refusal(value)).toMatch(/nested more than 100 deep$/);
    let list: unknown = [];
    for (let level = 0; level < 5000; level++) list = [list];
    expect(refusal({ value: list })).toMatch(/nested more than 100 deep$/);
    let any: unknown = {};
    for (let level = 0; level < 5000; level++) any = { '@type': 'x/google.protobuf.Any', value: any };
    expect(refusal({ any })).toMatch(/nested more than 100 deep$/);
  });
});

describe('what an answer may look like on the wire', () => {
  it('merges a message that was sent in parts', () => {
    const parts = [{ nested: { aString: 'kept', anInt32: 1 } }, { nested: { anInt32: 2 } }];
    const bytes = Buffer.concat(parts.map((part) => encode(everyKind, part)));
    expect(decode(everyKind, bytes)).toMatchObject({ nested: { aString: 'kept', anInt32: 2 } });
  });

  it('takes fields in any order, and lists in pieces', () => {
    const parts = [{ leaves: [{ name: 'a' }] }, { anInt32: 7 }, { leaves: [{ name: 'b' }] }, { aString: 'x' }];
    const bytes = Buffer.concat(parts.map((part) => encode(everyKind, part)));
    const names = [{ name: 'a' }, { name: 'b' }];
    expect(decode(everyKind, bytes)).toMatchObject({ aString: 'x', anInt32: 7, leaves: names });
  });

  it('has times of different days, also before 1970', () => {
    const times = ['0001-01-01T00:00:00Z', '1969-12-31T23:59:59.999Z', '1970-01-01T00:00:00Z', '9999-12-31T23:59:09Z'];
    for (const timestamp of [...times, ...times].sort()) {
      expect(decode(everyKind, encode(everyKind, { timestamp }))).toMatchObject({ timestamp });
    }
  });

  it('lets the last member of a oneof win', () => {
    const bytes = Buffer.concat([encode(everyKind, { chosenString: 'a' }), encode(everyKind, { chosenInt32: 7 })]);
    expect(decode(everyKind, bytes)).toMatchObject({ chosenInt32: 7 });
    expect(decode(everyKind, bytes)).not.toHaveProperty('chosenString');
  });

  it('steps over fields it does not know', () => {
    const bytes = toBinary(everyKind, create(everyKind, { aString: 'x', nested: create(everyKind) }));
    expect(decode(messageType('Leaf'), bytes)).toEqual({ name: '', weight: 0 });
  });

  it('refuses bytes that end too early instead of reading past them', () => {
    const bytes = encode(everyKind, { aString: 'some text', leaves: [{ name: 'a' }] });
    for (let length = 1; length < bytes.length; length++) {
      const cut = bytes.slice(0, length);
      try {
        decode(everyKind, cut);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
  });
});
