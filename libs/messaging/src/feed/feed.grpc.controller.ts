import { Controller, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { messaging } from '@rookery/contracts/messages';
import { type CallContext, type FeedServiceController, FeedServiceControllerMethods } from '@rookery/contracts/nest';
import { EventStore } from '@rookery/eventsourcing';
import { Clock, Scheduler } from '@rookery/runtime';
import { Drain, Finds, ServiceIdentity } from '@rookery/service-kit';
import { Metrics } from '@rookery/telemetry';
import { IntegrationEvents } from '../publishing/integration-events.js';
import { Publication } from '../publishing/publication.js';
import { Feed } from './feed.js';

/** Serves what the providers that extend `IntegrationEvents` publish. */
@Controller()
@FeedServiceControllerMethods()
@Finds({ module: 'MessagingModule.forRoot', types: [IntegrationEvents] })
export class FeedGrpcController implements FeedServiceController, OnModuleInit {
  private feed: Feed | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly identity: ServiceIdentity,
    private readonly store: EventStore,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    drain: Drain,
    metrics: Metrics,
  ) {
    drain.add({ name: 'feed', drain: async () => this.feed?.end() });
    metrics.registerGauge({
      name: 'rookery_feed_subscribers',
      help: 'Open subscriptions to the integration events of this service, at this instance.',
      read: () => this.feed?.subscribers ?? 0,
    });
  }

  onModuleInit(): void {
    const providers = this.discovery.getProviders().map(({ instance }): unknown => instance);
    const publishers = providers.filter((one) => one instanceof IntegrationEvents);
    const publication = new Publication(this.identity.service, publishers);
    this.feed = new Feed(publication, this.clock, this.store, this.scheduler);
  }

  subscribe(request: messaging.SubscribeRequest, { signal }: CallContext): AsyncIterable<messaging.SubscribeResponse> {
    if (this.feed === undefined) throw new Error('asked before the module was there');
    return this.feed.subscribe(request, signal);
  }
}
