import type { MessageEncoder } from './field-encoder.js';
import { refuseDepth } from './nesting.js';
import { ELEMENT_TAG, EntryTag, ValueTag } from './struct-tags.js';
import { TranscodingError, inside, mismatch } from './transcoding-error.js';
import type { WireWriter } from './wire-writer.js';

export const valueEncoder: MessageEncoder = { write: writeValue };
export const structEncoder: MessageEncoder = { write: writeStruct };
export const listValueEncoder: MessageEncoder = { write: writeList };

function writeValue(value: unknown, writer: WireWriter, depth: number): void {
  switch (typeof value) {
    case 'number':
      if (!Number.isFinite(value)) throw new TranscodingError('the number is outside the range of a 64 bit number');
      writer.uint32(ValueTag.number);
      writer.double(value);
      break;
    case 'string':
      writer.uint32(ValueTag.string);
      writer.string(value);
      break;
    case 'boolean':
      writer.uint32(ValueTag.bool);
      writer.uint32(value ? 1 : 0);
      break;
    default:
      writeNullOrNested(value, writer, depth);
  }
}

function writeNullOrNested(value: unknown, writer: WireWriter, depth: number): void {
  if (value === undefined) throw mismatch('a value', value);
  if (value === null) {
    writer.uint32(ValueTag.null);
    writer.uint32(0);
    return;
  }
  const isList = Array.isArray(value);
  writer.uint32(isList ? ValueTag.list : ValueTag.struct);
  const start = writer.open();
  if (isList) writeList(value, writer, depth + 1);
  else writeStruct(value, writer, depth + 1);
  writer.close(start);
}

function writeStruct(value: unknown, writer: WireWriter, depth: number): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch('an object', value);
  refuseDepth(depth);
  const record = value as Record<string, unknown>;
  for (const name in record) {
    writer.uint32(ELEMENT_TAG);
    const entry = writer.open();
    writer.uint32(EntryTag.key);
    writer.string(name);
    writeNested(EntryTag.value, record[name], writer, depth, name);
    writer.close(entry);
  }
}

function writeList(value: unknown, writer: WireWriter, depth: number): void {
  if (!Array.isArray(value)) throw mismatch('an array', value);
  refuseDepth(depth);
  value.forEach((item, index) => writeNested(ELEMENT_TAG, item, writer, depth, index));
}

function writeNested(tag: number, value: unknown, writer: WireWriter, depth: number, place: string | number): void {
  writer.uint32(tag);
  const start = writer.open();
  try {
    writeValue(value, writer, depth + 1);
  } catch (error) {
    throw inside(error, place);
  }
  writer.close(start);
}
