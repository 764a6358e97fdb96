import { FeedServiceDefinition } from '@rookery/contracts/nest';
import type { Instance } from '@rookery/discovery';
import type { EventStore } from '@rookery/eventsourcing';
import { RpcServer } from '@rookery/rpc';
import { SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { describedInstance } from '@rookery/testkit';
import { Feed } from '../src/feed/feed.js';
import { Publication } from '../src/publishing/publication.js';
import { ScriptedStockEvents } from '../src/testing/index.js';
import type { messaging } from '@rookery/contracts/messages';

export const system = { clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler() };
export const SERVICE = 'tested';

/** An instance of a service that publishes, over real rpc. */
export class FeedProvider {
  private constructor(
    private readonly server: RpcServer,
    readonly feed: Feed,
    readonly instance: Instance,
  ) {}

  static async start(store: EventStore, id = 'a'): Promise<FeedProvider> {
    const publication = new Publication(SERVICE, [new ScriptedStockEvents()]);
    const feed = new Feed(publication, system.clock, store, system.scheduler);
    const server = new RpcServer({
      ...system,
      concurrencyLimit: 1024,
      verifier: undefined,
      startSpan: (traceparent) => traceparent,
      onHiddenError: () => undefined,
      security: { requiresClientCertificate: false },
      self: { service: SERVICE, instanceId: id, incarnation: 'first' },
    });
    const definition = FeedServiceDefinition.method.subscribe;
    server.add([
      {
        definition,
        handler: (request, { signal }) => feed.subscribe(request as messaging.SubscribeRequest, signal),
      },
    ]);
    const port = await server.listen('127.0.0.1', 0);
    return new FeedProvider(server, feed, describedInstance(id, port));
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
