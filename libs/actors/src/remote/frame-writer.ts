import { actors } from '@rookery/contracts/messages';
import { SlabWriter } from '@rookery/wire';
import { type MessageHeaders, NO_HEADERS } from '../local/message-headers.js';
import { ASK_ID } from '../local/pending-ask.js';
import type { AnyPid } from '../local/pid.js';
import { NumberTable } from './number-table.js';
import type { WireType } from './wire-type.js';

const FRAME_ENTRY = 0x0a; // Frame.entries
const ENTRY_TELL = 0x0a; // Entry.tell
const SLAB_BYTES = 256 * 1024;
/** The largest message that travels, in chunks when it must: as gRPC's own limit. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** What stands around the part of a chunk. */
const CHUNK_MARGIN = 32;

/** Whose asks are numbered, and from where. */
export interface AskNumbering {
  readonly address: string;
  readonly askOrigin: number;
}

/**
 * Writes entries into frames of a connection. Messages of users are written by hand, because they are the hot path; a test
 * holds them against the generated codec.
 */
export class FrameWriter {
  private readonly slab = new SlabWriter(SLAB_BYTES);
  private readonly writer = this.slab.asBinaryWriter();
  private numbers = new NumberTable();
  private named: boolean[] = [];

  constructor(
    private readonly limit: number,
    /** A frame is full, or was asked for. */
    private readonly onFrame: (frame: Uint8Array) => void,
  ) {}

  /** The reader has forgotten what the numbers stand for. */
  restartNames(): void {
    this.numbers = new NumberTable();
    this.named = [];
  }

  /** Throws what the codec throws, and when the message is too large; then nothing was written. */
  tell(
    from: AskNumbering,
    to: AskNumbering,
    target: AnyPid,
    sender: AnyPid | undefined,
    type: WireType,
    message: unknown,
    headers: MessageHeaders,
  ): void {
    const isToAsk = isAskOf(to, target);
    const isFromAsk = sender !== undefined && isAskOf(from, sender);
    const targetNumber = isToAsk ? 0 : this.numberOf(from, target);
    const senderNumber = sender === undefined || isFromAsk ? 0 : this.numberOf(from, sender, targetNumber);
    if (this.named[type.number] !== true) this.nameType(type);
    // Names have settled by themselves.
    const mark = this.slab.length;
    try {
      this.open();
      this.party(0x08, 0x10, targetNumber, isToAsk ? target.incarnation - to.askOrigin : 0);
      this.party(0x18, 0x20, senderNumber, isFromAsk ? sender.incarnation - from.askOrigin : 0);
      this.slab.byte(0x28);
      this.slab.uint32(type.number);
      if (headers !== NO_HEADERS) this.headers(headers);
      this.slab.byte(0x7a);
      this.slab.fork();
      type.codec.encode(message, this.writer);
      this.close(mark);
    } catch (error) {
      this.slab.rollBack(mark);
      throw error;
    }
    this.settle(mark);
  }

  /** Whatever is not a message of a user, by the generated codec. */
  entry(entry: Partial<actors.Entry>): void {
    const mark = this.slab.length;
    this.slab.byte(FRAME_ENTRY);
    this.slab.fork();
    actors.Entry.encode(actors.Entry.fromPartial(entry), this.writer);
    this.slab.join();
    this.settle(mark);
  }

  /** Hands out what was written, if anything. */
  flush(): void {
    if (this.slab.length > 0) this.onFrame(this.slab.take());
  }

  private open(): void {
    this.slab.byte(FRAME_ENTRY);
    this.slab.fork();
    this.slab.byte(ENTRY_TELL);
    this.slab.fork();
  }

  private close(mark: number): void {
    this.slab.join().join().join();
    if (this.slab.length - mark > MAX_MESSAGE_BYTES) throw new RangeError(`more than ${MAX_MESSAGE_BYTES} bytes`);
  }

  private party(tag: number, askTag: number, number: number, ask: number): void {
    if (number > 0) {
      this.slab.byte(tag);
      this.slab.uint32(number);
    } else if (ask > 0) {
      this.slab.byte(askTag);
      this.slab.uint64(ask);
    }
  }

  private headers(headers: MessageHeaders): void {
    for (const [key, value] of Object.entries(headers)) {
      this.slab.byte(0x32);
      this.slab.fork();
      this.slab.byte(0x0a);
      this.slab.string(key);
      this.slab.byte(0x12);
      this.slab.string(value);
      this.slab.join();
    }
  }

  /** A new number is not that of `beside`, which is needed too. */
  private numberOf(from: AskNumbering, pid: AnyPid, beside = 0): number {
    const known = this.numbers.numberOf(pid);
    if (known > 0) return known;
    const number = this.numbers.assign(pid, beside);
    const address = pid.address === from.address ? '' : pid.address;
    this.entry({ pidName: { number, pid: { address, id: pid.id, incarnation: pid.incarnation } } });
    return number;
  }

  private nameType({ name, number }: WireType): void {
    this.named[number] = true;
    this.entry({ typeName: { number, name } });
  }

  /** What was written after `mark` goes into the next frame when it does not fit into this one. */
  private settle(mark: number): void {
    if (this.slab.length <= this.limit) return;
    const rest = this.slab.copyFrom(mark);
    this.slab.rollBack(mark);
    this.flush();
    if (rest.length <= this.limit) this.slab.raw(rest);
    else this.chunks(rest);
  }

  /** `rest` is one entry with its tag and length: as a frame of its own would be. */
  private chunks(rest: Uint8Array): void {
    const size = this.limit - CHUNK_MARGIN;
    for (let from = 0; from < rest.length; from += size) {
      this.flush();
      this.entry({ chunk: { part: rest.subarray(from, from + size), isLast: from + size >= rest.length } });
    }
  }
}

function isAskOf({ address, askOrigin }: AskNumbering, { address: own, id, incarnation }: AnyPid): boolean {
  return id === ASK_ID && own === address && incarnation > askOrigin;
}
