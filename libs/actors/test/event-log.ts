import type { Scheduler } from '@rookery/runtime';
import type { SeededRandom, VirtualTime } from '@rookery/runtime/testing';

export interface LoggedEvent {
  readonly version: number;
  readonly amount: number;
}

/** A store of events as its clients know it: unique (stream, version), slow at times, and silent about what it did at others. */
export class EventLog {
  private readonly streams = new Map<string, LoggedEvent[]>();

  constructor(
    private readonly time: VirtualTime,
    private readonly random: SeededRandom,
    /** Without it a version is written as often as somebody wants to. */
    private readonly hasFence: boolean,
  ) {}

  eventsOf(stream: string): readonly LoggedEvent[] {
    return this.streams.get(stream) ?? [];
  }

  /** The events, as the client's process hears of them. */
  load(stream: string, client: Scheduler): Promise<readonly LoggedEvent[]> {
    return this.call(client, () => [...this.eventsOf(stream)]);
  }

  /** False: the version is taken. Rejects when it is unknown whether the event was, or will be, stored. */
  append(stream: string, event: LoggedEvent, client: Scheduler): Promise<boolean> {
    return this.call(client, () => {
      const events = this.streams.get(stream) ?? [];
      this.streams.set(stream, events);
      if (this.hasFence && events.length !== event.version) return false;
      events.push(event);
      return true;
    });
  }

  private call<T>(client: Scheduler, work: () => T): Promise<T> {
    const dice = this.random.int(100);
    return new Promise((resolve, reject) => {
      const fail = (): void => reject(new Error('the store does not answer'));
      // The question gets lost, or comes too late to be answered.
      if (dice < 2) client.timer(this.random.int(300), fail);
      if (dice === 0) return;
      this.time.timer(this.delay(), () => {
        const result = work();
        const isAnswerLost = dice === 2;
        client.timer(this.delay(), () => (isAnswerLost ? fail() : resolve(result)));
      });
    });
  }

  private delay(): number {
    return this.random.int(this.random.int(10) === 0 ? 400 : 10);
  }
}
