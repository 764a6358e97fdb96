import { expect, it } from '@jest/globals';
import { SeededRandom } from '@rookery/runtime/testing';
import type { EventStore, LoggedEvent } from '../event-store.port.js';
import type { EventStoreSubject } from './event-store-subject.js';
import { codeOf, happened, one, readAll } from './store-script.js';

const WRITERS = 16;
const APPENDS = 40;

/** Who reads the log from anywhere sees what is committed, in order and once. */
export function describeLog(subject: () => EventStoreSubject): void {
  it('is read slice by slice up to its end', async () => {
    const { store } = subject();
    for (const stream of ['order-1', 'order-2', 'order-3']) await store.append(one(stream));
    const first = await store.readLog({ after: undefined, limit: 2 });
    expect([first.events.length, first.end.position, first.head]).toEqual([2, 2, 3]);
    const second = await store.readLog({ after: first.end, limit: 2 });
    expect(second.events.map(({ stream }) => stream)).toEqual(['order-3']);
    expect(await store.readLog({ after: second.end, limit: 2 })).toEqual({ events: [], end: second.end, head: 3 });
  });

  it('is empty at first, and read on from there', async () => {
    const { store } = subject();
    const { end, events, head } = await store.readLog({ after: undefined, limit: 10 });
    expect([events, end.position, head]).toEqual([[], 0, 0]);
    await store.append(one('order-1'));
    expect((await store.readLog({ after: end, limit: 10 })).events).toHaveLength(1);
  });

  it('is passed over where another category is wanted, and the slice ends behind that', async () => {
    const { store } = subject();
    for (const stream of ['order-1', 'stock-1', 'order-2', 'payment-1']) await store.append(one(stream));
    const read = async (...categories: string[]) => {
      const { end, events } = await store.readLog({ after: undefined, limit: 3, categories });
      return [events.map(({ stream }) => stream), end.position];
    };
    expect(await read('stock')).toEqual([['stock-1'], 3]);
    expect(await read('stock', 'order')).toEqual([['order-1', 'stock-1', 'order-2'], 3]);
    expect(await read('payment')).toEqual([[], 3]);
  });

  it('is another one when the position is of another epoch or behind its end', async () => {
    const { store } = subject();
    await store.append(one('order-1'));
    const { end } = await store.readLog({ after: undefined, limit: 10 });
    const read = (after: typeof end) => codeOf(store.readLog({ after, limit: 10 }));
    expect(await read(end)).toBeUndefined();
    expect(await read({ ...end, epoch: 'another' })).toBe('LOG_REPLACED');
    expect(await read({ ...end, position: 2 })).toBe('LOG_REPLACED');
  });

  it(`shows a reader each event of ${WRITERS} writers once and in order, whatever transactions are open`, async () => {
    const { another, disturb, store } = subject();
    let isOver = false;
    const reader = readAll(another, 7, () => isOver);
    const settle = await disturb();
    const writers = Array.from({ length: WRITERS }, (_, index) => write(index % 2 === 0 ? store : another, index));
    const appended = (await Promise.all(writers)).reduce((sum, count) => sum + count, 0);
    await settle();
    isOver = true;
    const events = await reader;
    requireOrder(events);
    expect(events.filter(({ stream }) => stream.startsWith('counter-'))).toHaveLength(appended);
    expect(await readAll(store, 1000, () => true)).toEqual(events);
  });
}

/** Shared streams, so that writers come in each other's way; gives how many events it wrote. */
async function write(store: EventStore, seed: number): Promise<number> {
  const random = new SeededRandom(seed);
  let written = 0;
  for (let count = 0; count < APPENDS; count++) {
    const stream = `counter-${random.int(10)}`;
    const { version } = await store.readStream(stream, 0, 1);
    const events = Array.from({ length: 1 + random.int(3) }, () => happened('Counted', { by: seed }));
    const { status } = await store.append({ stream, expectedVersion: version, events, commands: [] });
    if (status === 'appended') written += events.length;
  }
  return written;
}

function requireOrder(events: readonly LoggedEvent[]): void {
  const versions = new Map<string, number>();
  events.forEach(({ position, stream, version }, index) => {
    expect(position).toBe(index + 1);
    expect([stream, version]).toEqual([stream, (versions.get(stream) ?? 0) + 1]);
    versions.set(stream, version);
  });
}
