import { describe, expect, it } from '@jest/globals';
import { LedTask } from '@rookery/eventsourcing';
import { InMemoryCheckpoints, InMemoryElection, type InMemoryTransaction } from '@rookery/eventsourcing/testing';
import { DomainError } from '@rookery/runtime';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { InMemoryInbox } from '../testing/index.js';
import { EventConsumer } from './event-consumer.js';
import { EventTransport } from './event-transport.port.js';
import { IntegrationEventHandler } from './integration-event-handler.js';

class Heard extends IntegrationEventHandler<unknown, InMemoryTransaction> {
  readonly name = 'ledger';
  readonly service = 'orders';
  readonly types = [];
  async handle(): Promise<void> {
    // Is told nothing here.
  }
}

/** Nobody publishes. */
class Silence extends EventTransport {
  provider(_service: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  }
  async *subscribe(): AsyncGenerator<never> {
    throw new DomainError('NO_PROVIDER', 'no usable instance of orders', { kind: 'unavailable' });
  }
}

/** A store that is away at first. */
class LateCheckpoints extends InMemoryCheckpoints {
  isAway = true;

  override load(reader: string): ReturnType<InMemoryCheckpoints['load']> {
    if (this.isAway) throw new DomainError('STORE_UNAVAILABLE', 'it is away', { kind: 'unavailable' });
    return super.load(reader);
  }
}

describe('a consumer of a service that nobody has ever heard of', () => {
  it('stands not still, whatever it could not get past before', async () => {
    const time = new VirtualTime();
    const random = new SeededRandom(1);
    const checkpoints = new LateCheckpoints();
    const { clock } = time;
    const parts = { clock, random, scheduler: time, checkpoints, inbox: new InMemoryInbox() };
    const consumer = new EventConsumer({
      ...{ ...parts, handler: new Heard(), transport: new Silence(), onWaiting: () => undefined },
    });
    const task = new LedTask(
      { ...parts, task: consumer.name, election: new InMemoryElection(), report: () => undefined },
      (signal, wentWell) => consumer.follow(signal, wentWell),
    );
    task.start();
    await time.advanceAsync(1000);
    expect(task.stoppedBy).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    checkpoints.isAway = false;
    await time.advanceAsync(60_000);
    expect(task.stoppedBy).toBeUndefined();
    await task.stop();
  });
});
