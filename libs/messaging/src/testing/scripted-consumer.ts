import { inventory } from '@rookery/contracts/messages';
import { LedTask } from '@rookery/eventsourcing';
import { InMemoryElection } from '@rookery/eventsourcing/testing';
import { SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { EventConsumer, type EventConsumerParts } from '../consuming/event-consumer.js';
import type { EventType } from '../event-type.js';
import { IntegrationEventHandler } from '../consuming/integration-event-handler.js';
import { isOf, type ReceivedEvent } from '../consuming/received-event.js';

/** What a consumer does beside writing down what it hears. Both are called with what is written, in its transaction. */
export interface ConsumerScript {
  readonly name: string;
  readonly types?: readonly EventType[];
  before?(word: string): Promise<void> | void;
  after?(word: string): Promise<void> | void;
}

export interface ScriptedConsumerParts<Tx> extends Omit<
  EventConsumerParts<Tx>,
  'handler' | 'onWaiting' | 'clock' | 'random' | 'scheduler'
> {
  readonly service: string;
  write(transaction: Tx, consumer: string, word: string): Promise<void>;
  /** What ends the process's connections. */
  cut(): Promise<void>;
}

/** One process that runs a consumer and believes that it is the only one. */
export class ScriptedConsumer<Tx> {
  readonly failures: unknown[] = [];
  /** How often it has found nobody to hear anything from, and nothing wrong with that. */
  waits = 0;
  private readonly task: LedTask;
  private isCrashed = false;

  constructor(
    script: ConsumerScript,
    private readonly parts: ScriptedConsumerParts<Tx>,
  ) {
    const system = { clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler() };
    const isAlive = (): boolean => !this.isCrashed;
    const handler = new ScriptedHandler(script, parts, isAlive);
    const consumer = new EventConsumer({ ...parts, ...system, handler, onWaiting: () => this.waits++ });
    const report = (error: unknown): void => void this.failures.push(error);
    this.task = new LedTask(
      { task: script.name, election: new InMemoryElection(), ...system, report },
      (signal, wentWell) => consumer.follow(signal, wentWell),
    );
    this.task.start();
  }

  /** At once: what is not committed by now never is. */
  async crash(): Promise<void> {
    this.isCrashed = true;
    // Not waited for: it may be the task itself that calls.
    void this.task.stop();
    await this.parts.cut();
  }

  stop(): Promise<void> {
    return this.task.stop();
  }
}

class ScriptedHandler<Tx> extends IntegrationEventHandler<unknown, Tx> {
  readonly name: string;
  readonly service: string;
  readonly types: readonly EventType[];

  constructor(
    private readonly script: ConsumerScript,
    private readonly parts: ScriptedConsumerParts<Tx>,
    private readonly isAlive: () => boolean,
  ) {
    super();
    this.name = script.name;
    this.service = parts.service;
    this.types = script.types ?? [inventory.StockReceived, inventory.ReservationExpired];
  }

  async handle(event: ReceivedEvent, transaction: Tx): Promise<void> {
    const word = wordOf(event);
    await this.script.before?.(word);
    this.throwIfDead();
    await this.parts.write(transaction, this.name, word);
    await this.script.after?.(word);
    this.throwIfDead();
  }

  private throwIfDead(): void {
    if (!this.isAlive()) throw new Error('the process has crashed');
  }
}

function wordOf(event: ReceivedEvent): string {
  if (isOf(event, inventory.StockReceived)) return `${event.key}+${event.message.quantity}`;
  return isOf(event, inventory.ReservationExpired) ? `${event.key}-${event.message.orderId}` : 'unknown';
}
