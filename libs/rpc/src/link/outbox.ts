import type { Cancellable, Scheduler } from '@rookery/runtime';

import { ActorLane } from './actor-lane.js';
import { FrameWriter } from './frame-writer.js';
import { Lane } from './lane.js';
import { MAX_CONTROL_BYTES, MAX_FRAME_BYTES } from './protocol.js';

/** The way out of a link: one ordered stream of batches. */
export interface BatchSink {
  /** Sends a batch; `onWritten` is called once nobody here reads it any more, so that its memory may be used again. */
  write(batch: Buffer, onWritten: () => void): void;
  /** Ends the stream after what was written. */
  end(): void;
  /** Ends it at once. Harmless after the end. */
  destroy(reason: string): void;
}

export interface OutboxListener {
  /** The peer reads again: calls or replies that waited may go on. */
  unblocked(): void;
  /** The same for actor frames. */
  actorsUnblocked(): void;
  /** More control frames wait than an honest peer can cause. */
  overflowed(): void;
}

const WRITES_IN_FLIGHT = 2;
const CONTROL_WRITES_IN_FLIGHT = 8;
const CONTROL_SLAB_BYTES = 16 * 1024;

/**
 * Collects frames and writes them once in each turn of the event loop. Control frames stand in a batch of their own that
 * goes first. Calls and actor frames have a lane each, and take turns write by write, so that neither holds up the other by
 * more than a write. While a lane is blocked, whoever can wait must.
 */
export class Outbox {
  private readonly calls = new Lane();
  /** Made with the first actor frame: a link without actors has no memory for them. */
  private actorLane: ActorLane | undefined;
  private readonly controls = new FrameWriter(MAX_FRAME_BYTES, CONTROL_SLAB_BYTES);
  private wasActorsTurn = false;
  private lastSentId = 0;
  private takenFrames = 0;
  private toldFrames = 0;
  private inFlight = 0;
  private controlsInFlight = 0;
  private flush: Cancellable | undefined;
  private isClosed = false;

  constructor(
    private readonly sink: BatchSink,
    private readonly scheduler: Scheduler,
    private readonly listener: OutboxListener,
  ) {}

  /** Calls and replies are written here; `schedule` follows. */
  get frames(): FrameWriter {
    return this.calls.frames;
  }

  /** The peer reads calls, or replies, more slowly than we write them. */
  get isBlocked(): boolean {
    return this.calls.isBlocked;
  }

  /** Bytes of calls, or replies, that wait here because the peer does not read them. */
  get backlogBytes(): number {
    return this.calls.backlogBytes;
  }

  /** The peer reads actor frames more slowly than we write them. */
  get isActorsBlocked(): boolean {
    return this.actorLane?.isBlocked === true;
  }

  /** Bytes of actor frames that wait here. */
  get actorBacklogBytes(): number {
    return this.actorLane?.backlogBytes ?? 0;
  }

  /** The last call that may have left this process; later ones surely did not. */
  get sentId(): number {
    return this.lastSentId;
  }

  /** To be called after calls or replies were written; `id` is that of the last call among them. */
  schedule(id = 0): void {
    if (this.calls.closeBatch(id)) this.write();
    this.scheduleFlush();
  }

  /** Takes a frame of actors; its bytes are copied. */
  actors(payload: Uint8Array): void {
    if (this.isClosed) return;
    const lane = (this.actorLane ??= new ActorLane());
    if (lane.add(payload)) this.write();
    this.scheduleFlush();
  }

  /** Tells how many actor frames were taken. Written when control frames can leave, and then only the latest number. */
  taken(frames: number): void {
    this.takenFrames = frames;
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
    this.calls.clear();
    this.actorLane?.clear();
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
    if (this.controlsInFlight < CONTROL_WRITES_IN_FLIGHT) this.writeControls();
    while (this.inFlight < WRITES_IN_FLIGHT && this.writeNext());
  }

  /** Where both lanes have something to say, the one that did not speak last. False when none has. */
  private writeNext(): boolean {
    const isActorsTurn = this.calls.isEmpty || !this.wasActorsTurn;
    this.wasActorsTurn = isActorsTurn && this.writeActors();
    return this.wasActorsTurn || this.writeCalls();
  }

  private writeCalls(): boolean {
    if (this.calls.isEmpty) return false;
    const { batch, lastId } = this.calls.next();
    this.lastSentId = lastId;
    this.inFlight++;
    this.sink.write(batch, () => this.written());
    return true;
  }

  private writeActors(): boolean {
    const lane = this.actorLane;
    const batch = lane?.next();
    if (lane === undefined || batch === undefined) return false;
    this.inFlight++;
    this.sink.write(batch, () => {
      lane.release(batch);
      this.written();
    });
    return true;
  }

  private writeControls(): void {
    if (this.takenFrames > this.toldFrames) {
      this.toldFrames = this.takenFrames;
      this.controls.control({ taken: { frames: this.takenFrames } });
    }
    if (this.controls.length === 0) return;
    this.controlsInFlight++;
    this.sink.write(this.controls.take(), () => this.controlWritten());
  }

  private written(): void {
    if (this.isClosed) return;
    const wasBlocked = this.isBlocked;
    const wereActorsBlocked = this.isActorsBlocked;
    this.inFlight--;
    this.write();
    if (wasBlocked && !this.isBlocked) this.listener.unblocked();
    if (wereActorsBlocked && !this.isActorsBlocked) this.listener.actorsUnblocked();
  }

  private controlWritten(): void {
    if (this.isClosed) return;
    this.controlsInFlight--;
    this.write();
  }
}
