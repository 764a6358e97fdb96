import { link } from '@rookery/contracts/messages';
import type { MessageCodec } from '@rookery/contracts/nest';

import { SlabWriter } from '@rookery/wire';
import type { CallMetadata } from '../status/call-metadata.js';
import type { CallStatus } from '../status/call-status.js';

const BATCH_FRAME = 0x0a; // Batch.frames
const FRAME_CALL = 0x12; // Frame.call
const FRAME_REPLY = 0x1a; // Frame.reply
const PAYLOAD = 0x7a; // field 15 of Call and of Reply
const LONGEST_MESSAGE = 1024;

/** What the writer needs of a call. */
export interface OutgoingCall {
  readonly id: number;
  readonly methodNumber: number;
  /** Named by the first call of a method on this link. */
  readonly path: string | undefined;
  readonly remainingMs: number | undefined;
  readonly traceparent: string | undefined;
  readonly authorization: string | undefined;
  readonly metadata: CallMetadata | undefined;
  readonly attempt: number;
}

/**
 * Writes frames of the link as protobuf, straight into one run of bytes that is a `rookery.link.v1.Batch`. Calls and replies
 * are written by hand, because they are the hot path; a test holds them against the generated codec.
 */
export class FrameWriter {
  private readonly slab: SlabWriter;
  private readonly writer: ReturnType<SlabWriter['asBinaryWriter']>;

  /** Memory is taken in runs of `slabBytes`; 1 MiB where nothing is said. */
  constructor(
    private maxFrameBytes: number,
    slabBytes?: number,
  ) {
    this.slab = new SlabWriter(slabBytes);
    this.writer = this.slab.asBinaryWriter();
  }

  /** The peer takes no larger frames than this. */
  limit(maxFrameBytes: number): void {
    this.maxFrameBytes = Math.min(this.maxFrameBytes, maxFrameBytes);
  }

  get length(): number {
    return this.slab.length;
  }

  take(): Buffer {
    return this.slab.take();
  }

  /** Returns undefined when the frame was written, or the encoded payload when it is too large for a frame. */
  call<T>(call: OutgoingCall, message: T, codec: MessageCodec<T>): Buffer | undefined {
    const { slab } = this;
    const mark = slab.length;
    const body = this.open(FRAME_CALL);
    slab.byte(0x08);
    slab.uint64(call.id);
    slab.byte(0x10);
    slab.uint32(call.methodNumber);
    if (call.path !== undefined) this.text(0x1a, call.path);
    if (call.remainingMs !== undefined) {
      slab.byte(0x20);
      slab.uint32(call.remainingMs);
    }
    if (call.traceparent !== undefined) this.text(0x2a, call.traceparent);
    if (call.authorization !== undefined) this.text(0x32, call.authorization);
    if (call.metadata !== undefined) this.metadata(0x3a, call.metadata);
    if (call.attempt > 0) {
      slab.byte(0x40);
      slab.uint32(call.attempt);
    }
    return this.payload(mark, body, message, codec);
  }

  /** Returns undefined when the frame was written, or the encoded payload when it is too large for a frame. */
  reply<T>(
    id: number,
    message: T,
    codec: MessageCodec<T>,
    headers: CallMetadata | undefined,
    trailers: CallMetadata | undefined,
  ): Buffer | undefined {
    const { slab } = this;
    const mark = slab.length;
    const body = this.open(FRAME_REPLY);
    slab.byte(0x08);
    slab.uint64(id);
    if (trailers !== undefined) this.metadata(0x2a, trailers);
    if (headers !== undefined) this.metadata(0x4a, headers);
    return this.payload(mark, body, message, codec);
  }

  /** Of a status that is too large for a frame the trailers and details stay behind, and the end of its message. */
  failure(id: number, status: CallStatus, headers: CallMetadata | undefined): void {
    const { code, isNotStarted: notStarted, message, retryAfterMs } = status;
    const core = { id, code, notStarted, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    const details = status.details.map((detail) => ({ ...detail }));
    const all = { ...core, message, details, trailers: entriesOf(status.trailers), headers: entriesOf(headers) };
    if (this.isWritten(all) || this.isWritten({ ...core, message, details })) return;
    this.isWritten({ ...core, message: message.slice(0, LONGEST_MESSAGE) });
  }

  /** False when headers and trailers make the frame too large. */
  ticket(
    id: number,
    ticket: Uint8Array,
    headers: CallMetadata | undefined,
    trailers: CallMetadata | undefined,
  ): boolean {
    return this.isWritten({ id, ticket, headers: entriesOf(headers), trailers: entriesOf(trailers) });
  }

  /** A control frame, by the generated codec. Control frames are small. */
  control(frame: Partial<link.Frame>): void {
    this.slab.byte(BATCH_FRAME);
    const mark = this.slab.openLength();
    link.Frame.encode(link.Frame.fromPartial(frame), this.writer);
    this.slab.closeLength(mark);
  }

  private isWritten(reply: Partial<link.Reply>): boolean {
    const mark = this.slab.length;
    this.control({ reply: link.Reply.fromPartial(reply) });
    if (this.slab.length - mark <= this.maxFrameBytes) return true;
    this.slab.rollBack(mark);
    return false;
  }

  private open(kind: number): number {
    this.slab.byte(BATCH_FRAME);
    this.slab.openLength();
    this.slab.byte(kind);
    return this.slab.openLength();
  }

  private payload<T>(mark: number, body: number, message: T, codec: MessageCodec<T>): Buffer | undefined {
    const { slab } = this;
    slab.byte(PAYLOAD);
    const from = slab.openLength();
    try {
      codec.encode(message, this.writer);
    } catch (error) {
      slab.rollBack(mark);
      throw error;
    }
    if (slab.length - mark > this.maxFrameBytes) {
      const payload = slab.copyFrom(from);
      slab.rollBack(mark);
      return payload;
    }
    slab.closeLength(from);
    slab.closeLength(body);
    slab.closeLength(body - 4);
    return undefined;
  }

  private text(tag: number, value: string): void {
    this.slab.byte(tag);
    this.slab.string(value);
  }

  private metadata(tag: number, metadata: CallMetadata): void {
    for (const entry of entriesOf(metadata)) {
      this.slab.byte(tag);
      this.slab.fork();
      link.MetadataEntry.encode(entry, this.writer);
      this.slab.join();
    }
  }
}

function entriesOf(metadata: CallMetadata | undefined): link.MetadataEntry[] {
  if (metadata === undefined) return [];
  return Array.from(metadata, ([key, value]) =>
    link.MetadataEntry.fromPartial(typeof value === 'string' ? { key, text: value } : { key, binary: value }),
  );
}
