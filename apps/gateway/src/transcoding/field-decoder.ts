import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';

import { type ValueDecoder, enumDecoder, scalarDecoder } from './scalar-decoder.js';
import { WireKind, WireReader } from './wire-reader.js';

/** Reads a message up to `end` and returns its JSON text. */
export interface MessageDecoder {
  read(reader: WireReader, end: number): string;
}

export type MessageDecoders = (type: DescMessage) => MessageDecoder;

/**
 * Reads one occurrence of a field. `before` is the text from earlier occurrences. Returns the text that stands for all of
 * them, or undefined when the wire type is not the field's: then the caller skips it as unknown.
 */
export type FieldReader = (reader: WireReader, wireKind: number, before: string | undefined) => string | undefined;

export interface FieldDecoder {
  readonly read: FieldReader;
  /** Around the text: brackets of a list, braces of a map. */
  readonly open: string;
  readonly close: string;
  /** What stands for a field that was not sent: zero, `[]`, `{}`; undefined leaves it out. */
  readonly absent: string | undefined;
  /** Of a singular message with a length: a second occurrence must be merged with the first. */
  readonly message: MessageDecoder | undefined;
}

export function fieldDecoder(field: DescField, messages: MessageDecoders): FieldDecoder {
  switch (field.fieldKind) {
    case 'scalar':
      return singular(field, scalarDecoder(field.scalar));
    case 'enum':
      return singular(field, enumDecoder(field.enum));
    case 'message':
      return singularMessage(field, messages(field.message));
    case 'list':
      return { ...PLAIN, read: list(field, messages), open: '[', close: ']', absent: '[]' };
    case 'map':
      return { ...PLAIN, read: map(field, messages), open: '{', close: '}', absent: '{}' };
  }
}

const PLAIN = { open: '', close: '', absent: undefined, message: undefined };

function singular(field: DescField, decoder: ValueDecoder): FieldDecoder {
  const absent = field.presence === FeatureSet_FieldPresence.IMPLICIT ? decoder.zero : undefined;
  const read: FieldReader = (reader, wireKind) => (wireKind === decoder.wireKind ? decoder.read(reader) : undefined);
  return { ...PLAIN, read, absent };
}

function singularMessage(field: DescField & { delimitedEncoding: boolean }, message: MessageDecoder): FieldDecoder {
  return { ...PLAIN, read: messageReader(field, message), message: field.delimitedEncoding ? undefined : message };
}

function messageReader(field: DescField & { delimitedEncoding: boolean }, message: MessageDecoder): FieldReader {
  if (!field.delimitedEncoding)
    return (reader, wireKind) => (wireKind === WireKind.delimited ? readMessage(reader, message) : undefined);
  return (reader, wireKind) => (wireKind === WireKind.groupStart ? readGroup(reader, message) : undefined);
}

function readMessage(reader: WireReader, message: MessageDecoder): string {
  const end = reader.delimited();
  reader.enter();
  const text = message.read(reader, end);
  reader.leave();
  return text;
}

/** A group ends with a tag, so it is stepped over once to find its end. */
function readGroup(reader: WireReader, message: MessageDecoder): string {
  const start = reader.position;
  reader.skip(WireKind.groupStart);
  const behind = reader.position;
  reader.position = start;
  reader.enter();
  const text = message.read(reader, behind);
  reader.leave();
  reader.position = behind;
  return text;
}

function append(before: string | undefined, text: string): string {
  return before === undefined ? text : `${before},${text}`;
}

function list(field: DescField & { fieldKind: 'list' }, messages: MessageDecoders): FieldReader {
  if (field.listKind === 'message') {
    const read = messageReader(field, messages(field.message));
    return (reader, wireKind, before) => {
      const text = read(reader, wireKind, undefined);
      return text === undefined ? undefined : append(before, text);
    };
  }
  return scalarList(field.listKind === 'enum' ? enumDecoder(field.enum) : scalarDecoder(field.scalar));
}

/** Takes packed and single elements alike, whatever the contract says: writers of both kinds exist. */
function scalarList(decoder: ValueDecoder): FieldReader {
  return (reader, wireKind, before) => {
    if (wireKind === decoder.wireKind) return append(before, decoder.read(reader));
    if (wireKind !== WireKind.delimited) return undefined;
    const end = reader.delimited();
    let text = before;
    while (reader.position < end) text = append(text, decoder.read(reader));
    return text ?? '';
  };
}

function map(field: DescField & { fieldKind: 'map' }, messages: MessageDecoders): FieldReader {
  const key = scalarDecoder(field.mapKey);
  const value = mapValue(field, messages);
  return (reader, wireKind, before) => {
    if (wireKind !== WireKind.delimited) return undefined;
    const end = reader.delimited();
    let name = key.zero;
    let text: string | undefined;
    while (reader.position < end) {
      const tag = reader.uint32();
      if (tag === ((1 << 3) | key.wireKind)) name = key.read(reader);
      else text = readMapValue(reader, tag, value) ?? text;
    }
    return append(before, `${name.startsWith('"') ? name : `"${name}"`}:${text ?? value.zero}`);
  };
}

function readMapValue(reader: WireReader, tag: number, value: ValueDecoder): string | undefined {
  if (tag === ((2 << 3) | value.wireKind)) return value.read(reader);
  reader.skip(tag & 7);
  return undefined;
}

function mapValue(field: DescField & { fieldKind: 'map' }, messages: MessageDecoders): ValueDecoder {
  if (field.mapKind !== 'message')
    return field.mapKind === 'enum' ? enumDecoder(field.enum) : scalarDecoder(field.scalar);
  const message = messages(field.message);
  return {
    wireKind: WireKind.delimited,
    // Asked for late, because the type may contain itself.
    get zero() {
      return message.read(new WireReader(new Uint8Array(0)), 0);
    },
    read: (reader) => readMessage(reader, message),
  };
}
