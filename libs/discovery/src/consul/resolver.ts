import type { Clock, Random, Scheduler } from '@rookery/runtime';
import { type DiscoveryObserver, SilentDiscoveryObserver } from '../discovery-observer.port.js';
import type { NamesFeed } from '../names-feed.js';
import { Resolver, type Watch } from '../resolver.js';
import type { Snapshot } from '../snapshot.js';
import type { SnapshotFeed } from '../snapshot-feed.js';
import { SnapshotStore } from '../snapshot.store.js';
import { ConsulClient } from './consul.client.js';
import { askInstances, ServiceWatch, type WatchContext } from './service-watch.js';

/** Consumers try an instance they have no connection to for as long after the last answer; older memories help nobody. */
const MAX_DISK_AGE_MS = 600_000;

export interface ConsulResolverOptions {
  /** Such as `http://127.0.0.1:8500`. */
  readonly url: string;
  /** ACL token with `service:read` and `node:read`. */
  readonly token?: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly observer?: DiscoveryObserver | undefined;
  /** Where to remember answers for a start while Consul is down; without it nothing is remembered. */
  readonly snapshotDirectory?: string | undefined;
  /** How long Consul may hold a query that has nothing to tell. Default 60 s; Consul's own limit is 10 min. */
  readonly waitMs?: number;
  /** Mean time between the lookups that check the watch. Default 30 s. */
  readonly repairMs?: number;
  /**
   * How long instances stay that Consul lacks after an outage, so that all can register again: one TTL and a few seconds.
   * Default 15 s.
   */
  readonly graceMs?: number;
}

/** Finds instances in Consul. */
export class ConsulResolver extends Resolver {
  private readonly context: WatchContext;
  private readonly services = new Map<string, ServiceWatch<SnapshotFeed>>();
  private names: ServiceWatch<NamesFeed> | undefined;
  private isClosed = false;

  /** Throws DomainError CONSUL_URL_INVALID. */
  constructor(options: ConsulResolverOptions) {
    super();
    const { clock, snapshotDirectory, waitMs = 60_000, repairMs = 30_000, graceMs = 15_000 } = options;
    const observer = options.observer ?? new SilentDiscoveryObserver();
    const store =
      snapshotDirectory === undefined
        ? undefined
        : new SnapshotStore({ directory: snapshotDirectory, maxAgeMs: MAX_DISK_AGE_MS, clock, observer });
    const client = new ConsulClient(options);
    this.context = { ...options, client, observer, store, waitMs, repairMs, graceMs, feeds: new Set() };
  }

  watch(service: string, onSnapshot: (snapshot: Snapshot) => void): Watch {
    if (this.isClosed) return { close: () => undefined };
    let watched = this.services.get(service);
    if (watched === undefined) {
      watched = ServiceWatch.instances(service, this.context, () => this.forget(service));
      this.services.set(service, watched);
    }
    return watched.feed.subscribe(onSnapshot);
  }

  async lookup(service: string): Promise<Snapshot> {
    const { content } = await askInstances(service, this.context)({});
    return {
      service,
      instances: content.usable,
      outOfRotation: content.outOfRotation,
      unconfirmed: [],
      confirmedAt: this.context.clock.now(),
      source: 'registry',
    };
  }

  watchServices(onServices: (services: readonly string[]) => void): Watch {
    if (this.isClosed) return { close: () => undefined };
    this.names ??= ServiceWatch.names(this.context, () => this.forgetNames());
    return this.names.feed.subscribe(onServices);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const service of [...this.services.keys()]) this.forget(service);
    this.forgetNames();
    this.context.client.close();
    await this.context.store?.close();
  }

  private forget(service: string): void {
    this.services.get(service)?.close();
    this.services.delete(service);
  }

  private forgetNames(): void {
    this.names?.close();
    this.names = undefined;
  }
}
