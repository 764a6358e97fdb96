import type { MessageHeaders } from '../local/message-headers.js';
import type { Pid } from '../local/pid.js';
import type { Invoke } from './grain-messages.js';

/** A call that waits for its grain to be active here. */
export interface Parked {
  readonly invoke: Invoke;
  readonly sender: Pid | undefined;
  readonly headers: MessageHeaders;
  /** Monotonic. */
  readonly since: number;
}

export interface ParkingLimits {
  /** Calls that wait for one grain. Default 1000. */
  readonly perGrain: number;
  /** Calls that wait for any grain of the process. Default 10 000. */
  readonly inAll: number;
  /** Default 5000. */
  readonly timeMs: number;
}

/** Keeps calls in order, one place for each grain, and counts them all. */
export class ParkingLot {
  private count = 0;

  constructor(private readonly limits: ParkingLimits) {}

  /** False when there is no room. */
  park(place: Parked[], call: Parked): boolean {
    if (place.length >= this.limits.perGrain || this.count >= this.limits.inAll) return false;
    place.push(call);
    this.count++;
    return true;
  }

  takeAll(place: Parked[]): readonly Parked[] {
    this.count -= place.length;
    return place.splice(0);
  }

  /** Those that have waited for as long as they may. */
  takeLate(place: Parked[], now: number): readonly Parked[] {
    const firstInTime = place.findIndex(({ since }) => now - since < this.limits.timeMs);
    const late = place.splice(0, firstInTime === -1 ? place.length : firstInTime);
    this.count -= late.length;
    return late;
  }
}
