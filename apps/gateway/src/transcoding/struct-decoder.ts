import type { MessageDecoder } from './field-decoder.js';
import { numberText, readQuoted } from './json-text.js';
import { ELEMENT_TAG, EntryTag, ValueTag } from './struct-tags.js';
import type { WireReader } from './wire-reader.js';

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
    case ValueTag.number:
      return finiteText(reader.double());
    case ValueTag.string:
      return readQuoted(reader);
    case ValueTag.bool:
      return reader.uint32() === 0 ? 'false' : 'true';
    case ValueTag.struct:
      return readNested(reader, readStruct);
    case ValueTag.list:
      return readNested(reader, readList);
    default:
      reader.skip(tag & 7);
      return tag === ValueTag.null ? 'null' : undefined;
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
    if (tag === ELEMENT_TAG) members.push(readEntry(reader));
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
    if (tag === EntryTag.key) key = readQuoted(reader);
    else if (tag === EntryTag.value) value = readNested(reader, readValue);
    else reader.skip(tag & 7);
  }
  return `${key}:${value}`;
}

function readList(reader: WireReader, end: number): string {
  const items: string[] = [];
  while (reader.position < end) {
    const tag = reader.uint32();
    if (tag === ELEMENT_TAG) items.push(readNested(reader, readValue));
    else reader.skip(tag & 7);
  }
  return `[${items.join(',')}]`;
}
