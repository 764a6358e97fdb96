import { ACTOR_FRAME_OVERHEAD } from './protocol.js';

const TIDY_AT = 1024;

/** The actor frames of one link, in their order, and what those hold of the credit that were not told as taken. */
export class UntakenFrames {
  private costs: number[] = [];
  /** Where the oldest of `costs` that still counts stands. */
  private head = 0;
  private heldBytes = 0;
  private takenFrames = 0;

  /** Bytes of credit that are used. */
  get bytes(): number {
    return this.heldBytes;
  }

  /** Frames taken so far. */
  get taken(): number {
    return this.takenFrames;
  }

  /** Frames of the link so far. */
  get total(): number {
    return this.takenFrames + this.costs.length - this.head;
  }

  add(payloadBytes: number): void {
    const cost = payloadBytes + ACTOR_FRAME_OVERHEAD;
    this.costs.push(cost);
    this.heldBytes += cost;
  }

  /** The first `frames` of the link were taken. False when there are not so many. */
  take(frames: number): boolean {
    if (!(frames <= this.total)) return false;
    while (this.takenFrames < frames) {
      this.heldBytes -= this.costs[this.head++] ?? 0;
      this.takenFrames++;
    }
    this.tidy();
    return true;
  }

  private tidy(): void {
    if (this.head === this.costs.length) this.costs.length = 0;
    else if (this.head >= TIDY_AT && this.head * 2 > this.costs.length) this.costs = this.costs.slice(this.head);
    else return;
    this.head = 0;
  }
}
