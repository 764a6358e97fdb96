import type { Cancellable, Scheduler } from '@rookery/runtime';

import { FrameWriter } from './frame-writer.js';
import { MAX_WRITE_BYTES } from './protocol.js';

/** The way out of a link: one ordered stream of batches. */
export interface BatchSink {
  /** Sends a batch; `onWritten` is called once it has left this process's buffers. */
  write(batch: Buffer, onWritten: () => void): void;
  /** Ends the stream after what was written. */
  end(): void;
  /** Ends it at once. */
  destroy(reason: string): void;
}

const WRITES_IN_FLIGHT = 2;

/**
 * Collects frames and writes them once in each turn of the event loop. Control frames stand in a batch of their own that
 * goes first. While `isBlocked`, whoever can wait must.
 */
export class Outbox {
  readonly frames: FrameWriter;
  private readonly controls: FrameWriter;
  /** Full batches that wait for the socket. */
  private readonly full: Buffer[] = [];
  private inFlight = 0;
  private flush: Cancellable | undefined;
  private isClosed = false;

  constructor(
    private readonly sink: BatchSink,
    private readonly scheduler: Scheduler,
    maxFrameBytes: number,
    private readonly onUnblocked: () => void,
  ) {
    this.frames = new FrameWriter(maxFrameBytes);
    this.controls = new FrameWriter(maxFrameBytes);
  }

  /** The peer reads more slowly than we write. */
  get isBlocked(): boolean {
    return this.full.length > 0;
  }

  /** To be called after frames were written. */
  schedule(): void {
    if (this.frames.length >= MAX_WRITE_BYTES) {
      this.full.push(this.frames.take());
      this.write();
    }
    this.flush ??= this.scheduler.macrotask(() => {
      this.flush = undefined;
      this.write();
    });
  }

  control(frame: Parameters<FrameWriter['control']>[0]): void {
    this.controls.control(frame);
    this.schedule();
  }

  /** Writes what is there and ends the stream. */
  end(): void {
    if (this.isClosed) return;
    this.flush?.cancel();
    this.inFlight = Number.NEGATIVE_INFINITY; // no reason to wait any more
    this.write();
    this.isClosed = true;
    this.sink.end();
  }

  destroy(reason: string): void {
    if (this.isClosed) return;
    this.flush?.cancel();
    this.isClosed = true;
    this.sink.destroy(reason);
  }

  private write(): void {
    if (this.isClosed) return;
    if (this.controls.length > 0) this.send(this.controls.take());
    while (this.inFlight < WRITES_IN_FLIGHT) {
      const next = this.full.shift() ?? (this.frames.length > 0 ? this.frames.take() : undefined);
      if (next === undefined) return;
      this.send(next);
    }
  }

  private send(batch: Buffer): void {
    this.inFlight++;
    this.sink.write(batch, () => this.written());
  }

  private written(): void {
    if (this.isClosed) return;
    const wasBlocked = this.isBlocked;
    this.inFlight--;
    this.write();
    if (wasBlocked && !this.isBlocked) this.onUnblocked();
  }
}
