import type { MessageDecoder } from './field-decoder.js';
import { numberText, readQuoted } from './json-text.js';
import type { WireReader } from './wire-reader.js';

// google.protobuf.Value: one field for each kind of JSON value.
const NUMBER_TAG = 0x11;
const STRING_TAG = 0x1a;
const BOOL_TAG = 0x20;
const STRUCT_TAG = 0x2a;
const LIST_TAG = 0x32;
const ENTRY_TAG = 0x0a;
const KEY_TAG = 0x0a;
const VALUE_TAG = 0x12;

export const valueDecoder: MessageDecoder = { read: readValue };
export const structDecoder: MessageDecoder = { read: readStruct };
export const listValueDecoder: MessageDecoder = { read: readList };

function readValue(reader: WireReader, end: number): string {
  let text = 'null';
  while (reader.position < end) text = readKind(reader.uint32(), reader) ?? text;
  return text;
}

function readKind(tag: number, reader: WireReader): string | undefined {
  switch (tag) {
    case NUMBER_TAG:
      return finiteText(reader.double());
    case STRING_TAG:
      return readQuoted(reader);
    case BOOL_TAG:
      return reader.uint32() === 0 ? 'false' : 'true';
    case STRUCT_TAG:
      return readNested(reader, readStruct);
    case LIST_TAG:
      return readNested(reader, readList);
    default:
      reader.skip(tag & 7);
      return tag === 0x08 ? 'null' : undefined;
  }
}

function finiteText(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`a google.protobuf.Value cannot hold ${value}`);
  return numberText(value);
}

function readNested(reader: WireReader, read: (reader: WireReader, end: number) => string): string {
  const end = reader.delimited();
  reader.enter();
  const text = read(reader, end);
  reader.leave();
  return text;
}

function readStruct(reader: WireReader, end: number): string {
  const members: string[] = [];
  while (reader.position < end) {
    const tag = reader.uint32();
    if (tag === ENTRY_TAG) members.push(readEntry(reader));
    else reader.skip(tag & 7);
  }
  return `{${members.join(',')}}`;
}

function readEntry(reader: WireReader): string {
  const end = reader.delimited();
  let key = '""';
  let value = 'null';
  while (reader.position < end) {
    const tag = reader.uint32();
    if (tag === KEY_TAG) key = readQuoted(reader);
    else if (tag === VALUE_TAG) value = readNested(reader, readValue);
    else reader.skip(tag & 7);
  }
  return `${key}:${value}`;
}

function readList(reader: WireReader, end: number): string {
  const items: string[] = [];
  while (reader.position < end) {
    const tag = reader.uint32();
    if (tag === ENTRY_TAG) items.push(readNested(reader, readValue));
    else reader.skip(tag & 7);
  }
  return `[${items.join(',')}]`;
}
