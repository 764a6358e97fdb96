import type { Cancellable, Clock, Scheduler } from '@rookery/runtime';

import { CLOSE_AFTER_MISSED, PING_AFTER_MS, PING_EVERY_MS, SUSPECT_AFTER_MISSED } from './protocol.js';

const CHECK_EVERY_MS = 250;

export interface LivenessListener {
  /** Send a ping now. */
  ping(): void;
  /** Two pings went unanswered. */
  suspect(): void;
  /** Something arrived after a suspicion. */
  recovered(): void;
  /** Five pings went unanswered. */
  dead(): void;
}

/** Watches one link for silence, from `start` on. */
export class Liveness {
  private timer: Cancellable | undefined;
  private heardAt = 0;
  private checkedAt = 0;
  private pingedAt = 0;
  private missed = 0;
  private isSuspect = false;

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly listener: LivenessListener,
  ) {}

  start(): void {
    this.heardAt = this.clock.monotonic();
    this.checkedAt = this.heardAt;
    this.timer ??= this.scheduler.interval(CHECK_EVERY_MS, () => this.check());
  }

  /** Something arrived, at this monotonic time. */
  heard(now: number): void {
    this.heardAt = now;
    this.missed = 0;
    if (!this.isSuspect) return;
    this.isSuspect = false;
    this.listener.recovered();
  }

  stop(): void {
    this.timer?.cancel();
  }

  private check(): void {
    const now = this.clock.monotonic();
    const late = now - this.checkedAt - CHECK_EVERY_MS;
    this.checkedAt = now;
    // We were stopped or busy ourselves: what the peer sent meanwhile waits unread, so the silence proves nothing.
    if (late > CHECK_EVERY_MS) {
      this.heardAt += late;
      this.pingedAt += late;
    }
    const isDue = this.missed === 0 ? now - this.heardAt >= PING_AFTER_MS : now - this.pingedAt >= PING_EVERY_MS;
    if (!isDue) return;
    this.pingedAt = now;
    // `missed` counts pings sent and not answered so far, including the one sent now.
    this.missed++;
    if (this.missed > CLOSE_AFTER_MISSED) return this.listener.dead();
    if (this.missed > SUSPECT_AFTER_MISSED && !this.isSuspect) {
      this.isSuspect = true;
      this.listener.suspect();
    }
    this.listener.ping();
  }
}
