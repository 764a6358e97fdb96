import type { Cancellable, Scheduler } from '@rookery/runtime';

import { FrameWriter } from './frame-writer.js';
import { MAX_CONTROL_BYTES, MAX_FRAME_BYTES, MAX_WRITE_BYTES } from './protocol.js';

/** The way out of a link: one ordered stream of batches. */
export interface BatchSink {
  /** Sends a batch; `onWritten` is called once it has left this process's buffers. */
  write(batch: Buffer, onWritten: () => void): void;
  /** Ends the stream after what was written. */
  end(): void;
  /** Ends it at once. Harmless after the end. */
  destroy(reason: string): void;
}

export interface OutboxListener {
  /** The peer reads again: whoever waited may go on. */
  unblocked(): void;
  /** More control frames wait than an honest peer can cause. */
  overflowed(): void;
}

interface FullBatch {
  readonly batch: Buffer;
  readonly lastId: number;
}

const WRITES_IN_FLIGHT = 2;
const CONTROL_WRITES_IN_FLIGHT = 8;
/** A batch is closed while one more frame still fits, so that no write is larger than it may be. */
const BATCH_FULL_AT = MAX_WRITE_BYTES - MAX_FRAME_BYTES;
const CONTROL_SLAB_BYTES = 16 * 1024;

/**
 * Collects frames and writes them once in each turn of the event loop. Control frames stand in a batch of their own that
 * goes first. While `isBlocked`, whoever can wait must.
 */
export class Outbox {
  readonly frames = new FrameWriter(MAX_FRAME_BYTES);
  private readonly controls = new FrameWriter(MAX_FRAME_BYTES, CONTROL_SLAB_BYTES);
  /** Full batches that wait for the socket. */
  private readonly full: FullBatch[] = [];
  private fullBytes = 0;
  private lastId = 0;
  private lastSentId = 0;
  private inFlight = 0;
  private controlsInFlight = 0;
  private flush: Cancellable | undefined;
  private isClosed = false;

  constructor(
    private readonly sink: BatchSink,
    private readonly scheduler: Scheduler,
    private readonly listener: OutboxListener,
  ) {}

  /** The peer reads more slowly than we write. */
  get isBlocked(): boolean {
    return this.full.length > 0;
  }

  /** Bytes that wait here because the peer does not read them. */
  get backlogBytes(): number {
    return this.fullBytes + this.frames.length;
  }

  /** The last call that may have left this process; later ones surely did not. */
  get sentId(): number {
    return this.lastSentId;
  }

  /** To be called after frames were written; `id` is that of the last call among them. */
  schedule(id = 0): void {
    this.lastId = id;
    if (this.frames.length >= BATCH_FULL_AT) {
      const batch = this.frames.take();
      this.full.push({ batch, lastId: id });
      this.fullBytes += batch.length;
      this.write();
    }
    this.scheduleFlush();
  }

  control(frame: Parameters<FrameWriter['control']>[0]): void {
    if (this.isClosed) return;
    this.controls.control(frame);
    this.scheduleFlush();
    if (this.controls.length > MAX_CONTROL_BYTES) this.listener.overflowed();
  }

  /** Writes what is there and ends the stream. */
  end(): void {
    if (this.isClosed) return;
    this.flush?.cancel();
    // No reason to wait any more.
    this.inFlight = Number.NEGATIVE_INFINITY;
    this.controlsInFlight = Number.NEGATIVE_INFINITY;
    this.write();
    this.isClosed = true;
    this.sink.end();
  }

  destroy(reason: string): void {
    if (this.isClosed) return;
    this.flush?.cancel();
    this.isClosed = true;
    this.full.length = 0;
    this.fullBytes = 0;
    this.sink.destroy(reason);
  }

  private scheduleFlush(): void {
    this.flush ??= this.scheduler.macrotask(() => {
      this.flush = undefined;
      this.write();
    });
  }

  private write(): void {
    if (this.isClosed) return;
    if (this.controls.length > 0 && this.controlsInFlight < CONTROL_WRITES_IN_FLIGHT) {
      this.controlsInFlight++;
      this.sink.write(this.controls.take(), () => this.controlWritten());
    }
    while (this.inFlight < WRITES_IN_FLIGHT) {
      const next = this.full.shift();
      if (next !== undefined) {
        this.fullBytes -= next.batch.length;
        this.send(next.batch, next.lastId);
      } else if (this.frames.length > 0) {
        this.send(this.frames.take(), this.lastId);
      } else {
        return;
      }
    }
  }

  private send(batch: Buffer, lastId: number): void {
    this.inFlight++;
    this.lastSentId = lastId;
    this.sink.write(batch, () => this.written());
  }

  private written(): void {
    if (this.isClosed) return;
    const wasBlocked = this.isBlocked;
    this.inFlight--;
    this.write();
    if (wasBlocked && !this.isBlocked) this.listener.unblocked();
  }

  private controlWritten(): void {
    if (this.isClosed) return;
    this.controlsInFlight--;
    this.write();
  }
}
