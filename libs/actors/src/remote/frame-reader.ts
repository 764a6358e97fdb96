import { actors } from '@rookery/contracts/messages';
import { SlabReader } from '@rookery/wire';
import type { MessageHeaders } from '../local/message-headers.js';

/** A message of a user as it was read; `reader` stands at its body of `bodyBytes` while the callback runs, and no longer. */
export interface IncomingTell {
  target: number;
  targetAsk: number;
  sender: number;
  senderAsk: number;
  type: number;
  headers: MessageHeaders | undefined;
  reader: SlabReader;
  bodyBytes: number;
}

export interface EntryListener {
  onTell(tell: IncomingTell): void;
  /** Everything else. */
  onEntry(entry: actors.Entry): void;
}

/** Reads a frame and calls the listener for each entry, in order. Throws when the bytes are no frame. */
export function readFrame(bytes: Uint8Array, listener: EntryListener): void {
  const reader = new SlabReader(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.varint();
    if (tag !== 0x0a) {
      reader.skip(tag & 7, tag >>> 3);
      continue;
    }
    const end = reader.varint() + reader.pos;
    if (end > reader.len) throw new RangeError('truncated entry');
    readEntry(reader, end, listener);
    reader.pos = end;
  }
}

function readEntry(reader: SlabReader, end: number, listener: EntryListener): void {
  const from = reader.pos;
  if (from < end && reader.varint() === 0x0a) {
    const tellEnd = reader.varint() + reader.pos;
    if (tellEnd !== end) throw new RangeError('malformed message');
    return readTell(reader, end, listener);
  }
  reader.pos = from;
  listener.onEntry(actors.Entry.decode(reader, end - from));
}

// The loop is written out here as in the frame reader of rpc: with one for both, a message takes a third longer to read.
function readTell(reader: SlabReader, end: number, listener: EntryListener): void {
  const tell: IncomingTell = {
    target: 0,
    targetAsk: 0,
    sender: 0,
    senderAsk: 0,
    type: 0,
    headers: undefined,
    reader,
    bodyBytes: 0,
  };
  let bodyAt = end;
  while (reader.pos < end) {
    const tag = reader.varint();
    if (tag === 0x7a) {
      tell.bodyBytes = reader.varint();
      bodyAt = reader.pos;
      reader.pos += tell.bodyBytes;
    } else {
      readField(reader, tag, tell);
    }
  }
  if (reader.pos !== end) throw new RangeError('malformed message');
  reader.pos = bodyAt;
  listener.onTell(tell);
}

function readField(reader: SlabReader, tag: number, tell: IncomingTell): void {
  switch (tag) {
    case 0x08:
      tell.target = reader.varint();
      return;
    case 0x10:
      tell.targetAsk = Number(reader.uint64());
      return;
    case 0x18:
      tell.sender = reader.varint();
      return;
    case 0x20:
      tell.senderAsk = Number(reader.uint64());
      return;
    case 0x28:
      tell.type = reader.varint();
      return;
    case 0x32:
      tell.headers = { ...tell.headers, ...readHeader(reader) };
      return;
    default:
      reader.skip(tag & 7, tag >>> 3);
  }
}

function readHeader(reader: SlabReader): MessageHeaders {
  const end = reader.varint() + reader.pos;
  let key = '';
  let value = '';
  while (reader.pos < end) {
    const tag = reader.varint();
    if (tag === 0x0a) key = reader.string();
    else if (tag === 0x12) value = reader.string();
    else reader.skip(tag & 7, tag >>> 3);
  }
  // Whatever a stranger calls it: it becomes an own property.
  return Object.defineProperty({}, key, { value, enumerable: true });
}
