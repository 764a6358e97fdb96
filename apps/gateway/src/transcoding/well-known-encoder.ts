import type { DescMessage } from '@bufbuild/protobuf';

import type { MessageEncoder } from './field-encoder.js';
import { highHalf, lowHalf } from './integer64.js';
import { scalarEncoder } from './scalar-encoder.js';
import { listValueEncoder, structEncoder, valueEncoder } from './struct-encoder.js';
import { parseDuration, parseTimestamp } from './time-text.js';
import { TranscodingError, mismatch, quoted } from './transcoding-error.js';
import { isWrapper } from './well-known-types.js';
import type { WireWriter } from './wire-writer.js';

/** The encoder of a type with a JSON form of its own; undefined for all others. Any is apart: it needs the registry. */
export function wellKnownEncoder(type: DescMessage): MessageEncoder | undefined {
  if (isWrapper(type.typeName)) return wrapper(type);
  return BY_NAME[type.typeName];
}

const BY_NAME: Readonly<Record<string, MessageEncoder>> = {
  'google.protobuf.Timestamp': { write: (value, writer) => writeTime(parseTimestamp(text(value)), writer) },
  'google.protobuf.Duration': { write: (value, writer) => writeTime(parseDuration(text(value)), writer) },
  'google.protobuf.FieldMask': { write: writeFieldMask },
  'google.protobuf.Struct': structEncoder,
  'google.protobuf.Value': valueEncoder,
  'google.protobuf.ListValue': listValueEncoder,
};

function text(value: unknown): string {
  if (typeof value !== 'string') throw mismatch('a string', value);
  return value;
}

function wrapper(type: DescMessage): MessageEncoder {
  const field = type.fields[0];
  if (field?.fieldKind !== 'scalar') throw new TypeError(`${type.typeName} does not wrap a scalar`);
  const encoder = scalarEncoder(field.scalar);
  const tag = (field.number << 3) | encoder.wireKind;
  return {
    write: (value, writer) => {
      const parsed = encoder.parse(value);
      if (encoder.isZero(parsed)) return;
      writer.uint32(tag);
      encoder.write(writer, parsed);
    },
  };
}

/** Timestamp and Duration are alike on the wire: seconds in field 1, nanoseconds in field 2. */
function writeTime(time: { readonly seconds: number; readonly nanos: number }, writer: WireWriter): void {
  if (time.seconds !== 0) {
    writer.uint32(0x08);
    writer.varint64(lowHalf(time.seconds), highHalf(time.seconds));
  }
  if (time.nanos !== 0) {
    writer.uint32(0x10);
    writer.int32(time.nanos);
  }
}

const MASK_PATH = /^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)*$/;

/** `"userName,address.zipCode"`: the paths are lowerCamelCase in JSON and snake_case on the wire. */
function writeFieldMask(value: unknown, writer: WireWriter): void {
  const joined = text(value);
  if (joined === '') return;
  for (const path of joined.split(',')) {
    if (!MASK_PATH.test(path)) throw new TranscodingError(`${quoted(path)} is no path of lowerCamelCase names`);
    writer.uint32(0x0a);
    writer.string(path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  }
}
