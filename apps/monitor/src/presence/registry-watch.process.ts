import { Resolver, type Watch } from '@rookery/discovery';
import { Clock } from '@rookery/runtime';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Listings } from './listings.js';

/** A registry with more services than this is not watched as a whole. */
const MAXIMUM_SERVICES = 1000;

/**
 * Keeps the expected set as the registry tells it. A service that is no longer named stays watched: what became of its
 * instances is known from its own snapshots, and the list of names may be empty because the registry has just restarted.
 */
@Injectable()
export class RegistryWatchProcess implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly watches = new Map<string, Watch>();
  private services: Watch | undefined;

  constructor(
    private readonly resolver: Resolver,
    private readonly listings: Listings,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.services = this.resolver.watchServices((names) => names.forEach((name) => this.watch(name)));
  }

  onApplicationShutdown(): void {
    this.services?.close();
    for (const watch of this.watches.values()) watch.close();
    this.watches.clear();
  }

  private watch(service: string): void {
    if (this.watches.has(service) || this.watches.size >= MAXIMUM_SERVICES) return;
    this.watches.set(
      service,
      this.resolver.watch(service, (snapshot) => this.listings.update(snapshot, this.clock.monotonic())),
    );
  }
}
