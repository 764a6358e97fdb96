import { link } from '@rookery/contracts/messages';
import type { MessageCodec } from '@rookery/contracts/nest';

import { SlabReader } from '@rookery/wire';
import type { CallMetadata } from '../status/call-metadata.js';
import { MAX_FRAME_BYTES } from './protocol.js';

/** A call as it was read; `reader` stands at its payload of `payloadBytes` bytes while the callback runs, and no longer. */
export interface IncomingCall {
  id: number;
  methodNumber: number;
  path: string;
  remainingMs: number | undefined;
  traceparent: string | undefined;
  authorization: string | undefined;
  metadata: Map<string, string | Uint8Array> | undefined;
  attempt: number;
  reader: SlabReader;
  payloadBytes: number;
}

/** A reply of a call that succeeded with a payload; everything else arrives as a whole frame. */
export interface IncomingReply {
  id: number;
  headers: Map<string, string | Uint8Array> | undefined;
  trailers: Map<string, string | Uint8Array> | undefined;
  reader: SlabReader;
  payloadBytes: number;
}

export interface FrameListener {
  onCall(call: IncomingCall): void;
  onReply(reply: IncomingReply): void;
  /** A frame of actors; its payload is a view of the batch. */
  onActors(payload: Uint8Array): void;
  /** Replies with an error or a ticket, and all control frames. */
  onControl(frame: link.Frame): void;
}

const NOTHING: Uint8Array = new Uint8Array();

/** Reads a batch and calls the listener for each frame, in order. Throws when these are no frames, or one is too large. */
export function readBatch(bytes: Uint8Array, listener: FrameListener): void {
  const reader = new SlabReader(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.varint();
    if (tag !== 0x0a) {
      reader.skip(tag & 7, tag >>> 3);
      continue;
    }
    const size = reader.varint();
    const end = size + reader.pos;
    if (size > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${size} bytes`);
    if (end > reader.len) throw new RangeError('truncated frame');
    readFrame(reader, end, listener);
    reader.pos = end;
  }
}

/** Reads a batch and says why it could not be read to its end, or undefined. */
export function faultOfBatch(bytes: Uint8Array, listener: FrameListener): string | undefined {
  try {
    readBatch(bytes, listener);
    return undefined;
  } catch (error) {
    return `unreadable batch: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function readFrame(reader: SlabReader, end: number, listener: FrameListener): void {
  const from = reader.pos;
  const tag = reader.varint();
  if (tag === 0x12) {
    const size = reader.varint();
    if (reader.pos + size <= end) readCall(reader, reader.pos + size, listener);
    return;
  }
  if (tag === 0x1a) {
    const size = reader.varint();
    if (reader.pos + size <= end && readReply(reader, reader.pos + size, listener)) return;
  }
  if (tag === 0x4a) {
    const size = reader.varint();
    if (reader.pos + size <= end) return readActors(reader, reader.pos + size, listener);
  }
  reader.pos = from;
  listener.onControl(link.Frame.decode(reader, end - from));
}

// The loop is written out here as in the frame reader of the actors: with one for both, a call takes a quarter longer to read.
function readCall(reader: SlabReader, end: number, listener: FrameListener): void {
  const call: IncomingCall = {
    id: 0,
    methodNumber: 0,
    path: '',
    remainingMs: undefined,
    traceparent: undefined,
    authorization: undefined,
    metadata: undefined,
    attempt: 0,
    reader,
    payloadBytes: 0,
  };
  let payloadAt = end;
  while (reader.pos < end) {
    const tag = reader.varint();
    if (tag === 0x7a) {
      call.payloadBytes = reader.varint();
      payloadAt = reader.pos;
      reader.pos += call.payloadBytes;
    } else {
      readCallField(reader, tag, call);
    }
  }
  if (reader.pos !== end) throw new RangeError('malformed call');
  reader.pos = payloadAt;
  listener.onCall(call);
}

function readCallField(reader: SlabReader, tag: number, call: IncomingCall): void {
  switch (tag) {
    case 0x08:
      call.id = Number(reader.uint64());
      return;
    case 0x10:
      call.methodNumber = reader.varint();
      return;
    case 0x1a:
      call.path = reader.string();
      return;
    case 0x20:
      call.remainingMs = reader.varint();
      return;
    case 0x2a:
      call.traceparent = reader.string();
      return;
    case 0x32:
      call.authorization = reader.string();
      return;
    case 0x3a:
      call.metadata = readEntry(reader, call.metadata);
      return;
    case 0x40:
      call.attempt = reader.varint();
      return;
    default:
      reader.skip(tag & 7, tag >>> 3);
  }
}

/** Returns false when the reply is not a plain success, which is for the generated codec. */
function readReply(reader: SlabReader, end: number, listener: FrameListener): boolean {
  const reply: IncomingReply = { id: 0, headers: undefined, trailers: undefined, reader, payloadBytes: 0 };
  let payloadAt = -1;
  while (reader.pos < end) {
    const tag = reader.varint();
    switch (tag) {
      case 0x08:
        reply.id = Number(reader.uint64());
        break;
      case 0x2a:
        reply.trailers = readEntry(reader, reply.trailers);
        break;
      case 0x4a:
        reply.headers = readEntry(reader, reply.headers);
        break;
      case 0x7a:
        reply.payloadBytes = reader.varint();
        payloadAt = reader.pos;
        reader.pos += reply.payloadBytes;
        break;
      default:
        return false;
    }
  }
  if (reader.pos !== end) throw new RangeError('malformed reply');
  if (payloadAt < 0) return false;
  reader.pos = payloadAt;
  listener.onReply(reply);
  return true;
}

function readActors(reader: SlabReader, end: number, listener: FrameListener): void {
  let payload = NOTHING;
  while (reader.pos < end) {
    const tag = reader.varint();
    if (tag === 0x7a) payload = reader.bytes();
    else reader.skip(tag & 7, tag >>> 3);
  }
  if (reader.pos !== end) throw new RangeError('malformed frame of actors');
  listener.onActors(payload);
}

function readEntry(
  reader: SlabReader,
  into: Map<string, string | Uint8Array> | undefined,
): Map<string, string | Uint8Array> {
  const size = reader.varint();
  const end = reader.pos + size;
  const entry = link.MetadataEntry.decode(reader, size);
  reader.pos = end;
  const metadata = into ?? new Map<string, string | Uint8Array>();
  metadata.set(entry.key, entry.text ?? entry.binary ?? '');
  return metadata;
}

/** Decodes a payload where `reader` stands; throws when it is no message, or one that reaches into what follows. */
export function decodePayload<T>(codec: MessageCodec<T>, reader: SlabReader, payloadBytes: number): T {
  const end = reader.pos + payloadBytes;
  const message = codec.decode(reader, payloadBytes);
  if (reader.pos > end) throw new RangeError('the message is longer than its frame');
  return message;
}

/** Metadata of a frame that came by the generated codec. */
export function metadataOf(entries: readonly link.MetadataEntry[]): CallMetadata {
  return new Map(entries.map((entry) => [entry.key, entry.text ?? entry.binary ?? '']));
}
