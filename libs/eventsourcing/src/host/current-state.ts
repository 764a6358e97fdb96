import type { Clock } from '@rookery/runtime';
import type { Aggregate, Command } from '../aggregate.js';
import type { DomainEvent } from '../event.js';
import type { EventStore } from '../event-store.port.js';
import { FenceLostError } from './host-errors.js';
import { catchUp, type LoadedState, loadState } from './loaded-state.js';

export interface CurrentStateParts<S, C extends Command, E extends DomainEvent> {
  readonly aggregate: Aggregate<S, C, E>;
  readonly stream: string;
  readonly store: EventStore;
  readonly clock: Clock;
}

/** What a host knows of its stream, and how sure it is of it. */
export class CurrentState<S, C extends Command, E extends DomainEvent> {
  private loaded: LoadedState<S> | undefined;
  /** Monotonic: when a question was sent to which the answer was that this is the stream's state. */
  private confirmedAt = -Infinity;
  private isStale = false;
  private loading: Promise<LoadedState<S>> | undefined;
  /** An append of ours may still be on its way in the store: who appended behind our back may be ourselves. */
  private hasStray = false;

  constructor(private readonly parts: CurrentStateParts<S, C, E>) {}

  /** What is known, if it was confirmed within `leaseMs`. */
  within(leaseMs: number): LoadedState<S> | undefined {
    if (this.isStale || this.parts.clock.monotonic() - this.confirmedAt > leaseMs) return undefined;
    return this.loaded;
  }

  /** What is known, loaded if need be. Throws when the stream is no longer as far as what is known. */
  get(): Promise<LoadedState<S>> {
    if (this.loaded !== undefined && !this.isStale) return Promise.resolve(this.loaded);
    this.loading ??= this.load().finally(() => (this.loading = undefined));
    return this.loading;
  }

  /** Asks the store whether this is the stream's state still. */
  async confirm(): Promise<LoadedState<S>> {
    const { clock, store, stream } = this.parts;
    const sentAt = clock.monotonic();
    const known = await this.get();
    const { version } = await store.readStream(stream, known.version, 1);
    if (version === known.version) return this.set(known, sentAt);
    this.strangerWrote();
    return this.get();
  }

  /** An append that was sent then has made it so. */
  appended(after: LoadedState<S>, sentAt: number): void {
    // A stray of before is for a version that the stream no longer has; unless this append has only recorded answers.
    if (after.version > (this.loaded?.version ?? 0)) this.hasStray = false;
    this.set(after, sentAt);
  }

  /** The store has not said whether it took an append. */
  lostSight(): void {
    this.isStale = true;
    this.hasStray = true;
  }

  /** Somebody has appended what is not known here. Throws when that was not this host. */
  strangerWrote(): void {
    if (!this.hasStray) throw new FenceLostError(this.parts.stream);
    this.isStale = true;
  }

  private async load(): Promise<LoadedState<S>> {
    const { aggregate, store, stream } = this.parts;
    const sentAt = this.parts.clock.monotonic();
    if (this.loaded === undefined) return this.set(await loadState(aggregate, stream, store), sentAt);
    const { version } = this.loaded;
    const loaded = await catchUp(aggregate, stream, store, this.loaded);
    // The store has gone back, as when another server took over without the last commits: what is known has not happened.
    if (loaded.version < version) throw new FenceLostError(stream);
    return this.set(loaded, sentAt);
  }

  private set(loaded: LoadedState<S>, sentAt: number): LoadedState<S> {
    this.loaded = loaded;
    this.confirmedAt = sentAt;
    this.isStale = false;
    return loaded;
  }
}
