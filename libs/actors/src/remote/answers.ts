import type { actors } from '@rookery/contracts/messages';
import type { Cancellable, Scheduler } from '@rookery/runtime';
import { FrameWriter } from './frame-writer.js';
import type { PeerConnection } from './peer-network.port.js';

/** The network does not say when it takes answers again. */
const AGAIN_MS = 50;

/**
 * What the receiving end of a connection says back: who is here, and how far signals have come. Its opener waits for both, so
 * what the network does not take is said again until it does; of each only the latest counts.
 */
export class Answers {
  private readonly frames: FrameWriter;
  private waiting: Pick<Partial<actors.Entry>, 'welcome' | 'acknowledge'> = {};
  private again: Cancellable | undefined;
  private isTaken = true;

  constructor(
    connection: PeerConnection,
    largestFrameBytes: number,
    private readonly scheduler: Scheduler,
  ) {
    this.frames = new FrameWriter(largestFrameBytes, (frame) => {
      if (!connection.answer(frame)) this.isTaken = false;
    });
  }

  welcome(welcome: actors.Welcome): void {
    this.waiting = { ...this.waiting, welcome };
    this.send();
  }

  acknowledge(acknowledge: actors.Acknowledge): void {
    this.waiting = { ...this.waiting, acknowledge };
    this.send();
  }

  /** The connection has ended. */
  close(): void {
    this.again?.cancel();
  }

  private send(): void {
    if (this.again !== undefined) return;
    const { acknowledge, welcome } = this.waiting;
    this.isTaken = true;
    if (welcome !== undefined) this.frames.entry({ welcome });
    if (acknowledge !== undefined) this.frames.entry({ acknowledge });
    this.frames.flush();
    if (this.isTaken) this.waiting = {};
    else this.again = this.scheduler.timer(AGAIN_MS, () => this.sendAgain());
  }

  private sendAgain(): void {
    this.again = undefined;
    this.send();
  }
}
