import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BoundedQueue } from './bounded-queue.js';
import { MessageRing } from './message-ring.js';
import { Pid } from './pid.js';
import { PriorityQueue } from './priority-queue.js';
import { Poison } from './queue-items.js';

const deaf = { overflowed: () => undefined, ruleFailed: () => undefined };
const senders = [new Pid('local', 'a', 1), undefined];

describe('a message ring', () => {
  it('is a deque of messages with their senders, for every sequence of pushes and shifts', () => {
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('push' as const),
          times: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 500, max: 2500 })),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('front' as const), times: fc.constant(1) }) },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('shift' as const),
          times: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 500, max: 2500 })),
        }),
      },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const ring = new MessageRing();
        const model: [unknown, Pid | undefined][] = [];
        let number = 0;
        let differences = 0;
        const once = (kind: 'push' | 'front' | 'shift'): void => {
          const entry: [unknown, Pid | undefined] = [++number, senders[number % 2]];
          if (kind === 'push') {
            ring.pushAnyway(...entry);
            model.push(entry);
          } else if (kind === 'front') {
            ring.pushFront(...entry);
            model.unshift(entry);
          } else if (model.length > 0) {
            const sender = ring.firstSender;
            const [message, from] = model.shift() ?? [];
            if (ring.shift() !== message || sender !== from) differences++;
          }
          if (ring.length !== model.length) differences++;
        };
        for (const { kind, times } of steps) for (let time = 0; time < times; time++) once(kind);
        for (const [message] of model) if (ring.shift() !== message) differences++;
        expect(differences).toBe(0);
        expect(() => ring.shift()).toThrow(RangeError);
      }),
    );
  });

  it('holds no memory before its first message', () => {
    expect(new MessageRing().capacity).toBe(0);
  });

  it('grows with a flood and shrinks while that drains', () => {
    const ring = new MessageRing();
    for (let number = 0; number < 100_000; number++) ring.pushAnyway(number, undefined);
    expect(ring.capacity).toBeGreaterThanOrEqual(100_000);
    while (ring.length > 0) ring.shift();
    expect(ring.capacity).toBeLessThanOrEqual(1024);
  });

  it('becomes small again when it is mostly empty for a while', () => {
    const ring = new MessageRing();
    for (let number = 0; number < 1000; number++) ring.pushAnyway(number, undefined);
    while (ring.length > 0) ring.shift();
    for (let round = 0; round < 200; round++) {
      ring.pushAnyway(round, undefined);
      ring.shift();
    }
    expect(ring.capacity).toBe(4);
  });
});

describe('a bounded queue', () => {
  it('holds at most its limit and gives up exactly the rest, whatever comes and goes', () => {
    const rule = fc.constantFrom('drop-newest' as const, 'drop-oldest' as const, 'reject' as const);
    const step = fc.constantFrom('push', 'push', 'push', 'runtime', 'shift');
    fc.assert(
      fc.property(rule, fc.integer({ min: 1, max: 8 }), fc.array(step), (overflow, limit, steps) => {
        const queue = new BoundedQueue(limit, overflow);
        const lost: unknown[] = [];
        const taken: unknown[] = [];
        let sent = 0;
        let items = 0;
        let longest = 0;
        for (const kind of steps) {
          if (kind === 'push') queue.push(++sent, undefined, { ...deaf, overflowed: (message) => lost.push(message) });
          else if (kind === 'runtime') queue.pushAnyway(Poison.pill, void items++);
          else if (queue.length > 0) taken.push(queue.shift());
          const pills = items - taken.filter((one) => one === Poison.pill).length;
          longest = Math.max(longest, queue.length - pills);
        }
        expect(longest).toBeLessThanOrEqual(limit);
        while (queue.length > 0) taken.push(queue.shift());
        const handled = taken.filter((one) => one !== Poison.pill) as number[];
        expect(handled.length + lost.length).toBe(sent);
        expect(taken.length - handled.length).toBe(items);
        expect(handled).toEqual([...handled].sort((left, right) => left - right));
      }),
    );
  });
});

describe('a priority queue', () => {
  it('loses nothing, keeps the order within a level, and starves none', () => {
    const levels = 4;
    const step = fc.oneof(fc.integer({ min: 0, max: levels - 1 }), fc.constant('shift' as const));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const queue = new PriorityQueue(levels, (message) => (message as { level: number }).level);
        let longest = 0;
        let outOfOrder = 0;
        const inside: { level: number; number: number; waited: number }[] = [];
        const take = (): void => {
          const taken = queue.shift() as (typeof inside)[number];
          if (inside.find(({ level }) => level === taken.level) !== taken) outOfOrder++;
          inside.splice(inside.indexOf(taken), 1);
          const heads = new Set<number>();
          for (const one of inside) {
            if (heads.has(one.level)) continue;
            heads.add(one.level);
            longest = Math.max(longest, ++one.waited);
          }
        };
        steps.forEach((kind, number) => {
          if (kind === 'shift') {
            if (inside.length > 0) take();
          } else {
            const message = { level: kind, number, waited: 0 };
            inside.push(message);
            queue.push(message, undefined, deaf);
          }
          if (queue.length !== inside.length) outOfOrder++;
        });
        while (inside.length > 0) take();
        expect(outOfOrder).toBe(0);
        expect(longest).toBeLessThanOrEqual(16 * levels * levels);
      }),
    );
  });

  it('serves each level of a flood within its patience', () => {
    const queue = new PriorityQueue(3, (message) => Number(message));
    const served: number[] = [];
    queue.push('1', undefined, deaf);
    queue.push('2', undefined, deaf);
    for (let turn = 0; turn < 60; turn++) {
      queue.push('0', undefined, deaf);
      served.push(Number(queue.shift()));
    }
    expect(served.indexOf(1)).toBe(16);
    expect(served.indexOf(2)).toBeLessThanOrEqual(33);
  });
});
