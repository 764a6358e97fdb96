import { ACTOR_FRAME_OVERHEAD, FULL_BATCH_BYTES, MAX_ACTOR_BACKLOG_BYTES, MAX_WRITE_BYTES } from './protocol.js';

const BATCH_FRAME = 0x0a; // Batch.frames
const FRAME_ACTORS = 0x4a; // Frame.actors
const PAYLOAD = 0x7a; // Actors.payload
const TAG_AND_LENGTH = 4;
/** What is written and what is filled at once; more would only lie about. */
const SPARE_BUFFERS = 2;

/**
 * Actor frames on their way out, written by hand as protobuf like calls. Buffers are used again once they were written: at
 * the rate of actors, collecting fresh ones would cost more than filling them.
 */
export class ActorLane {
  private readonly full: Buffer[] = [];
  private fullBytes = 0;
  private readonly spare: Buffer[] = [];
  private filling: Buffer | undefined;
  private length = 0;

  /** Not by the first batch that waits: whoever has to wait keeps what follows in a form that takes more memory and time. */
  get isBlocked(): boolean {
    return this.fullBytes >= MAX_ACTOR_BACKLOG_BYTES;
  }

  get backlogBytes(): number {
    return this.fullBytes + this.length;
  }

  /** Adds a frame; `payload` is copied and has at most `MAX_ACTOR_PAYLOAD_BYTES`. True when a batch became full. */
  add(payload: Uint8Array): boolean {
    const buffer = (this.filling ??= this.spare.pop() ?? Buffer.allocUnsafeSlow(MAX_WRITE_BYTES));
    const from = this.length;
    const size = payload.length;
    putHead(buffer, from, BATCH_FRAME, size + 2 * TAG_AND_LENGTH);
    putHead(buffer, from + TAG_AND_LENGTH, FRAME_ACTORS, size + TAG_AND_LENGTH);
    putHead(buffer, from + 2 * TAG_AND_LENGTH, PAYLOAD, size);
    buffer.set(payload, from + ACTOR_FRAME_OVERHEAD);
    this.length = from + ACTOR_FRAME_OVERHEAD + size;
    if (this.length < FULL_BATCH_BYTES) return false;
    const batch = this.close(buffer);
    this.full.push(batch);
    this.fullBytes += batch.length;
    return true;
  }

  /** What goes out next, full or not; undefined when nothing does. `release` follows when it was written. */
  next(): Buffer | undefined {
    const next = this.full.shift();
    if (next === undefined) return this.filling === undefined ? undefined : this.close(this.filling);
    this.fullBytes -= next.length;
    return next;
  }

  /** The batch was written: nobody reads it any more. */
  release(batch: Buffer): void {
    if (this.spare.length < SPARE_BUFFERS) this.spare.push(Buffer.from(batch.buffer, 0, MAX_WRITE_BYTES));
  }

  clear(): void {
    this.full.length = 0;
    this.fullBytes = 0;
  }

  private close(buffer: Buffer): Buffer {
    const batch = buffer.subarray(0, this.length);
    this.filling = undefined;
    this.length = 0;
    return batch;
  }
}

/** A tag and the length of what it stands for, in three bytes whatever it is: every protobuf reader takes padded varints. */
function putHead(buffer: Buffer, at: number, tag: number, length: number): void {
  buffer[at] = tag;
  buffer[at + 1] = (length & 0x7f) | 0x80;
  buffer[at + 2] = ((length >>> 7) & 0x7f) | 0x80;
  buffer[at + 3] = length >>> 14;
}
