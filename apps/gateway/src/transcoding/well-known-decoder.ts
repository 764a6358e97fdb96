import type { DescMessage } from '@bufbuild/protobuf';

import type { MessageDecoder } from './field-decoder.js';
import { readQuoted } from './json-text.js';
import { scalarDecoder } from './scalar-decoder.js';
import { listValueDecoder, structDecoder, valueDecoder } from './struct-decoder.js';
import { durationText, timestampText } from './time-text.js';
import { isWrapper } from './well-known-types.js';
import type { WireReader } from './wire-reader.js';

const TWO_POW_32 = 4294967296;

/** The decoder of a type with a JSON form of its own; undefined for all others. Any is apart: it needs the registry. */
export function wellKnownDecoder(type: DescMessage): MessageDecoder | undefined {
  if (isWrapper(type.typeName)) return wrapper(type);
  return BY_NAME[type.typeName];
}

const BY_NAME: Readonly<Record<string, MessageDecoder>> = {
  'google.protobuf.Timestamp': { read: (reader, end) => `"${readTime(reader, end, timestampText)}"` },
  'google.protobuf.Duration': { read: (reader, end) => `"${readTime(reader, end, durationText)}"` },
  'google.protobuf.FieldMask': { read: readFieldMask },
  'google.protobuf.Struct': structDecoder,
  'google.protobuf.Value': valueDecoder,
  'google.protobuf.ListValue': listValueDecoder,
};

function wrapper(type: DescMessage): MessageDecoder {
  const field = type.fields[0];
  if (field?.fieldKind !== 'scalar') throw new TypeError(`${type.typeName} does not wrap a scalar`);
  const decoder = scalarDecoder(field.scalar);
  const expected = (field.number << 3) | decoder.wireKind;
  return {
    read(reader, end) {
      let text = decoder.zero;
      while (reader.position < end) {
        const tag = reader.uint32();
        if (tag === expected) text = decoder.read(reader);
        else reader.skip(tag & 7);
      }
      return text;
    },
  };
}

function readTime(reader: WireReader, end: number, textOf: (seconds: number, nanos: number) => string): string {
  let seconds = 0;
  let nanos = 0;
  while (reader.position < end) {
    const tag = reader.uint32();
    if (tag === 0x08) {
      reader.varint64();
      seconds = (reader.high | 0) * TWO_POW_32 + reader.low;
    } else if (tag === 0x10) nanos = reader.uint32() | 0;
    else reader.skip(tag & 7);
  }
  return textOf(seconds, nanos);
}

function readFieldMask(reader: WireReader, end: number): string {
  const paths: string[] = [];
  while (reader.position < end) {
    const tag = reader.uint32();
    if (tag === 0x0a) paths.push(JSON.parse(readQuoted(reader)) as string);
    else reader.skip(tag & 7);
  }
  return JSON.stringify(paths.map(lowerCamel).join(','));
}

function lowerCamel(path: string): string {
  return path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
