import { describe, expect, it } from '@jest/globals';
import { directivesOf, fail, family } from '../../test/family.js';
import { scripted } from '../../test/scripted.js';
import { createTestSystem } from '../testing/index.js';
import { allForOne, exponentialBackOff, oneForOne, restForOne } from '../index.js';

describe('a strategy', () => {
  it.each([
    ['maxRestarts', -1],
    ['maxRestarts', Number.NaN],
    ['withinMs', 0],
    ['withinMs', Number.NaN],
  ])('with a limit refuses %s of %d', (name, value) => {
    for (const strategy of [oneForOne, allForOne, restForOne]) {
      expect(() => strategy({ [name]: value })).toThrow(`${name} is`);
    }
  });

  it.each([
    ['minMs', -1],
    ['maxMs', Number.NaN],
    ['jitter', -0.1],
    ['resetAfterMs', Number.NaN],
    ['maxRestarts', -1],
  ])('that backs off refuses %s of %d', (name, value) => {
    expect(() => exponentialBackOff({ [name]: value })).toThrow(RangeError);
  });

  it('one for one concerns the failed child alone', async () => {
    const { b, directives, notes, settle, system } = await family(oneForOne());
    system.tell(b, fail);
    await settle();
    expect(notes).toEqual(['b Restarting', 'b made', 'b Started']);
    expect(directives).toEqual(['restart parent/b']);
  });

  it('all for one concerns all children', async () => {
    const { b, directives, notes, settle, system } = await family(allForOne());
    system.tell(b, fail);
    await settle();
    expect(notes.filter((note) => note.endsWith('Started')).sort()).toEqual(['a Started', 'b Started', 'c Started']);
    expect(directives).toEqual(['restart parent/a', 'restart parent/b', 'restart parent/c']);
  });

  it('all for one resumes the failed child alone', async () => {
    const { b, directives, settle, system } = await family(allForOne({ decide: () => 'resume' }));
    system.tell(b, fail);
    await settle();
    expect(directives).toEqual(['resume parent/b']);
  });

  it('rest for one concerns those that were spawned after it, too', async () => {
    const { b, directives, settle, system } = await family(restForOne({ decide: () => 'stop' }));
    system.tell(b, fail);
    await settle();
    expect(directives).toEqual(['stop parent/b', 'stop parent/c']);
  });

  it('stops a child that fails more often than its window allows, and counts anew after it', async () => {
    const { a, b, directives, settle, system, time } = await family(oneForOne({ maxRestarts: 2, withinMs: 100 }));
    for (const pause of [0, 0, 100]) {
      await time.advanceAsync(pause);
      system.tell(a, fail);
      await settle();
    }
    for (let round = 0; round < 3; round++) system.tell(b, fail);
    await settle();
    expect(directives).toEqual([
      ...['restart parent/a', 'restart parent/a', 'restart parent/a'],
      ...['restart parent/b', 'restart parent/b', 'stop parent/b'],
    ]);
  });

  it('allows 10 restarts in 10 s by default, and none where it is told so', async () => {
    const kit = createTestSystem();
    const directives = directivesOf(kit);
    const pid = kit.system.spawnNamed(scripted(), 'x');
    for (let round = 0; round < 11; round++) kit.system.tell(pid, fail);
    await kit.settle();
    expect(directives).toEqual([...Array.from({ length: 10 }, () => 'restart x'), 'stop x']);
    const strict = kit.system.spawnNamed(scripted().withGuardian(oneForOne({ maxRestarts: 0 })), 'y');
    kit.system.tell(strict, fail);
    await kit.settle();
    expect(directives.at(-1)).toBe('stop y');
  });

  it('counts for ever where the window has no end', async () => {
    const { a, directives, settle, system, time } = await family(oneForOne({ maxRestarts: 1, withinMs: Infinity }));
    system.tell(a, fail);
    await time.advanceAsync(1e9);
    system.tell(a, fail);
    await settle();
    expect(directives).toEqual(['restart parent/a', 'stop parent/a']);
  });

  it('backs off exponentially, with jitter up to its share, and starts over after a quiet time', async () => {
    const limit = { minMs: 100, maxMs: 400, jitter: 0.5, resetAfterMs: 10_000 };
    const { a, notes, settle, system, time } = await family(exponentialBackOff(limit));
    const pauses: number[] = [];
    const failAndWait = async (): Promise<void> => {
      system.tell(a, fail);
      await settle();
      const from = time.clock.monotonic();
      notes.length = 0;
      while (!notes.includes('a Started')) await time.advanceAsync(1);
      pauses.push(time.clock.monotonic() - from);
    };
    for (let round = 0; round < 4; round++) await failAndWait();
    await time.advanceAsync(10_000);
    await failAndWait();
    [100, 200, 400, 400, 100].forEach((pause, round) => {
      expect(pauses[round]).toBeGreaterThanOrEqual(pause);
      expect(pauses[round]).toBeLessThanOrEqual(pause * 1.5 + 1);
    });
    expect(new Set(pauses.map((pause) => pause % 100)).size).toBeGreaterThan(1);
  });

  it('gives up backing off when it is told so', async () => {
    const { a, directives, settle, system, time } = await family(exponentialBackOff({ maxRestarts: 1, minMs: 10 }));
    system.tell(a, fail);
    await time.advanceAsync(100);
    system.tell(a, fail);
    await settle();
    expect(directives).toEqual(['restart parent/a', 'stop parent/a']);
  });
});
