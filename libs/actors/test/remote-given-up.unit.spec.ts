import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@rookery/runtime/testing';
import { ActorSystem, type AnyPid, nextAddress, pidByName } from '../src/index.js';
import { TestProbe } from '../src/testing/index.js';
import { abroad, answerer, codeOf, ping, type Stage, stage, type TestProcess } from './two-processes.js';

function renew({ remote, system }: TestProcess, { time }: Stage): ActorSystem {
  const parts = { clock: time.clock, random: new SeededRandom(7), scheduler: time };
  const next = new ActorSystem({ address: nextAddress(system.address), ...parts });
  remote.renew(next);
  next.spawnNamed(answerer(), 'answerer');
  return next;
}

/** Two processes with ways both ways. */
async function acquainted(): Promise<Stage & { a: TestProcess; b: TestProcess }> {
  const set = stage();
  const [a, b] = [set.process('a'), set.process('b')];
  for (const { system } of [a, b]) system.spawnNamed(answerer(), 'answerer');
  const answers = [
    codeOf(a.system.ask(pidByName('b', 'answerer'), ping('tea'))),
    codeOf(b.system.ask(pidByName('a', 'answerer'), ping('tea'))),
  ];
  await set.time.advanceAsync(500);
  expect(await Promise.all(answers)).toEqual(['answered', 'answered']);
  return { ...set, a, b };
}

function block({ network }: Stage): void {
  network.block('a', 'b');
  network.block('b', 'a');
}

function unblock({ network }: Stage): void {
  network.unblock('a', 'b');
  network.unblock('b', 'a');
}

describe('a process whose actor system was given up', () => {
  it('hears of it once, however often it is told', async () => {
    const { a, b, ...set } = await acquainted();
    a.remote.quarantine('b', 'it was away');
    await set.time.advanceAsync(500);
    set.network.cut('b', 'a');
    await set.time.advanceAsync(500);
    expect(b.givenUpBy).toEqual(['a']);
  });

  it('is not told again in its new system what was meant for the former one', async () => {
    const { a, b, ...set } = await acquainted();
    a.remote.quarantine('b', 'it was away');
    // Word of it is on its way, on both ways.
    renew(b, set);
    await set.time.advanceAsync(500);
    expect(b.givenUpBy).toEqual([]);
    const answer = codeOf(a.system.ask(pidByName('b', 'answerer'), ping('tea')));
    await set.time.advanceAsync(500);
    expect(await answer).toBe('answered');
  });

  it('waits for nobody there: asks fail at once, and watched actors have ended for it', async () => {
    const { a, b, time } = await acquainted();
    const watcher = new TestProbe(b.system, 'watcher');
    await time.advanceAsync(0);
    watcher.watch(a.system.find('answerer') as AnyPid);
    const silent = new TestProbe(a.system, 'silent');
    const open = codeOf(b.system.ask(abroad(silent.pid), ping('tea'), { timeoutMs: 60_000 }));
    await time.advanceAsync(500);
    a.remote.quarantine('b', 'it was away');
    await time.advanceAsync(500);
    expect(watcher.all()).toMatchObject([{ type: 'Terminated', reason: 'address-terminated' }]);
    expect(await open).toBe('CONNECTION_LOST');
    const late = codeOf(b.system.ask(pidByName('a', 'answerer'), ping('tea'), { timeoutMs: 60_000 }));
    watcher.watch(a.system.find('answerer') as AnyPid);
    await time.advanceAsync(0);
    expect(await late).toBe('UNREACHABLE');
    expect(watcher.all()).toMatchObject([{ type: 'Terminated', reason: 'address-terminated' }]);
  });

  it('counts what it had sent and was not taken', async () => {
    const { a, b, time } = await acquainted();
    const probe = new TestProbe(a.system, 'probe');
    a.remote.quarantine('b', 'it was away');
    b.system.tell(abroad(probe.pid), ping('late'));
    await time.advanceAsync(500);
    probe.expectNothing();
    expect(b.letters.map(({ reason }) => reason)).toEqual(['connection-lost']);
  });

  it('is told so as soon as it is reached, also when each has given the other up', async () => {
    const { a, b, ...set } = await acquainted();
    block(set);
    await set.time.advanceAsync(100);
    a.remote.quarantine('b', 'it was away');
    b.remote.quarantine('a', 'it was away');
    await set.time.advanceAsync(5000);
    unblock(set);
    await set.time.advanceAsync(500);
    expect([a.givenUpBy, b.givenUpBy]).toEqual([['b'], ['a']]);
  });

  it('is told so when the network had said that it is gone, and it is there all the same', async () => {
    const { a, b, ...set } = await acquainted();
    set.network.announceGone('b');
    set.network.announceGone('a');
    await set.time.advanceAsync(500);
    a.remote.connect('b');
    await set.time.advanceAsync(500);
    expect(b.givenUpBy).toEqual(['a']);
  });

  it('comes back when its new address is heard of, before it has said a word', async () => {
    const { a, b, ...set } = await acquainted();
    a.remote.quarantine('b', 'it was away');
    const pid = renew(b, set).find('answerer') as AnyPid;
    const watcher = new TestProbe(a.system, 'watcher');
    await set.time.advanceAsync(0);
    watcher.watch(pid);
    a.remote.connect('b+1');
    await set.time.advanceAsync(500);
    watcher.expectNothing();
    expect(a.remote.isUp('b')).toBe(true);
  });

  it('is reached at once when it comes back after it could not be reached for long', async () => {
    const { a, b, ...set } = await acquainted();
    block(set);
    await set.time.advanceAsync(5000);
    set.network.announceGone('b');
    await set.time.advanceAsync(100);
    unblock(set);
    const system = renew(b, set);
    system.tell(pidByName('a', 'answerer'), ping('I am back'));
    await set.time.advanceAsync(500);
    const answer = codeOf(a.system.ask(pidByName('b', 'answerer'), ping('tea')));
    await set.time.advanceAsync(500);
    expect(await answer).toBe('answered');
  });

  it('keeps the system with which it has come back when the former one is given up late', async () => {
    const { a, b, ...set } = await acquainted();
    renew(b, set);
    await set.time.advanceAsync(500);
    a.remote.quarantine('b', 'news of it is old');
    const answer = codeOf(a.system.ask(pidByName('b', 'answerer'), ping('tea')));
    await set.time.advanceAsync(500);
    expect(await answer).toBe('answered');
    expect(b.givenUpBy).toEqual([]);
  });
});

