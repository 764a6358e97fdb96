import type { Cancellable, Scheduler } from '@rookery/runtime';
import type { RunQueue } from '../local/run-queue.js';
import type { PeerConnection } from './peer-network.port.js';

/** A process that is never idle does not let others wait for longer. */
const LONGEST_MS = 20;

/**
 * Tells peers that their frames have been taken when our actors have handled what was in them, so that a peer cannot send faster
 * than they work.
 */
export class TakenFrames {
  private owed: PeerConnection[] = [];
  private limit: Cancellable | undefined;

  constructor(
    private readonly runQueue: RunQueue,
    private readonly scheduler: Scheduler,
  ) {
    runQueue.onIdle = () => this.tell();
  }

  /** All that was read has been told. */
  get isQuiet(): boolean {
    return this.owed.length === 0;
  }

  /** One more frame of that connection has been read. */
  add(connection: PeerConnection): void {
    this.owed.push(connection);
    this.limit ??= this.scheduler.timer(LONGEST_MS, () => this.tell());
    // With nothing to do for anybody, no turn will end.
    if (this.runQueue.isIdle) this.scheduler.microtask(() => this.tell());
  }

  /** The connections may last longer than our actors. */
  close(): void {
    this.runQueue.onIdle = undefined;
    this.tell();
  }

  private tell(): void {
    if (this.owed.length === 0) return;
    this.limit?.cancel();
    this.limit = undefined;
    const { owed } = this;
    this.owed = [];
    for (const connection of owed) connection.taken();
  }
}
