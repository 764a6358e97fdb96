import { describe, expect, it } from '@jest/globals';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { BlockingQuery } from './blocking-query.js';
import type { ConsulAnswer, ConsulQuery } from './consul.client.js';

const WAIT_MS = 60_000;

interface Asked {
  readonly query: ConsulQuery;
  readonly at: number;
  readonly answer: (index: number, content: string) => void;
  readonly fail: (message: string) => void;
}

/** A Consul whose every answer the test gives by hand, and all that the query made of them. */
class ScriptedConsul {
  readonly time = new VirtualTime();
  readonly asked: Asked[] = [];
  readonly heard: string[] = [];
  readonly query: BlockingQuery<string>;
  /** Set by a test to make the next answer unacceptable. */
  refusal: string | undefined;

  constructor(repairMs = 1e9, seed = 1) {
    this.query = new BlockingQuery<string>({
      ask: (query) => this.ask(query),
      isSame: (one, other) => one === other,
      onAnswer: (content) => {
        if (this.refusal !== undefined) throw new Error(this.refusal);
        this.heard.push(content);
      },
      onRestarted: () => this.heard.push('restarted'),
      onFailure: (error, failures) => this.heard.push(`failed ${failures}: ${error.message}`),
      onRepaired: () => this.heard.push('repaired'),
      clock: this.time.clock,
      random: new SeededRandom(seed),
      scheduler: this.time,
      waitMs: WAIT_MS,
      repairMs,
    });
    this.query.start();
  }

  get last(): Asked {
    const last = this.asked.at(-1);
    if (last === undefined) throw new Error('nothing was asked yet');
    return last;
  }

  /** Answers the question that is open and lets the query ask again. */
  async answer(index: number, content: string, afterMs = 0): Promise<void> {
    await this.time.advanceAsync(afterMs);
    this.last.answer(index, content);
    await this.time.advanceAsync(0);
  }

  private ask(query: ConsulQuery): Promise<ConsulAnswer<string>> {
    return new Promise((resolve, reject) => {
      const at = this.time.clock.monotonic();
      const answer = (index: number, content: string): void => resolve({ index, content });
      this.asked.push({ query, at, answer, fail: (message) => reject(new Error(message)) });
      query.signal?.addEventListener('abort', () => reject(new Error('aborted')));
    });
  }
}

describe('a blocking query', () => {
  it('asks without an index first, then about the index it was given, for the whole wait', async () => {
    const consul = new ScriptedConsul();
    await consul.time.advanceAsync(0);
    expect(consul.last.query.index).toBe(0);
    await consul.answer(42, 'a');
    expect(consul.last.query).toMatchObject({ index: 42, waitMs: WAIT_MS });
    await consul.answer(43, 'b', 5_000);
    expect(consul.last.query.index).toBe(43);
    expect(consul.heard).toEqual(['a', 'b']);
  });

  it('starts again at 0 when the index falls, and says so before the answer', async () => {
    const consul = new ScriptedConsul();
    await consul.answer(42, 'a');
    await consul.answer(7, 'b', 5_000);
    expect(consul.last.query.index).toBe(0);
    await consul.answer(7, 'b');
    expect(consul.last.query.index).toBe(7);
    expect(consul.heard).toEqual(['a', 'restarted', 'b', 'b']);
  });

  it.each([0, -1])('takes an index of %d for 1, so that the next question blocks', async (index) => {
    const consul = new ScriptedConsul();
    await consul.answer(index, 'a');
    expect(consul.last.query.index).toBe(1);
  });

  it('asks about no index after a failure, because a restarted Consul would hold an index it has not reached', async () => {
    const consul = new ScriptedConsul();
    await consul.answer(42, 'a');
    consul.last.fail('hang up');
    await consul.time.advanceAsync(250);
    expect(consul.last.query.index).toBe(0);
    await consul.answer(3, 'a');
    expect(consul.heard).toEqual(['a', 'failed 1: hang up', 'restarted', 'a']);
  });

  it('treats an answer that its owner refuses as a failure', async () => {
    const consul = new ScriptedConsul();
    consul.refusal = 'not confirmed';
    await consul.answer(42, '');
    expect(consul.heard).toEqual(['failed 1: not confirmed']);
  });

  it('ends its question when it is stopped, and asks no other', async () => {
    const consul = new ScriptedConsul();
    await consul.answer(42, 'a');
    consul.query.stop();
    expect(consul.last.query.signal?.aborted).toBe(true);
    const count = consul.asked.length;
    await consul.time.advanceAsync(600_000);
    expect(consul.asked).toHaveLength(count);
    expect(consul.time.pending).toBe(0);
  });
});