describe('a process that cannot be reached any more', () => {
  it.each([
    ['for a while', block, /it cannot be reached: cut/],
    ['for good', ({ network }: Stage) => network.announceGone('b'), /announced/],
  ])('%s is trouble to whom waits for it, and to nobody else', async (_, lose, trouble) => {
    for (const isAwaited of [false, true]) {
      const set = stage();
      const warnings: string[] = [];
      const log = { warn: (...facts: unknown[]) => void warnings.push(JSON.stringify(facts)) };
      const [a, b] = [set.process('a', { log }), set.process('b')];
      const watcher = new TestProbe(a.system, 'watcher');
      const watched = new TestProbe(b.system, 'watched');
      a.remote.connect('b');
      await set.time.advanceAsync(500);
      if (isAwaited) watcher.watch(watched.pid);
      await set.time.advanceAsync(500);
      lose(set);
      await set.time.advanceAsync(5000);
      expect(warnings).toEqual(isAwaited ? [expect.stringMatching(trouble)] : []);
    }
  });

  it('keeps nothing of an answer that could not be sent there anyway', async () => {
    const { a, b, time } = await acquainted();
    const probe = new TestProbe(a.system, 'probe');
    const asking = codeOf(b.system.ask(abroad(probe.pid), ping('tea')));
    await time.advanceAsync(500);
    probe.next();
    a.remote.quarantine('b', 'it was away');
    probe.reply({ type: 'NobodyKnows' });
    expect(a.remote.isQuiet).toBe(true);
    await time.advanceAsync(5000);
    expect(await asking).toBe('CONNECTION_LOST');
  });
});
