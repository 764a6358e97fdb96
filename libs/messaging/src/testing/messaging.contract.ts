import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inventory } from '@rookery/contracts/messages';
import { SeededRandom } from '@rookery/runtime/testing';
import { until } from '@rookery/testkit';
import type { ConsumerScript } from './scripted-consumer.js';
import type { ScriptedStock } from './scripted-stock.js';

/** Messaging under test: a service that publishes what happens to its stock, and consumers in another. */
export interface MessagingSubject {
  readonly stock: ScriptedStock;
  /** One more process that runs this consumer. */
  start(script: ConsumerScript): ConsumerUnderTest;
  /** What the effects of a consumer have written, in the order of their commits. */
  written(consumer: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface ConsumerUnderTest {
  readonly failures: readonly unknown[];
  crash(): Promise<void>;
  stop(): Promise<void>;
}

const SKUS = ['tea', 'cup', 'pot'];
const numbers = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const words = (sku: string, first: number, last: number): string[] =>
  numbers(first, last).map((number) => `${sku}+${number}`);

/** What all ways of messaging promise. `open` is called for each test. */
export function describeMessaging(name: string, open: () => Promise<MessagingSubject>): void {
  describe(`messaging by ${name}`, () => {
    let subject: MessagingSubject;
    let running: ConsumerUnderTest[];
    beforeEach(async () => {
      subject = await open();
      running = [];
    });
    afterEach(async () => {
      for (const one of running) await one.stop();
      await subject.close();
    });

    function start(script: ConsumerScript): ConsumerUnderTest {
      const consumer = subject.start(script);
      running.push(consumer);
      return consumer;
    }

    async function untilWritten(consumer: string, count: number): Promise<void> {
      const isThere = async (): Promise<boolean> => (await subject.written(consumer)).length >= count;
      await until(`${consumer} has written ${count} words`, isThere);
    }

    /** Each word once, and those of one key in their order. */
    async function expectAll(consumer: string, last: number): Promise<void> {
      const written = await subject.written(consumer);
      for (const sku of SKUS) {
        expect(written.filter((word) => word.startsWith(sku))).toEqual(words(sku, 1, last));
      }
      expect(written).toHaveLength(SKUS.length * last);
    }

    it('tells a consumer what happened before it came, and what happens then', async () => {
      await subject.stock.receive('tea', 1, 2);
      start({ name: 'ledger' });
      await untilWritten('ledger', 2);
      await subject.stock.receive('tea', 3);
      await untilWritten('ledger', 3);
      expect(await subject.written('ledger')).toEqual(words('tea', 1, 3));
    });

    it('tells nobody what is not published, and a consumer only the types that it names', async () => {
      start({ name: 'receipts', types: [inventory.StockReceived] });
      start({ name: 'both' });
      await subject.stock.receive('tea', 1);
      await subject.stock.count('tea');
      await subject.stock.expire('tea', 'order');
      await subject.stock.receive('tea', 2);
      await untilWritten('both', 3);
      await untilWritten('receipts', 2);
      expect(await subject.written('both')).toEqual(['tea+1', 'tea-order', 'tea+2']);
      expect(await subject.written('receipts')).toEqual(['tea+1', 'tea+2']);
    });

    it('goes on behind what was handled when a consumer starts again', async () => {
      let calls = 0;
      const script = { name: 'ledger', before: () => void calls++ };
      const first = start(script);
      await subject.stock.receive('tea', ...numbers(1, 20));
      await untilWritten('ledger', 20);
      await first.stop();
      await subject.stock.receive('tea', ...numbers(21, 40));
      start(script);
      await untilWritten('ledger', 40);
      expect(await subject.written('ledger')).toEqual(words('tea', 1, 40));
      expect(calls).toBe(40);
    });

    it('has each event handled once, and in the order of its key, wherever its consumer crashes', async () => {
      const random = new SeededRandom(5);
      let crashesLeft = 12;
      let current: ConsumerUnderTest | undefined;
      const crash = async (): Promise<void> => {
        const crashing = current;
        current = undefined;
        await crashing?.crash();
      };
      const maybeCrash = async (): Promise<void> => {
        if (crashesLeft === 0 || random.next() > 0.1) return;
        crashesLeft--;
        await crash();
      };
      const script = { name: 'ledger', before: maybeCrash, after: maybeCrash };
      const untilThere = (count: number): Promise<void> => {
        const isThere = async (): Promise<boolean> => {
          current ??= start(script);
          return (await subject.written('ledger')).length >= count;
        };
        return until(`${count} words are written`, isThere);
      };
      for (const number of numbers(1, 10)) for (const sku of SKUS) await subject.stock.receive(sku, number);
      await untilThere(10);
      // Behind a commit, when nothing of an effect is under way.
      await crash();
      for (const number of numbers(11, 30)) for (const sku of SKUS) await subject.stock.receive(sku, number);
      await untilThere(90);
      await expectAll('ledger', 30);
      expect(crashesLeft).toBe(0);
    });

    it('has each event handled once when two processes both believe that they run the consumer', async () => {
      start({ name: 'ledger' });
      start({ name: 'ledger' });
      for (const number of numbers(1, 40)) for (const sku of SKUS) await subject.stock.receive(sku, number);
      await untilWritten('ledger', 120);
      await expectAll('ledger', 40);
    });

    it('lets no consumer wait for a slow one, which gets everything in its own time', async () => {
      let goOn: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => (goOn = resolve));
      start({ name: 'slow', before: () => gate });
      start({ name: 'quick' });
      await subject.stock.receive('tea', ...numbers(1, 50));
      await untilWritten('quick', 50);
      await subject.stock.receive('tea', ...numbers(51, 60));
      await untilWritten('quick', 60);
      expect(await subject.written('slow')).toEqual([]);
      goOn();
      await untilWritten('slow', 60);
      expect(await subject.written('slow')).toEqual(words('tea', 1, 60));
    });

    it('passes no event over that a consumer cannot handle: what comes behind waits until it can', async () => {
      let isIll = true;
      const consumer = start({
        name: 'ledger',
        after: (word) => {
          if (isIll && word === 'tea+3') throw new Error('it is too much');
        },
      });
      start({ name: 'another' });
      await subject.stock.receive('tea', 1, 2, 3, 4);
      await untilWritten('another', 4);
      await until('the consumer has failed twice', () => consumer.failures.length > 1);
      expect(String(consumer.failures[0])).toContain('it is too much');
      expect(await subject.written('ledger')).toEqual(words('tea', 1, 2));
      isIll = false;
      await untilWritten('ledger', 4);
      expect(await subject.written('ledger')).toEqual(words('tea', 1, 4));
    });
  });
}
