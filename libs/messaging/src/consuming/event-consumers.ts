import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { LedTasks } from '@rookery/cqrs';
import { Checkpoints } from '@rookery/eventsourcing';
import type { Transaction } from '@rookery/postgres';
import { Clock, Random, Scheduler } from '@rookery/runtime';
import { Finds } from '@rookery/service-kit';
import { Metrics } from '@rookery/telemetry';
import { EventConsumer } from './event-consumer.js';
import { EventTransport } from './event-transport.port.js';
import { Inbox } from './inbox.port.js';
import { IntegrationEventHandler } from './integration-event-handler.js';

/** Finds the handlers of integration events among the providers, and has one instance of the service run each. */
@Injectable()
@Finds({ module: 'MessagingModule.forRoot', types: [IntegrationEventHandler] })
export class EventConsumers implements OnApplicationBootstrap {
  private readonly logger = new Logger('Consumers');
  /** By the names of their handlers. */
  private readonly consumers = new Map<string, EventConsumer<Transaction>>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly tasks: LedTasks,
    private readonly transport: EventTransport,
    private readonly checkpoints: Checkpoints<Transaction>,
    private readonly inbox: Inbox<Transaction>,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly scheduler: Scheduler,
    metrics: Metrics,
  ) {
    metrics.registerCounter({
      name: 'rookery_consumer_events_total',
      help: 'Integration events that were handled at this instance.',
      labels: ['consumer'],
      read: () => [...this.consumers].map(([consumer, { handled }]) => ({ labels: { consumer }, value: handled })),
    });
  }

  onApplicationBootstrap(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (instance instanceof IntegrationEventHandler) this.run(instance as IntegrationEventHandler);
    }
  }

  private run(handler: IntegrationEventHandler): void {
    const { checkpoints, clock, inbox, random, scheduler, transport } = this;
    const onWaiting = (): void =>
      this.logger.log(`consumer ${handler.name} waits for the first instance of ${handler.service}`);
    const consumer = new EventConsumer({ handler, transport, checkpoints, inbox, onWaiting, clock, random, scheduler });
    this.consumers.set(handler.name, consumer);
    this.tasks.add(consumer.name, consumer);
  }
}
