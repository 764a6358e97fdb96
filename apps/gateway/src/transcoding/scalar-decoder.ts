import { type DescEnum, ScalarType } from '@bufbuild/protobuf';

import { signedText, unsignedText } from './integer64.js';
import { numberText, readQuoted } from './json-text.js';
import { WireKind, type WireReader } from './wire-reader.js';

/** How one value on the wire becomes JSON text. */
export interface ValueDecoder {
  readonly wireKind: number;
  /** The text of the zero value. */
  readonly zero: string;
  read(reader: WireReader): string;
}

const { varint, bits32, bits64, delimited } = WireKind;

function quoted64(reader: WireReader, isSigned: boolean): string {
  return `"${isSigned ? signedText(reader.low, reader.high) : unsignedText(reader.low, reader.high)}"`;
}

function integer64(isSigned: boolean, wireKind: number, isZigZag = false): ValueDecoder {
  return {
    wireKind,
    zero: '"0"',
    read(reader) {
      if (wireKind === varint) reader.varint64();
      else reader.fixed64();
      if (isZigZag) undoZigZag(reader);
      return quoted64(reader, isSigned);
    },
  };
}

function undoZigZag(reader: WireReader): void {
  const { low, high } = reader;
  const sign = -(low & 1);
  reader.low = (((low >>> 1) | (high << 31)) ^ sign) >>> 0;
  reader.high = ((high >>> 1) ^ sign) >>> 0;
}

function integer(wireKind: number, read: (reader: WireReader) => number): ValueDecoder {
  return { wireKind, zero: '0', read: (reader) => String(read(reader)) };
}

function readBytes(reader: WireReader): string {
  const end = reader.delimited();
  const start = reader.position;
  reader.position = end;
  return `"${reader.buffer.toString('base64', start, end)}"`;
}

function readBool(reader: WireReader): string {
  reader.varint64();
  return reader.low === 0 && reader.high === 0 ? 'false' : 'true';
}

function undoZigZag32(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}

const decoders: Record<ScalarType, ValueDecoder> = {
  [ScalarType.DOUBLE]: { wireKind: bits64, zero: '0', read: (reader) => numberText(reader.double()) },
  [ScalarType.FLOAT]: { wireKind: bits32, zero: '0', read: (reader) => numberText(reader.float()) },
  [ScalarType.INT64]: integer64(true, varint),
  [ScalarType.UINT64]: integer64(false, varint),
  [ScalarType.INT32]: integer(varint, (reader) => reader.uint32() | 0),
  [ScalarType.FIXED64]: integer64(false, bits64),
  [ScalarType.FIXED32]: integer(bits32, (reader) => reader.fixed32()),
  [ScalarType.BOOL]: { wireKind: varint, zero: 'false', read: readBool },
  [ScalarType.STRING]: { wireKind: delimited, zero: '""', read: readQuoted },
  [ScalarType.BYTES]: { wireKind: delimited, zero: '""', read: readBytes },
  [ScalarType.UINT32]: integer(varint, (reader) => reader.uint32()),
  [ScalarType.SFIXED32]: integer(bits32, (reader) => reader.fixed32() | 0),
  [ScalarType.SFIXED64]: integer64(true, bits64),
  [ScalarType.SINT32]: integer(varint, (reader) => undoZigZag32(reader.uint32())),
  [ScalarType.SINT64]: integer64(true, varint, true),
};

export function scalarDecoder(type: ScalarType): ValueDecoder {
  return decoders[type];
}

/** The value's name; its number where the contract has no name for it. */
export function enumDecoder(type: DescEnum): ValueDecoder {
  if (type.typeName === 'google.protobuf.NullValue') return { wireKind: varint, zero: 'null', read: readNull };
  const names = new Map(type.values.map((value) => [value.number, JSON.stringify(type.value[value.number]?.name)]));
  const name = (number: number): string => names.get(number) ?? String(number);
  return { wireKind: varint, zero: name(0), read: (reader) => name(reader.uint32() | 0) };
}

function readNull(reader: WireReader): string {
  reader.uint32();
  return 'null';
}
