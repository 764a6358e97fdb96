import type { Cancellable, Clock, Scheduler } from '@rookery/runtime';

const SLOT_MS = 10;
const SLOTS = 1024;
/** A turn that is so late says that the process stood still: stopped, busy, or given no time. */
const LATE_MS = 50;

/** Something that expires at an instant unless it is removed first. One wheel at a time. */
export interface Expirable {
  /** Monotonic milliseconds. */
  readonly deadlineAt: number;
  /**
   * Called once, at most 10 ms (and the event loop's delay) after `deadlineAt`. Where that delay was long, behind what had come
   * meanwhile: an answer that waits unread is an answer.
   */
  expire(): void;
  wheelSlot: number;
  wheelIndex: number;
}

/**
 * Deadlines of many calls with one timer: adding and removing cost no timer and no allocation. Runs a timer only while
 * something is waiting.
 */
export class DeadlineWheel {
  private readonly slots: Expirable[][] = Array.from({ length: SLOTS }, () => []);
  private size = 0;
  private cursor = 0;
  private turnedAt = 0;
  private timer: Cancellable | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  add(entry: Expirable, now = this.clock.monotonic()): void {
    if (this.timer === undefined) this.start(now);
    // Deadlines beyond one turn of the wheel wait in its last slot and are put in again from there.
    const due = Math.min(Math.ceil(entry.deadlineAt / SLOT_MS), this.cursor + SLOTS - 1);
    const slot = Math.max(due, this.cursor + 1) % SLOTS;
    const list = this.slotAt(slot);
    entry.wheelSlot = slot;
    entry.wheelIndex = list.length;
    list.push(entry);
    this.size++;
  }

  remove(entry: Expirable): void {
    if (entry.wheelIndex < 0) return;
    const list = this.slotAt(entry.wheelSlot);
    const last = list.pop();
    if (last !== undefined && last !== entry) {
      list[entry.wheelIndex] = last;
      last.wheelIndex = entry.wheelIndex;
    }
    entry.wheelIndex = -1;
    this.size--;
  }

  private start(now: number): void {
    this.cursor = Math.floor(now / SLOT_MS);
    this.turnedAt = now;
    this.timer = this.scheduler.interval(SLOT_MS, () => this.turn());
  }

  private turn(): void {
    const now = this.clock.monotonic();
    const isLate = now - this.turnedAt > SLOT_MS + LATE_MS;
    this.turnedAt = now;
    if (isLate) this.scheduler.macrotask(() => this.expireDue());
    else this.expireDue(now);
  }

  private expireDue(now = this.clock.monotonic()): void {
    const until = Math.floor(now / SLOT_MS);
    // After a standstill one turn empties every slot; what goes in again is to be found from here on, not a turn later.
    this.cursor = Math.max(this.cursor, until - SLOTS);
    while (this.cursor < until) this.empty(++this.cursor % SLOTS, now);
    this.stopIfEmpty();
  }

  /** Ends the timer when nothing waits. It ends by itself within 10 ms; for an orderly end that is to leave nothing behind. */
  stopIfEmpty(): void {
    if (this.size > 0) return;
    this.timer?.cancel();
    this.timer = undefined;
  }

  private empty(slot: number, now: number): void {
    const due = this.slotAt(slot);
    if (due.length === 0) return;
    this.slots[slot] = [];
    this.size -= due.length;
    for (const entry of due) entry.wheelIndex = -1;
    for (const entry of due) {
      if (entry.deadlineAt <= now) entry.expire();
      else this.add(entry, now);
    }
  }

  private slotAt(slot: number): Expirable[] {
    const list = this.slots[slot];
    if (list === undefined) throw new RangeError(`no slot ${slot}`);
    return list;
  }
}
