import { FanOut } from './fan-out.js';
import { LastKnownGood } from './last-known-good.js';
import type { Watch } from './resolver.js';
import { type FeedOptions, isSameList } from './snapshot-feed.js';

/** The names of all services, kept through outages by the rules that hold for instances. */
export class NamesFeed {
  private readonly memory: LastKnownGood<string>;
  private readonly listeners: FanOut<readonly string[]>;
  private current: readonly string[] | undefined;

  constructor(private readonly options: FeedOptions) {
    const { scheduler, observer, graceMs, onUnused } = options;
    this.memory = new LastKnownGood({ scheduler, graceMs, claimsOf: () => [], onExpired: () => this.publish() });
    this.listeners = new FanOut((error) => observer.observe({ type: 'listener-failed', service: '', error }), onUnused);
  }

  subscribe(listener: (services: readonly string[]) => void): Watch {
    return this.listeners.add(listener, this.current);
  }

  isSuddenlyEmpty(names: readonly string[]): boolean {
    return this.memory.isSuddenlyEmpty(names.length);
  }

  accept(names: readonly string[]): void {
    const { clock, observer, store } = this.options;
    const confirmedAt = clock.now();
    this.memory.accept(byName(names));
    observer.observe({ type: 'confirmed', service: '', confirmedAt });
    const isChanged = this.publish();
    if (this.memory.unconfirmed.length === 0) store?.saveNames({ names, confirmedAt }, isChanged);
  }

  interrupt(): void {
    this.memory.interrupt();
  }

  /** The registry failed at the question of another feed. */
  doubt(): void {
    this.memory.doubt();
  }

  recall(names: readonly string[] | undefined): void {
    if (names === undefined || this.current !== undefined) return;
    this.memory.recall(byName(names));
    this.publish();
  }

  close(): void {
    this.memory.close();
    this.listeners.clear();
  }

  private publish(): boolean {
    const names = [...this.memory.items.keys()].sort();
    if (this.current !== undefined && isSameList(this.current, names)) return false;
    this.current = names;
    this.listeners.publish(names);
    return true;
  }
}

function byName(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [name, name]));
}
