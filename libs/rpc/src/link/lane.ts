import { FrameWriter } from './frame-writer.js';
import { FULL_BATCH_BYTES, MAX_FRAME_BYTES } from './protocol.js';

export interface FullBatch {
  readonly batch: Buffer;
  /** The last call in it. */
  readonly lastId: number;
}

/** Calls, or replies, on their way out: the batch that is being filled, and full ones that wait for the socket. */
export class Lane {
  readonly frames = new FrameWriter(MAX_FRAME_BYTES);
  private readonly full: FullBatch[] = [];
  private fullBytes = 0;
  private lastId = 0;

  /** The peer reads more slowly than we write. */
  get isBlocked(): boolean {
    return this.full.length > 0;
  }

  get isEmpty(): boolean {
    return this.frames.length === 0 && this.full.length === 0;
  }

  get backlogBytes(): number {
    return this.fullBytes + this.frames.length;
  }

  /** To be called after frames were written; `id` is that of the last call among them. True when a batch became full. */
  closeBatch(id: number): boolean {
    this.lastId = id;
    if (this.frames.length < FULL_BATCH_BYTES) return false;
    const batch = this.frames.take();
    this.full.push({ batch, lastId: id });
    this.fullBytes += batch.length;
    return true;
  }

  /** What goes out next, full or not. */
  next(): FullBatch {
    const next = this.full.shift();
    if (next === undefined) return { batch: this.frames.take(), lastId: this.lastId };
    this.fullBytes -= next.batch.length;
    return next;
  }

  clear(): void {
    this.full.length = 0;
    this.fullBytes = 0;
  }
}
