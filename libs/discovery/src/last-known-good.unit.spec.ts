import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import { LastKnownGood } from './last-known-good.js';

const GRACE_MS = 15_000;

/** Items are written `key@address`. */
function remembering(...answer: readonly string[]): {
  time: VirtualTime;
  memory: LastKnownGood<string>;
  expired: () => number;
} {
  const time = new VirtualTime();
  let expired = 0;
  const memory = new LastKnownGood<string>({
    scheduler: time,
    graceMs: GRACE_MS,
    claimsOf: (address) => [address],
    onExpired: () => expired++,
  });
  memory.accept(items(...answer));
  return { time, memory, expired: () => expired };
}

function items(...words: readonly string[]): ReadonlyMap<string, string> {
  return new Map(words.map((word) => [word.split('@')[0] ?? '', word.split('@')[1] ?? word]));
}

function keys(memory: LastKnownGood<string>): string {
  return [...memory.items.keys()].sort().join();
}

describe('what was last known to be good', () => {
  it('is every answer word for word while nothing fails', () => {
    const { memory } = remembering('a', 'b');
    memory.accept(items('b', 'c'));
    expect(keys(memory)).toBe('b,c');
    expect(memory.unconfirmed).toEqual([]);
  });

  it('stays whole as long as the registry does not answer', () => {
    const { time, memory, expired } = remembering('a', 'b');
    memory.interrupt();
    time.advance(86_400_000);
    expect(keys(memory)).toBe('a,b');
    expect(expired()).toBe(0);
  });

  it('keeps what the first answer after a failure lacks until it returns', () => {
    const { time, memory } = remembering('a', 'b');
    memory.interrupt();
    memory.accept(items());
    expect(memory.unconfirmed).toEqual(['a', 'b']);
    memory.accept(items('a'));
    expect(keys(memory)).toBe('a,b');
    expect(memory.unconfirmed).toEqual(['b']);
    memory.accept(items('a', 'b'));
    expect(memory.unconfirmed).toEqual([]);
    expect(time.pending).toBe(0);
  });

  it('lets go of what did not return within the grace', () => {
    const { time, memory, expired } = remembering('a', 'b');
    memory.interrupt();
    memory.accept(items('a'));
    time.advance(GRACE_MS - 1);
    expect(keys(memory)).toBe('a,b');
    time.advance(1);
    expect(keys(memory)).toBe('a');
    expect(expired()).toBe(1);
  });

  it('believes at once that something left which had returned', () => {
    const { memory } = remembering('a', 'b');
    memory.interrupt();
    memory.accept(items('a'));
    memory.accept(items());
    expect(keys(memory)).toBe('b');
  });

  it('gives the whole grace again after another failure', () => {
    const { time, memory } = remembering('a');
    memory.interrupt();
    memory.accept(items());
    time.advance(GRACE_MS - 1);
    memory.interrupt();
    time.advance(GRACE_MS);
    memory.accept(items());
    time.advance(GRACE_MS - 1);
    expect(keys(memory)).toBe('a');
  });

  it('lets go in time, however often somebody else doubts the registry meanwhile', () => {
    const { time, memory, expired } = remembering('a', 'dead');
    memory.interrupt();
    memory.accept(items('a'));
    for (let passed = 0; passed < GRACE_MS; passed += 5_000) {
      memory.doubt();
      memory.accept(items('a'));
      time.advance(5_000);
    }
    expect(keys(memory)).toBe('a');
    expect(expired()).toBe(1);
    expect(time.pending).toBe(0);
  });

  it('gives the whole grace to what is missing after a later doubt', () => {
    const { time, memory } = remembering('a', 'b', 'dead');
    memory.interrupt();
    memory.accept(items('a', 'b'));
    time.advance(GRACE_MS - 1);
    memory.doubt();
    memory.accept(items('a'));
    time.advance(GRACE_MS - 1);
    expect(keys(memory)).toBe('a,b');
    time.advance(1);
    expect(keys(memory)).toBe('a');
  });

  it('gives a grace of its own to what returned and is missing again', () => {
    const { time, memory } = remembering('a', 'dead');
    memory.interrupt();
    memory.accept(items());
    time.advance(5_000);
    memory.accept(items('a'));
    memory.doubt();
    memory.accept(items());
    time.advance(GRACE_MS - 5_000);
    expect(keys(memory)).toBe('a');
    time.advance(5_000);
    expect(keys(memory)).toBe('');
  });

  it('leaves no timer when it is closed in the middle of several graces', () => {
    const { time, memory } = remembering('a', 'b', 'c');
    memory.interrupt();
    memory.accept(items('a', 'b'));
    memory.doubt();
    memory.accept(items('c'));
    memory.close();
    expect(time.pending).toBe(0);
  });

  it('never keeps the former owner of an address beside the new one', () => {
    const { memory } = remembering('old@127.0.0.1:4000', 'other@127.0.0.1:4001');
    memory.interrupt();
    memory.accept(items('new@127.0.0.1:4000'));
    expect(keys(memory)).toBe('new,other');
  });

  it('lets go at once of what is gone for a known reason', () => {
    const { memory } = remembering('a', 'b');
    memory.interrupt();
    memory.accept(items(), ['a']);
    expect(keys(memory)).toBe('b');
  });

  it('calls an answer suddenly empty only when no failure explains it', () => {
    const { memory } = remembering('a');
    expect(memory.isSuddenlyEmpty(0)).toBe(true);
    expect(memory.isSuddenlyEmpty(1)).toBe(false);
    memory.interrupt();
    expect(memory.isSuddenlyEmpty(0)).toBe(false);
  });

  it('doubts the first answer after a start from disk', () => {
    const { memory } = remembering();
    memory.recall(items('a'));
    memory.accept(items());
    expect(memory.unconfirmed).toEqual(['a']);
  });
});
