import { expect, it } from '@jest/globals';
import type { EventStoreSubject } from './event-store-subject.js';
import { answered, happened, one } from './store-script.js';

/** A command is carried out once, however often it is asked. */
export function describeAnswers(subject: () => Pick<EventStoreSubject, 'store' | 'another'>): void {
  it('give all repeats of a command the first answer, from whichever process they come', async () => {
    const { another, store } = subject();
    const repeat = (index: number) =>
      (index % 2 === 0 ? store : another).append(one('order-1', 0, answered('c1', { outcome: { answer: index } })));
    const outcomes = await Promise.all(Array.from({ length: 100 }, (_, index) => repeat(index)));
    const first = outcomes.findIndex(({ status }) => status === 'appended');
    const commands = [answered('c1', { outcome: { answer: first } })];
    expect(outcomes.filter((_, index) => index !== first)).toEqual(
      Array.from({ length: 99 }, () => ({ status: 'answered', commands })),
    );
    expect((await store.readStream('order-1', 0, 10)).version).toBe(1);
  });

  it('are given as they are when another command comes under their id, so that its hash tells', async () => {
    const { store } = subject();
    await store.append(one('order-1', 0, answered('c1')));
    const other = answered('c1', {
      requestHash: 'another',
      outcome: { answer: 'another' },
      fromVersion: 1,
      toVersion: 2,
    });
    expect(await store.append(one('order-1', 1, other))).toEqual({ status: 'answered', commands: [answered('c1')] });
    expect(await store.findAnswers('order-1', [other])).toEqual([answered('c1')]);
  });

  it('are given whatever version the stream has and whatever is expected', async () => {
    const { store } = subject();
    await store.append(one('order-1', 0, answered('c1')));
    await store.append(one('order-1', 1));
    for (const expected of [0, 1, 2, 9]) {
      const repeat = await store.append(one('order-1', expected, answered('c1')));
      expect(repeat).toEqual({ status: 'answered', commands: [answered('c1')] });
    }
  });

  it('stop an append as a whole, which learns of those commands alone that had been answered', async () => {
    const { store } = subject();
    await store.append({ ...one('order-1', 0, answered('c1'), answered('c2')), events: [] });
    const commands = [answered('c2'), answered('c3'), answered('c1')];
    const outcome = await store.append({ stream: 'order-1', expectedVersion: 0, events: [happened('A')], commands });
    expect(outcome).toMatchObject({ status: 'answered' });
    expect(outcome).toEqual({ status: 'answered', commands: expect.arrayContaining([answered('c1'), answered('c2')]) });
    expect(outcome).toHaveProperty('commands.length', 2);
    expect(await store.findAnswers('order-1', commands)).toEqual([answered('c2'), answered('c1')]);
    expect((await store.readStream('order-1', 0, 10)).version).toBe(0);
  });

  it('hold for one stream and one principal', async () => {
    const { store } = subject();
    await store.append(one('order-1', 0, answered('c1')));
    expect(await store.append(one('order-2', 0, answered('c1')))).toMatchObject({ status: 'appended' });
    const bob = answered('c1', { principal: 'bob' });
    expect(await store.append(one('order-1', 1, bob))).toMatchObject({ status: 'appended' });
    expect(await store.findAnswers('order-1', [bob, answered('c1')])).toEqual([bob, answered('c1')]);
  });

  it('may be refusals', async () => {
    const { store } = subject();
    const refusal = {
      code: 'SOLD_OUT',
      message: 'nothing left',
      kind: 'failed-precondition' as const,
      metadata: { sku: 'a' },
      violations: [],
    };
    const command = answered('c1', { outcome: { refusal }, toVersion: 0 });
    await store.append({ ...one('order-1', 0, command), events: [] });
    expect(await store.append(one('order-1', 0, answered('c1')))).toEqual({ status: 'answered', commands: [command] });
  });

  it('are forgotten when they are old enough, not before', async () => {
    const { store } = subject();
    await store.append(one('order-1', 0, answered('c1')));
    await store.append(one('order-2', 0, answered('c2')));
    expect(await store.forgetAnswers(60_000)).toBe(0);
    expect(await store.findAnswers('order-1', [answered('c1')])).toEqual([answered('c1')]);
    expect(await store.forgetAnswers(0)).toBe(2);
    expect(await store.findAnswers('order-1', [answered('c1')])).toEqual([]);
    expect(await store.append(one('order-1', 0, answered('c1')))).toEqual({ status: 'conflict', version: 1 });
  });
}
