import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Resolver, type Watch } from '@rookery/discovery';

/** What somebody who buys cannot do without. */
const NEEDED = ['inventory', 'orders'] as const;

/** Knows whether anything can be bought: as long as an instance of each service of the sale is listed. */
@Injectable()
export class Sale implements OnApplicationShutdown {
  private readonly listed = new Map<string, boolean>();
  private readonly watches: readonly Watch[];

  constructor(resolver: Resolver) {
    this.watches = NEEDED.map((service) =>
      resolver.watch(service, ({ instances }) => this.listed.set(service, instances.length > 0)),
    );
  }

  get isOpen(): boolean {
    return NEEDED.every((service) => this.has(service));
  }

  has(service: (typeof NEEDED)[number]): boolean {
    return this.listed.get(service) === true;
  }

  onApplicationShutdown(): void {
    for (const watch of this.watches) watch.close();
  }
}
