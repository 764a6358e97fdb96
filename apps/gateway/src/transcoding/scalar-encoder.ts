import { ScalarType } from '@bufbuild/protobuf';

import { highHalf, lowHalf, parseInteger64 } from './integer64.js';
import { TranscodingError, mismatch, quoted } from './transcoding-error.js';
import { WireKind } from './wire-reader.js';
import type { WireWriter } from './wire-writer.js';

/** How a JSON value becomes one value on the wire, without its tag. */
export interface ValueEncoder<T = unknown> {
  readonly wireKind: number;
  /** Checks and converts; throws TranscodingError. */
  parse(value: unknown): T;
  write(writer: WireWriter, parsed: T): void;
  /** The zero value, which a field without presence does not send. */
  isZero(parsed: T): boolean;
}

const NUMBER_TEXT = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const LARGEST_FLOAT = 3.4028234663852886e38;
/** Halfway to what would be the next float above the largest one: from here on a double rounds to infinity. */
const FLOAT_OVERFLOW = 3.4028235677973366e38;

function integer(min: number, max: number, write: (writer: WireWriter, value: number) => void, wireKind: number) {
  const parse = (value: unknown): number => {
    const parsed = typeof value === 'number' ? value : numberFromText(value, 'an integer');
    if (!Number.isInteger(parsed)) throw new TranscodingError(`expected an integer, got ${parsed}`);
    if (parsed < min || parsed > max) throw new TranscodingError(`${parsed} is outside the range ${min} to ${max}`);
    return parsed;
  };
  return { wireKind, parse, write, isZero: (parsed: number) => parsed === 0 } satisfies ValueEncoder<number>;
}

function numberFromText(value: unknown, expected: string): number {
  if (typeof value !== 'string') throw mismatch(expected, value);
  if (!NUMBER_TEXT.test(value)) throw new TranscodingError(`expected ${expected}, got ${quoted(value)}`);
  return Number(value);
}

type Halves = (writer: WireWriter, low: number, high: number) => void;

function integer64(isSigned: boolean, halves: Halves, wireKind: number): ValueEncoder<number | bigint> {
  return {
    wireKind,
    parse: (value) => parseInteger64(value, isSigned),
    write: (writer, parsed) => halves(writer, lowHalf(parsed), highHalf(parsed)),
    isZero: (parsed) => parsed === 0 || parsed === 0n,
  };
}

const varintHalves: Halves = (writer, low, high) => writer.varint64(low, high);
const fixedHalves: Halves = (writer, low, high) => writer.fixed64(low, high);
const zigZagHalves: Halves = (writer, low, high) => {
  const sign = high >> 31;
  writer.varint64((low << 1) ^ sign, ((high << 1) | (low >>> 31)) ^ sign);
};

function floating(bits: 32 | 64): ValueEncoder<number> {
  return {
    wireKind: bits === 32 ? WireKind.bits32 : WireKind.bits64,
    parse: (value) => parseFloating(value, bits),
    write: bits === 32 ? (writer, parsed) => writer.float(parsed) : (writer, parsed) => writer.double(parsed),
    // Minus zero is a value of its own on the wire.
    isZero: (parsed) => Object.is(parsed, 0),
  };
}

function parseFloating(value: unknown, bits: 32 | 64): number {
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  const parsed = typeof value === 'number' ? value : numberFromText(value, 'a number');
  const size = Math.abs(parsed);
  if (size === Infinity || (bits === 32 && size >= FLOAT_OVERFLOW)) {
    throw new TranscodingError(`${String(value)} is outside the range of a ${bits} bit number`);
  }
  return bits === 32 && size > LARGEST_FLOAT ? Math.sign(parsed) * LARGEST_FLOAT : parsed;
}

const string: ValueEncoder<string> = {
  wireKind: WireKind.delimited,
  parse: (value) => {
    if (typeof value !== 'string') throw mismatch('a string', value);
    return value;
  },
  write: (writer, parsed) => writer.string(parsed),
  isZero: (parsed) => parsed === '',
};

const bytes: ValueEncoder<Uint8Array> = {
  wireKind: WireKind.delimited,
  parse: (value) => {
    if (typeof value !== 'string') throw mismatch('base64 text', value);
    const isAligned = !value.includes('=') || value.length % 4 === 0;
    const digits = value.replace(/=+$/, '').length;
    if (!BASE64.test(value) || !isAligned || digits % 4 === 1) throw new TranscodingError('expected base64 text');
    return Buffer.from(value, 'base64');
  },
  write: (writer, parsed) => writer.bytes(parsed),
  isZero: (parsed) => parsed.length === 0,
};

const bool: ValueEncoder<boolean> = {
  wireKind: WireKind.varint,
  parse: (value) => {
    if (typeof value !== 'boolean') throw mismatch('true or false', value);
    return value;
  },
  write: (writer, parsed) => writer.uint32(parsed ? 1 : 0),
  isZero: (parsed) => !parsed,
};

const MIN_INT32 = -0x80000000;
const MAX_INT32 = 0x7fffffff;
const MAX_UINT32 = 0xffffffff;
const { varint, bits32, bits64 } = WireKind;

const encoders = {
  [ScalarType.DOUBLE]: floating(64),
  [ScalarType.FLOAT]: floating(32),
  [ScalarType.INT64]: integer64(true, varintHalves, varint),
  [ScalarType.UINT64]: integer64(false, varintHalves, varint),
  [ScalarType.INT32]: integer(MIN_INT32, MAX_INT32, (writer, value) => writer.int32(value), varint),
  [ScalarType.FIXED64]: integer64(false, fixedHalves, bits64),
  [ScalarType.FIXED32]: integer(0, MAX_UINT32, (writer, value) => writer.fixed32(value), bits32),
  [ScalarType.BOOL]: bool,
  [ScalarType.STRING]: string,
  [ScalarType.BYTES]: bytes,
  [ScalarType.UINT32]: integer(0, MAX_UINT32, (writer, value) => writer.uint32(value), varint),
  [ScalarType.SFIXED32]: integer(MIN_INT32, MAX_INT32, (writer, value) => writer.fixed32(value), bits32),
  [ScalarType.SFIXED64]: integer64(true, fixedHalves, bits64),
  [ScalarType.SINT32]: integer(MIN_INT32, MAX_INT32, (writer, value) => writer.sint32(value), varint),
  [ScalarType.SINT64]: integer64(true, zigZagHalves, varint),
} satisfies Record<ScalarType, { readonly wireKind: number }>;

export function scalarEncoder(type: ScalarType): ValueEncoder {
  // `parse` produces exactly what `write` takes; the pairing is made above, where both stand side by side.
  const encoder: unknown = encoders[type];
  return encoder as ValueEncoder;
}
