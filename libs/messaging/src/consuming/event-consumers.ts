import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { LedTasks } from '@rookery/cqrs';
import { Checkpoints, type Follower } from '@rookery/eventsourcing';
import type { Transaction } from '@rookery/postgres';
import { Clock, DomainError, Random, Scheduler } from '@rookery/runtime';
import { Metrics } from '@rookery/telemetry';
import { EventConsumer } from './event-consumer.js';
import { EventTransport } from './event-transport.port.js';
import { Inbox } from './inbox.port.js';
import { IntegrationEventHandler } from './integration-event-handler.js';

const WAY_OUT =
  'what it handled may be other than what is there now: see "When a log was replaced" in docs/guides/events.md';

/** Finds the handlers of integration events among the providers, and has one instance of the service run each. */
@Injectable()
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
    metrics.registerGauge({
      name: 'rookery_consumer_stopped',
      help: 'Always 1; there while a consumer of integration events, at the instance that runs it, cannot get past an error.',
      labels: ['consumer', 'code'],
      read: () => [...this.consumers].flatMap(([name, { stoppedBy }]) => stoppedReading(name, stoppedBy)),
    });
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
    const consumer = new EventConsumer({ handler, transport, checkpoints, inbox, clock, random, scheduler });
    this.consumers.set(handler.name, consumer);
    this.tasks.add(consumer.name, this.alarming(consumer));
  }

  /** The reports of a led task are warnings: it tries again. Here that helps only when somebody has acted. */
  private alarming(consumer: EventConsumer<Transaction>) {
    const follow: Follower['follow'] = async (signal, wentWell) => {
      try {
        await consumer.follow(signal, wentWell);
      } catch (error) {
        if (error instanceof DomainError && error.code === 'LOG_REPLACED')
          this.logger.error(`${consumer.name} stands still: ${error.message}; ${WAY_OUT}`, { task: consumer.name });
        throw error;
      }
    };
    return {
      follow,
      get lag(): number {
        return consumer.lag;
      },
    };
  }
}

function stoppedReading(consumer: string, code: string | undefined) {
  return code === undefined ? [] : [{ labels: { consumer, code }, value: 1 }];
}
