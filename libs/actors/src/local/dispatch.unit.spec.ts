import { describe, expect, it } from '@jest/globals';
import { Clock, SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { gate, type Script, scripted } from '../../test/scripted.js';
import { createTestSystem } from '../testing/index.js';
import { ActorSystem, Props } from '../index.js';

/** A clock that moves with each message, so that a time budget can be seen to end. */
class StepClock extends Clock {
  elapsed = 0;

  now(): number {
    return this.elapsed;
  }

  monotonic(): number {
    return this.elapsed;
  }
}

const realSystem = (budget = {}): ActorSystem =>
  new ActorSystem({ clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler(), budget });

describe('dispatch', () => {
  it('runs messages in a microtask, before timers and I/O', async () => {
    const system = realSystem();
    const notes: string[] = [];
    const pid = system.spawn(scripted(notes));
    setImmediate(() => notes.push('immediate'));
    system.tell(pid, 'hello');
    await Promise.resolve();
    expect(notes).toEqual(['made', 'Started', 'hello']);
    await system.shutdown();
  });

  it('runs at most the budget of messages between two turns of I/O', () => {
    const time = new VirtualTime();
    const system = new ActorSystem({
      clock: time.clock,
      random: new SeededRandom(1),
      scheduler: time,
      budget: { messages: 100 },
    });
    let handled = 0;
    const endless: Script = (context) => {
      handled++;
      context.tell(context.self, endless);
    };
    for (let number = 0; number < 3; number++) system.tell(system.spawn(scripted()), endless);
    const perTurn: number[] = [];
    // What is due at one instant runs in the order in which it was scheduled: this is a neighbour on the event loop.
    const neighbour = (): void => {
      perTurn.push(handled);
      handled = 0;
      if (perTurn.length < 20) time.macrotask(neighbour);
      else endlessEnd();
    };
    const endlessEnd = (): void => void system.shutdown();
    time.macrotask(neighbour);
    time.advance(0);
    expect(perTurn).toHaveLength(20);
    expect(Math.max(...perTurn)).toBeLessThanOrEqual(100);
    expect(perTurn.filter((count) => count > 90).length).toBeGreaterThan(15);
  });

  it('lets timers, sockets and other actors have their turn in a flood to one actor', async () => {
    const system = realSystem();
    let isFlooding = true;
    let flooded = 0;
    const endless: Script = (context) => {
      flooded++;
      if (!isFlooding) return;
      context.tell(context.self, endless);
      if (flooded < 1000) context.tell(context.self, endless);
    };
    const target = system.spawn(scripted());
    system.tell(target, endless);
    const echo = system.spawn(
      Props.fromFunction((message, context) => {
        if (message === 'ping') context.reply('pong');
      }),
    );
    for (let round = 0; round < 10; round++) {
      await expect(system.ask(echo, 'ping')).resolves.toBe('pong');
      await new Promise((resolve) => setTimeout(resolve, 1));
      await new Promise(setImmediate);
    }
    expect(flooded).toBeGreaterThan(0);
    isFlooding = false;
    await system.stopAndWait(target);
    await system.shutdown();
  });

  it('ends its turn when the time budget is used up, soon after handlers have become slow', () => {
    const time = new VirtualTime();
    const clock = new StepClock();
    const system = new ActorSystem({ clock, random: new SeededRandom(1), scheduler: time, budget: { timeMs: 5 } });
    let handled = 0;
    const slowFrom = 500;
    const work: Script = (context) => {
      if (++handled > slowFrom) clock.elapsed += 1;
      context.tell(context.self, work);
    };
    system.tell(system.spawn(scripted()), work);
    const perTurn: number[] = [];
    const neighbour = (): void => {
      perTurn.push(handled);
      handled = slowFrom;
      if (perTurn.length < 5) time.macrotask(neighbour);
      else void system.shutdown();
    };
    time.macrotask(neighbour);
    time.advance(0);
    expect((perTurn[0] ?? 0) - slowFrom).toBeLessThanOrEqual(70);
    for (const count of perTurn.slice(1)) expect(count - slowFrom).toBeLessThanOrEqual(70);
    expect((perTurn[4] ?? 0) - slowFrom).toBeLessThanOrEqual(8);
  });

  it('gives actors their turns one after the other', async () => {
    const { settle, system } = createTestSystem({ budget: { perActor: 10 } });
    const notes: string[] = [];
    for (const name of ['a', 'b']) {
      const pid = system.spawn(scripted(notes, name));
      for (let number = 0; number < 30; number++) system.tell(pid, '');
    }
    await settle();
    const words = notes.filter((note) => note === 'a' || note === 'b');
    expect(words).toHaveLength(60);
    const longest = Math.max(
      ...words
        .join('')
        .split(/(?<=a)(?=b)|(?<=b)(?=a)/)
        .map(({ length }) => length),
    );
    expect(longest).toBeLessThanOrEqual(10);
  });

  it('runs synchronous handlers without a promise: many in one microtask', async () => {
    const { system, time } = createTestSystem();
    const notes: string[] = [];
    const pid = system.spawn(scripted(notes));
    for (let number = 0; number < 100; number++) system.tell(pid, 'x');
    let isLater = false;
    void Promise.resolve().then(() => (isLater = true));
    time.advance(0);
    expect(notes).toHaveLength(102);
    expect(isLater).toBe(false);
    await Promise.resolve();
  });

  it('holds one actor alone for the promise of its handler', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const { open, promise } = gate();
    const held = system.spawn(scripted(notes, 'held '));
    const free = system.spawn(scripted(notes, 'free '));
    system.tell(held, () => promise);
    system.tell(held, 'message');
    system.tell(free, 'message');
    await settle();
    expect(notes).not.toContain('held message');
    expect(notes).toContain('free message');
    open();
    await settle();
    expect(notes).toContain('held message');
  });

  it('takes anything with a `then` for a promise, even one that settles twice or throws', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const pid = system.spawn(scripted(notes));
    const twice = {
      then(onFulfilled: () => void): void {
        onFulfilled();
        onFulfilled();
      },
    };
    const throwing = {
      then(): never {
        throw new Error('no');
      },
    };
    system.tell(pid, () => twice as unknown as PromiseLike<void>);
    system.tell(pid, () => throwing as unknown as PromiseLike<void>);
    system.tell(pid, 'after');
    await settle();
    expect(notes).toEqual(['made', 'Started', 'Restarting', 'made', 'Started', 'after']);
  });

  it('does nothing, and has nothing scheduled, while there is nothing to do', async () => {
    const { settle, system, time } = createTestSystem();
    const pid = system.spawn(scripted().withGuardian({ handle: () => undefined }));
    system.tell(pid, 'hello');
    await settle();
    expect(time.pending).toBe(0);
    system.tell(pid, () => {
      throw new Error('no');
    });
    for (let number = 0; number < 10; number++) system.tell(pid, 'waits while suspended');
    await settle();
    expect(system.backlogOf(pid)).toBe(10);
    expect(time.pending).toBe(0);
  });

  it('goes on with other actors when a port throws', async () => {
    let isBroken = true;
    const time = new VirtualTime();
    const observer = {
      spawned: () => undefined,
      restarted: () => undefined,
      deadLetter: () => undefined,
      stopped: () => {
        if (isBroken) throw new Error('broken observer');
      },
    };
    const system = new ActorSystem({ clock: time.clock, random: new SeededRandom(1), scheduler: time, observer });
    const notes: string[] = [];
    system.stop(system.spawn(scripted()));
    system.tell(system.spawn(scripted(notes)), 'hello');
    expect(() => time.advance(0)).toThrow('broken observer');
    isBroken = false;
    time.advance(0);
    expect(notes).toEqual(['made', 'Started', 'hello']);
    await Promise.resolve();
  });
});
