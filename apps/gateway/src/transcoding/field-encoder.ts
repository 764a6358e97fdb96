import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';

import { enumEncoder } from './enum-encoder.js';
import { mapKeyEncoder } from './map-key-encoder.js';
import { type ValueEncoder, scalarEncoder } from './scalar-encoder.js';
import { inside, mismatch, quoted } from './transcoding-error.js';
import { WireKind } from './wire-reader.js';
import type { WireWriter } from './wire-writer.js';

/** Writes a message's fields from a JSON value, without tag and length. Throws TranscodingError. */
export interface MessageEncoder {
  write(value: unknown, writer: WireWriter, depth: number): void;
}

/** Writes one field of a message, tag included. */
export type FieldWriter = (value: unknown, writer: WireWriter, depth: number) => void;

/** Writes one element with its tag: what a singular field, a list's element and a map's value have in common. */
type ElementWriter = FieldWriter;

export type MessageEncoders = (type: DescMessage) => MessageEncoder;

export function fieldWriter(field: DescField, messages: MessageEncoders): FieldWriter {
  switch (field.fieldKind) {
    case 'scalar':
      return singular(field, scalarEncoder(field.scalar));
    case 'enum':
      return singular(field, enumEncoder(field.enum));
    case 'message':
      return messageElement(field.number, messages(field.message), field.delimitedEncoding);
    case 'list':
      return list(field, messages);
    case 'map':
      return map(field, messages);
  }
}

function tagOf(number: number, wireKind: number): number {
  return ((number << 3) | wireKind) >>> 0;
}

function singular<T>(field: DescField, encoder: ValueEncoder<T>): FieldWriter {
  const tag = tagOf(field.number, encoder.wireKind);
  const hasPresence = field.presence !== FeatureSet_FieldPresence.IMPLICIT;
  return (value, writer) => {
    const parsed = encoder.parse(value);
    if (!hasPresence && encoder.isZero(parsed)) return;
    writer.uint32(tag);
    encoder.write(writer, parsed);
  };
}

function valueElement<T>(number: number, encoder: ValueEncoder<T>): ElementWriter {
  const tag = tagOf(number, encoder.wireKind);
  return (value, writer) => {
    const parsed = encoder.parse(value);
    writer.uint32(tag);
    encoder.write(writer, parsed);
  };
}

function messageElement(number: number, message: MessageEncoder, isGroup: boolean): ElementWriter {
  if (isGroup) return groupElement(number, message);
  const tag = tagOf(number, WireKind.delimited);
  return (value, writer, depth) => {
    writer.uint32(tag);
    const start = writer.open();
    message.write(value, writer, depth + 1);
    writer.close(start);
  };
}

function groupElement(number: number, message: MessageEncoder): ElementWriter {
  return (value, writer, depth) => {
    writer.uint32(tagOf(number, WireKind.groupStart));
    message.write(value, writer, depth + 1);
    writer.uint32(tagOf(number, WireKind.groupEnd));
  };
}

function list(field: DescField & { fieldKind: 'list' }, messages: MessageEncoders): FieldWriter {
  if (field.listKind === 'message') {
    return elements(messageElement(field.number, messages(field.message), field.delimitedEncoding));
  }
  const encoder = field.listKind === 'enum' ? enumEncoder(field.enum) : scalarEncoder(field.scalar);
  return field.packed ? packed(field.number, encoder) : elements(valueElement(field.number, encoder));
}

function eachElement(value: unknown, write: (element: unknown) => void): void {
  if (!Array.isArray(value)) throw mismatch('an array', value);
  let index = 0;
  try {
    for (; index < value.length; index++) write(value[index]);
  } catch (error) {
    throw inside(error, index);
  }
}

function elements(element: ElementWriter): FieldWriter {
  return (value, writer, depth) => eachElement(value, (item) => element(item, writer, depth));
}

function packed<T>(number: number, encoder: ValueEncoder<T>): FieldWriter {
  const tag = tagOf(number, WireKind.delimited);
  return (value, writer) => {
    if (Array.isArray(value) && value.length === 0) return;
    writer.uint32(tag);
    const start = writer.open();
    eachElement(value, (item) => encoder.write(writer, encoder.parse(item)));
    writer.close(start);
  };
}

function map(field: DescField & { fieldKind: 'map' }, messages: MessageEncoders): FieldWriter {
  const tag = tagOf(field.number, WireKind.delimited);
  const key = mapKeyEncoder(field.mapKey);
  const element = mapValue(field, messages);
  return (value, writer, depth) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch('an object', value);
    const record = value as Record<string, unknown>;
    for (const name in record) {
      writer.uint32(tag);
      const start = writer.open();
      try {
        key(name, writer);
        element(record[name], writer, depth);
      } catch (error) {
        throw inside(error, `[${quoted(name)}]`);
      }
      writer.close(start);
    }
  };
}

function mapValue(field: DescField & { fieldKind: 'map' }, messages: MessageEncoders): ElementWriter {
  if (field.mapKind === 'message') return messageElement(2, messages(field.message), false);
  return valueElement(2, field.mapKind === 'enum' ? enumEncoder(field.enum) : scalarEncoder(field.scalar));
}