describe('the pace of a blocking query in a storm', () => {
  it('brings changes four times a second and loses none of the last', async () => {
    const consul = new ScriptedConsul();
    await consul.time.advanceAsync(0);
    const changes = 40;
    for (let change = 1; change <= changes; change++) {
      await consul.answer(change, `content ${change}`);
      await consul.time.advanceAsync(250);
    }
    expect(consul.heard).toHaveLength(changes);
    expect(consul.last.at).toBeLessThanOrEqual(changes * 250);
  });

  it('asks about every 15 s when answers come at once with nothing new', async () => {
    const consul = new ScriptedConsul();
    await consul.time.advanceAsync(0);
    for (let second = 0; second < 600; second++) {
      consul.last.answer(5, 'same');
      await consul.time.advanceAsync(1_000);
    }
    // Seven doublings lead from a quarter of a second to 15 s; after that four questions a minute.
    expect(consul.asked.length).toBeGreaterThan(35);
    expect(consul.asked.length).toBeLessThan(55);
  });

  it('asks at once after waits that ended as they should', async () => {
    const consul = new ScriptedConsul();
    await consul.answer(5, 'same');
    for (let round = 0; round < 20; round++) await consul.answer(5, 'same', WAIT_MS + 1_000);
    const asked = consul.last.at;
    expect(asked).toBe(20 * (WAIT_MS + 1_000));
  });
});

describe('the back-off of a blocking query', () => {
  it('pauses at random up to a bound that doubles to 10 s, and starts anew after a success', async () => {
    const pauses: number[][] = [];
    for (let seed = 1; seed <= 200; seed++) {
      const consul = new ScriptedConsul(1e9, seed);
      await consul.time.advanceAsync(0);
      const times: number[] = [];
      for (let failure = 0; failure < 9; failure++) {
        const failedAt = consul.time.clock.monotonic();
        const asked = consul.asked.length;
        consul.last.fail('refused');
        while (consul.asked.length === asked) await consul.time.advanceAsync(50);
        times.push(consul.last.at - failedAt);
      }
      pauses.push(times);
    }
    const longest = (place: number): number => Math.max(...pauses.map((times) => times[place] ?? 0));
    for (let place = 0; place < 9; place++) {
      // The token bucket may add up to a quarter of a second to the pause.
      expect(longest(place)).toBeLessThanOrEqual(Math.min(10_000, 250 * 2 ** place) + 300);
    }
    expect(longest(8)).toBeGreaterThan(8_000);
    expect(Math.min(...pauses.map((times) => times[8] ?? 0))).toBeLessThan(1_000);
  });

  it('counts failures in a row', async () => {
    const consul = new ScriptedConsul();
    for (const message of ['one', 'two']) {
      await consul.time.advanceAsync(10_000);
      consul.last.fail(message);
    }
    await consul.time.advanceAsync(10_000);
    await consul.answer(5, 'a');
    consul.last.fail('three');
    await consul.time.advanceAsync(0);
    expect(consul.heard).toEqual(['failed 1: one', 'failed 2: two', 'a', 'failed 1: three']);
  });
});

describe('the lookup beside a blocking query', () => {
  const REPAIR_MS = 10_000;

  it('starts the watch anew when it says something else', async () => {
    const consul = new ScriptedConsul(REPAIR_MS);
    await consul.answer(5, 'old');
    const silent = consul.last;
    await consul.time.advanceAsync(1.5 * REPAIR_MS);
    expect(consul.last).not.toBe(silent);
    await consul.answer(9, 'new');
    expect(silent.query.signal?.aborted).toBe(true);
    await consul.answer(9, 'new');
    expect(consul.heard).toEqual(['old', 'repaired', 'new']);
    expect(consul.last.query.index).toBe(9);
  });

  it('only confirms when it says the same', async () => {
    const consul = new ScriptedConsul(REPAIR_MS);
    await consul.answer(5, 'same');
    const watch = consul.last;
    await consul.time.advanceAsync(1.5 * REPAIR_MS);
    await consul.answer(5, 'same');
    expect(consul.heard).toEqual(['same', 'same']);
    expect(watch.query.signal?.aborted).toBe(false);
  });

  it('steps back when the watch answered meanwhile', async () => {
    const consul = new ScriptedConsul(REPAIR_MS);
    await consul.answer(5, 'old');
    const watch = consul.last;
    await consul.time.advanceAsync(1.5 * REPAIR_MS);
    const lookup = consul.last;
    watch.answer(6, 'new');
    await consul.time.advanceAsync(0);
    lookup.answer(5, 'old');
    await consul.time.advanceAsync(0);
    expect(consul.heard).toEqual(['old', 'new']);
  });

  it('reports that the registry is away before the watch notices', async () => {
    const consul = new ScriptedConsul(REPAIR_MS);
    await consul.answer(5, 'a');
    await consul.time.advanceAsync(1.5 * REPAIR_MS);
    consul.last.fail('no route');
    await consul.time.advanceAsync(0);
    expect(consul.heard).toEqual(['a', 'failed 1: no route']);
  });
});
