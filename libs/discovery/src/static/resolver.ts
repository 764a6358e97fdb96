import type { Clock, Scheduler } from '@rookery/runtime';
import { type DiscoveryObserver, SilentDiscoveryObserver } from '../discovery-observer.port.js';
import { NamesFeed } from '../names-feed.js';
import { Resolver, type Watch } from '../resolver.js';
import type { Snapshot } from '../snapshot.js';
import { type FeedOptions, SnapshotFeed } from '../snapshot-feed.js';
import type { StaticCatalogue } from './catalogue.js';

export interface StaticResolverOptions {
  readonly catalogue: StaticCatalogue;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly observer?: DiscoveryObserver | undefined;
}

/** Finds instances in a catalogue of this process. */
export class StaticResolver extends Resolver {
  private readonly feeds = new Map<string, SnapshotFeed>();
  private names: NamesFeed | undefined;
  private readonly following: Watch;

  constructor(private readonly options: StaticResolverOptions) {
    super();
    this.following = options.catalogue.onChange((service) => {
      this.feeds.get(service)?.accept(options.catalogue.answer(service));
      this.names?.accept(options.catalogue.services);
    });
  }

  watch(service: string, onSnapshot: (snapshot: Snapshot) => void): Watch {
    let feed = this.feeds.get(service);
    if (feed === undefined) {
      feed = new SnapshotFeed({ ...this.feedOptions(() => this.feeds.delete(service)), service });
      this.feeds.set(service, feed);
      feed.accept(this.options.catalogue.answer(service));
    }
    return feed.subscribe(onSnapshot);
  }

  async lookup(service: string): Promise<Snapshot> {
    const { usable, outOfRotation } = this.options.catalogue.answer(service);
    const confirmedAt = this.options.clock.now();
    return { service, instances: usable, outOfRotation, unconfirmed: [], confirmedAt, source: 'registry' };
  }

  watchServices(onServices: (services: readonly string[]) => void): Watch {
    if (this.names === undefined) {
      this.names = new NamesFeed(this.feedOptions(() => (this.names = undefined)));
      this.names.accept(this.options.catalogue.services);
    }
    return this.names.subscribe(onServices);
  }

  async close(): Promise<void> {
    this.following.close();
    for (const feed of this.feeds.values()) feed.close();
    this.feeds.clear();
    this.names?.close();
    this.names = undefined;
  }

  private feedOptions(onUnused: () => void): FeedOptions {
    const { clock, scheduler, observer = new SilentDiscoveryObserver() } = this.options;
    // A catalogue in memory does not fail, so there is nothing to keep for a grace.
    return { clock, scheduler, observer, store: undefined, graceMs: 0, onUnused };
  }
}
