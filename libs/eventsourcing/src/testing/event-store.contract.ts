import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventStore } from '../event-store.port.js';
import { describeAnswers } from './answer-promises.js';
import { describeLog } from './log-promises.js';
import type { EventStoreSubject } from './event-store-subject.js';
import { answered, codeOf, happened, one } from './store-script.js';

/** What every event store promises. `open` is called for each test. */
export function describeEventStore(name: string, open: () => Promise<EventStoreSubject>): void {
  describe(`an event store in ${name}`, () => {
    let current: EventStoreSubject | undefined;
    const subject = (): EventStoreSubject => {
      if (current === undefined) throw new Error('no test is running');
      return current;
    };
    beforeEach(async () => {
      current = await open();
    });
    afterEach(async () => {
      await current?.close();
      current = undefined;
    });
    describe('appends', () => describeAppends(() => subject().store));
    describe('what it keeps', () => describeKeeping(() => subject().store));
    describe('answered commands', () => describeAnswers(() => subject()));
    describe('its log', () => describeLog(() => subject()));
    describe('snapshots', () => describeSnapshots(() => subject().store));
  });
}

function describeAppends(store: () => EventStore): void {
  it('gives each event its version and its position, both without gaps', async () => {
    const events = [happened('Placed'), happened('Confirmed')];
    await store().append({ stream: 'order-1', expectedVersion: 0, events, commands: [] });
    expect(await store().append(one('order-2'))).toEqual({ status: 'appended', version: 1 });
    expect(await store().append(one('order-1', 2))).toEqual({ status: 'appended', version: 3 });
    const { events: all } = await store().readLog({ after: undefined, limit: 10 });
    expect(all.map(({ position, stream, version }) => [position, stream, version])).toEqual([
      [1, 'order-1', 1],
      [2, 'order-1', 2],
      [3, 'order-2', 1],
      [4, 'order-1', 3],
    ]);
  });

  it.each([[0], [2], [7]])('writes nothing where %i was expected of a stream at 1, and says so', async (expected) => {
    await store().append(one('order-1'));
    const late = one('order-1', expected, answered('c1'));
    expect(await store().append(late)).toEqual({ status: 'conflict', version: 1 });
    expect((await store().readStream('order-1', 0, 10)).version).toBe(1);
    expect(await store().findAnswers('order-1', [answered('c1')])).toEqual([]);
  });

  it('hold to the expected version also when they only record an answer', async () => {
    await store().append(one('order-1'));
    const record = { stream: 'order-1', events: [], commands: [answered('c1', { fromVersion: 1 })] };
    expect(await store().append({ ...record, expectedVersion: 0 })).toEqual({ status: 'conflict', version: 1 });
    expect(await store().append({ ...record, expectedVersion: 1 })).toEqual({ status: 'appended', version: 1 });
    expect(await store().findAnswers('order-1', record.commands)).toEqual(record.commands);
  });

  it('succeed or conflict each on its own when many come at once', async () => {
    await store().append(one('order-0'));
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, index) => store().append(one(`order-${index}`, index % 3 === 2 ? 1 : 0))),
    );
    const conflicts = outcomes.flatMap(({ status }, index) => (status === 'conflict' ? [index] : []));
    expect(conflicts).toEqual([0, ...Array.from({ length: 20 }, (_, index) => index * 3 + 2)]);
    expect((await store().readLog({ after: undefined, limit: 100 })).head).toBe(40);
  });

  it('keep their order within a stream when one does not wait for the other', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, version) => store().append(one('order-1', version))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 'appended'));
  });

  it('let one of many win who expect the same', async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => store().append(one('order-1'))));
    expect(outcomes.filter(({ status }) => status === 'appended')).toHaveLength(1);
    expect(outcomes.filter(({ status }) => status === 'conflict')).toHaveLength(49);
  });

  it('fail alone when what they bring cannot be kept, and as a whole', async () => {
    const bad = {
      stream: 'order-bad',
      expectedVersion: 0,
      events: [happened('Placed'), happened('Placed\0')],
      commands: [answered('c1')],
    };
    const good = Array.from({ length: 40 }, (_, index) => store().append(one(`order-${index}`)));
    const failed = [
      codeOf(store().append(bad)),
      codeOf(store().append(one('order-bad', 0, answered('c2'), answered('c2')))),
      codeOf(store().append({ ...bad, events: [happened('Placed', { count: 1n })] })),
    ];
    const others = Array.from({ length: 40 }, (_, index) => store().append(one(`order-${index + 40}`)));
    for (const { status } of await Promise.all([...good, ...others])) expect(status).toBe('appended');
    expect(await Promise.all(failed)).toEqual(['STORE_REFUSED', 'STORE_REFUSED', 'STORE_REFUSED']);
    expect((await store().readStream('order-bad', 0, 10)).version).toBe(0);
    expect(await store().findAnswers('order-bad', [answered('c1'), answered('c2')])).toEqual([]);
  });
}

