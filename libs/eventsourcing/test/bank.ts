import { DomainError } from '@rookery/runtime';
import { VirtualTime } from '@rookery/runtime/testing';
import { AggregateHost, type Append, type AppendOutcome, type HostLimits } from '../src/index.js';
import { InMemoryEventStore } from '../src/testing/index.js';
import { account, type AccountCommand, type AccountEvent, type AccountState } from './account.js';

export const STREAM = 'account-ada';

/** A store that a test can let fail: before it has written, or behind it. */
export class FragileStore extends InMemoryEventStore {
  readonly appends: Append[] = [];
  before: ((append: Append) => Promise<void> | void) | undefined;
  behind: ((outcome: AppendOutcome) => void) | undefined;

  override async append(append: Append): Promise<AppendOutcome> {
    this.appends.push(append);
    await this.before?.(append);
    const outcome = await super.append(append);
    this.behind?.(outcome);
    return outcome;
  }

  /** As a disk does, or a hand in the database: this event of each stream is gone. */
  lose(version: number): void {
    const { readStream } = this;
    this.readStream = async (...query) => {
      const slice = await readStream.apply(this, query);
      return { ...slice, events: slice.events.filter((event) => event.version !== version) };
    };
  }

  /** As when another server takes over, which lacks the last commits. */
  goBackTo(earlier: InMemoryEventStore): void {
    this.append = earlier.append.bind(earlier);
    this.readStream = earlier.readStream.bind(earlier);
    this.loadSnapshot = earlier.loadSnapshot.bind(earlier);
  }
}

export type AccountHost = AggregateHost<AccountState, AccountCommand, AccountEvent, { readonly balance: number }>;

/** One account, in a store of its own, and hosts of it as a test wants them. */
export class Bank {
  readonly time = new VirtualTime();
  readonly store = new FragileStore(this.time.clock);
  readonly reports: unknown[] = [];

  /** What every host of it has. */
  get parts() {
    const report = (error: unknown): void => void this.reports.push(error);
    const { store, time } = this;
    return { aggregate: account, stream: STREAM, store, clock: time.clock, scheduler: time, report };
  }

  host(limits: Partial<HostLimits> = {}): AccountHost {
    return new AggregateHost({ ...this.parts, limits });
  }

  send(
    to: AccountHost,
    commandId: string,
    command: AccountCommand,
    principal = 'ada',
    timeoutMs = 5000,
  ): Promise<{ readonly balance: number }> {
    const deadlineAt = this.time.clock.monotonic() + timeoutMs;
    return to.execute({
      ...{ commandId, principal, requestHash: JSON.stringify(command) },
      ...{ command, metadata: {}, deadlineAt },
    });
  }

  /** What is in the log, as the events' amounts. */
  async amounts(): Promise<readonly unknown[]> {
    const { events } = await this.store.readStream(STREAM, 0, 1000);
    return events.map(({ event }) => event['amount']);
  }
}

export const deposit = (amount: number): AccountCommand => ({ type: 'Deposit', amount });
export const withdraw = (amount: number): AccountCommand => ({ type: 'Withdraw', amount });

export function unavailable(code: string): DomainError {
  return new DomainError(code, 'the store is away', { kind: 'unavailable' });
}
