import type { actors } from '@rookery/contracts/messages';

/** A signal without its number. */
export type SignalBody = Omit<actors.Signal, 'number'>;

export interface NumberedSignal {
  readonly number: number;
  readonly body: SignalBody;
  /** Monotonic. */
  readonly since: number;
  /** It has been written on some connection. */
  wasSent: boolean;
}

/** Signals to one actor system, kept until they are known to have arrived. */
export class SignalOutbox {
  private unacknowledged: NumberedSignal[] = [];
  private last = 0;

  get size(): number {
    return this.unacknowledged.length;
  }

  /** Since when the first of them waits; undefined when none does. */
  get waitingSince(): number | undefined {
    return this.unacknowledged[0]?.since;
  }

  add(body: SignalBody, since: number): NumberedSignal {
    const signal = { number: ++this.last, body, since, wasSent: false };
    this.unacknowledged.push(signal);
    return signal;
  }

  /** All up to `number` have arrived. */
  acknowledge(number: number): void {
    const left = this.unacknowledged.findIndex((signal) => signal.number > number);
    this.unacknowledged = left < 0 ? [] : this.unacknowledged.slice(left);
  }

  /** What was written on an earlier connection and may not have arrived, in order. */
  sent(): readonly NumberedSignal[] {
    return this.unacknowledged.filter(({ wasSent }) => wasSent);
  }

  /** Another actor system is at the other end, which has heard nothing. */
  restart(): void {
    this.unacknowledged = [];
    this.last = 0;
  }
}