function describeKeeping(store: () => EventStore): void {
  it('is each event as it was given, and when it was recorded', async () => {
    const metadata = {
      commandId: 'c1',
      causationId: 'x',
      correlationId: 'y',
      principal: 'alice',
      traceparent: '00-1-2-01',
    };
    const events = [{ event: { type: 'Placed', lines: [{ sku: 'a', count: 2 }] }, schema: 3, metadata }];
    await store().append({ stream: 'order-1', expectedVersion: 0, events, commands: [] });
    const [event] = (await store().readStream('order-1', 0, 10)).events;
    const expected = { ...events[0], stream: 'order-1', version: 1, position: 1 };
    expect(event).toEqual({ ...expected, recordedAt: expect.any(Number) });
    expect(new Date(event?.recordedAt ?? 0).getUTCFullYear()).toBeGreaterThan(2025);
  });

  it.each([
    ['U+0000 and half of a character', 'a\0b\ud800c'],
    ['quotes, backslashes and line breaks', '"\\\n\r\t\u2028{}'],
    ['characters beyond 16 bits', '🪺 café'],
    ['numbers of every size', [1e-7, 1e300, -5, 0.1, 2 ** 53 - 1]],
    ['lists in lists, nothing and the empty text', [[null, '', {}], []]],
  ])('is any text and number that JSON has: %s', async (_what, data) => {
    const events = [happened('Noted', { data })];
    const commands = [answered('c1', { outcome: { answer: data } })];
    await store().append({ stream: 'note-1', expectedVersion: 0, events, commands });
    expect((await store().readStream('note-1', 0, 10)).events[0]?.event).toEqual({ type: 'Noted', data });
    expect(await store().findAnswers('note-1', commands)).toEqual(commands);
  });

  it('is a stream under whatever name it has', async () => {
    for (const stream of [
      'note-',
      'note-a-b',
      'note-"{}\\,',
      'note-ö🪺',
      `note-${'x'.repeat(256)}`,
      'note-A',
      'note-a',
    ]) {
      expect(await store().append(one(stream))).toEqual({ status: 'appended', version: 1 });
      expect((await store().readStream(stream, 0, 10)).events.map((event) => event.stream)).toEqual([stream]);
    }
  });

  it('is read from any version on, as many as are wanted', async () => {
    const events = ['A', 'B', 'C', 'D'].map((type) => happened(type));
    await store().append({ stream: 'order-1', expectedVersion: 0, events, commands: [] });
    const read = async (after: number, limit: number) => {
      const slice = await store().readStream('order-1', after, limit);
      return [slice.events.map(({ event }) => event.type).join(''), slice.version];
    };
    expect(await read(0, 10)).toEqual(['ABCD', 4]);
    expect(await read(1, 2)).toEqual(['BC', 4]);
    expect(await read(4, 10)).toEqual(['', 4]);
    expect(await store().readStream('order-2', 0, 10)).toEqual({ events: [], version: 0 });
  });
}

function describeSnapshots(store: () => EventStore): void {
  const snapshot = { stream: 'order-1', version: 10, schema: 1, state: { lines: ['a"\n'], total: 0.1 } };
  const grow = (length: number) => {
    const events = Array.from({ length }, () => happened('Counted'));
    return store().append({ stream: 'order-1', expectedVersion: 0, events, commands: [] });
  };

  it('come back as they were saved', async () => {
    expect(await store().loadSnapshot('order-1')).toBeUndefined();
    expect(await store().saveSnapshot(snapshot)).toBeGreaterThanOrEqual(JSON.stringify(snapshot.state).length);
    expect(await store().loadSnapshot('order-1')).toEqual(snapshot);
    expect(await store().loadSnapshot('order-2')).toBeUndefined();
  });

  it('give way to later ones alone', async () => {
    await grow(20);
    const later = { ...snapshot, version: 20 };
    const reshaped = { ...later, schema: 2 };
    for (const saved of [snapshot, later, snapshot]) await store().saveSnapshot(saved);
    expect(await store().loadSnapshot('order-1')).toEqual(later);
    for (const saved of [reshaped, later]) await store().saveSnapshot(saved);
    expect(await store().loadSnapshot('order-1')).toEqual(reshaped);
  });

  it('stay when those of an earlier schema come, as from the version before during an update', async () => {
    await grow(20);
    const reshaped = { ...snapshot, schema: 2 };
    for (const saved of [reshaped, { ...snapshot, version: 20 }]) await store().saveSnapshot(saved);
    expect(await store().loadSnapshot('order-1')).toEqual(reshaped);
  });

  it('stay as well when both come at once', async () => {
    await grow(20);
    const reshaped = { ...snapshot, schema: 2 };
    await Promise.all([reshaped, { ...snapshot, version: 20 }].map((saved) => store().saveSnapshot(saved)));
    expect(await store().loadSnapshot('order-1')).toEqual(reshaped);
  });

  it('give way to those of a later schema, also of an earlier version', async () => {
    await grow(20);
    const reshaped = { ...snapshot, schema: 2 };
    for (const saved of [{ ...snapshot, version: 20 }, reshaped]) await store().saveSnapshot(saved);
    expect(await store().loadSnapshot('order-1')).toEqual(reshaped);
  });

  it('give way to those of an earlier schema when they stay far behind, as after a way back to the version before', async () => {
    await grow(21);
    const long = { ...snapshot, version: 21 };
    for (const saved of [{ ...snapshot, schema: 2 }, long]) await store().saveSnapshot(saved);
    expect(await store().loadSnapshot('order-1')).toEqual(long);
  });

  it('give way to earlier ones when they are of more than the stream has, as in a log that lost its end', async () => {
    await grow(10);
    await store().saveSnapshot({ ...snapshot, version: 11 });
    await store().saveSnapshot(snapshot);
    expect(await store().loadSnapshot('order-1')).toEqual(snapshot);
  });
}
