import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@rookery/runtime/testing';
import { ActorSystem, type AnyPid, nextAddress, Pid, pidByName } from '../src/index.js';
import { TestProbe } from '../src/testing/index.js';
import { abroad, answerer, codeOf, type Ping, ping, type Stage, stage, type TestProcess } from './two-processes.js';

async function watched(seed = 1): Promise<Stage & { a: TestProcess; b: TestProcess; watcher: TestProbe; pid: Pid }> {
  const set = stage(seed);
  const [a, b] = [set.process('a'), set.process('b')];
  const pid = b.system.spawnNamed(answerer(), 'watched') as Pid;
  const watcher = new TestProbe(a.system, 'watcher');
  await set.time.advanceAsync(0);
  const finding = a.remote.find('b', 'watched');
  await set.time.advanceAsync(500);
  watcher.watch((await finding) as AnyPid);
  await set.time.advanceAsync(500);
  return { ...set, a, b, watcher, pid };
}

describe('watching an actor of another process', () => {
  it('tells of its end, once and with the reason', async () => {
    const { b, pid, time, watcher } = await watched();
    b.system.stop(pid);
    await time.advanceAsync(500);
    expect(watcher.all()).toMatchObject([{ type: 'Terminated', reason: 'stopped' }]);
  });

  it('tells at once when it has ended already', async () => {
    const { a, b, pid, time } = await watched();
    b.system.stop(pid);
    await time.advanceAsync(500);
    const late = new TestProbe(a.system);
    await time.advanceAsync(0);
    late.watch(pid);
    await time.advanceAsync(500);
    expect(late.all()).toMatchObject([{ type: 'Terminated', reason: 'not-found' }]);
  });

  it('tells nothing after an unwatch', async () => {
    const { b, pid, time, watcher } = await watched();
    watcher.unwatch(pid);
    await time.advanceAsync(500);
    b.system.stop(pid);
    await time.advanceAsync(500);
    watcher.expectNothing();
  });

  it('tells of an end that came while there was no connection, when there is one again', async () => {
    const { b, network, pid, time, watcher } = await watched();
    network.block('b', 'a');
    await time.advanceAsync(500);
    b.system.stop(pid);
    await time.advanceAsync(5000);
    watcher.expectNothing();
    network.unblock('b', 'a');
    await time.advanceAsync(500);
    expect(watcher.all()).toMatchObject([{ type: 'Terminated', reason: 'stopped' }]);
  });

  it('tells that the process is gone, and of nothing else that happened to it', async () => {
    const { b, network, pid, time, watcher } = await watched();
    network.announceGone('b');
    await time.advanceAsync(500);
    expect(watcher.all()).toMatchObject([{ type: 'Terminated', reason: 'address-terminated' }]);
    b.system.stop(pid);
    await time.advanceAsync(5000);
    watcher.expectNothing();
  });

  it('may be begun for very many at once', async () => {
    const { process, time } = stage();
    const [a] = [process('a'), process('b')];
    const probe = new TestProbe(a.system);
    a.remote.connect('b');
    await time.advanceAsync(500);
    const changes: string[] = [];
    a.remote.watchPeers(({ state }) => changes.push(state));
    const count = 20_500;
    for (let index = 1; index <= count; index++) probe.watch(new Pid('b', `nobody-${index}`, index));
    await time.advanceAsync(5000);
    expect(probe.all()).toHaveLength(count);
    expect(changes).toEqual([]);
  });

  it('is refused for a name, which names no actor for good', async () => {
    const { process, time } = stage();
    const a = process('a');
    const probe = new TestProbe(a.system);
    await time.advanceAsync(0);
    expect(() => probe.watch(pidByName('b', 'x'))).toThrow(/find the actor first/);
  });

  it('waits from outside until an actor of another process has ended', async () => {
    const { a, pid, time, b } = await watched();
    const ended = a.system.poisonAndWait(pid);
    await time.advanceAsync(500);
    await ended;
    expect(b.system.find('watched')).toBeUndefined();
  });
});

describe('an actor system that was given up', () => {
  it('is told so when it speaks again, and its messages reach nobody', async () => {
    const { a, b, pid, time, watcher } = await watched();
    a.remote.quarantine('b', 'it was away for too long');
    await time.advanceAsync(500);
    expect(watcher.all()).toMatchObject([{ type: 'Terminated', reason: 'address-terminated' }]);
    const probe = new TestProbe(a.system, 'probe');
    b.system.tell(abroad(probe.pid), ping('anybody there?'));
    await time.advanceAsync(2000);
    probe.expectNothing();
    expect(b.givenUpBy).toContain('a');
    const asking = codeOf(a.system.ask(pid, ping('tea')));
    await time.advanceAsync(0);
    expect(await asking).toBe('UNREACHABLE');
  });

  it('comes back as another, which is another to everybody', async () => {
    const { a, b, network, pid, process, time } = await watched();
    expect([process, network]).toBeDefined();
    a.remote.quarantine('b', 'it was away for too long');
    await time.advanceAsync(500);
    const system = new ActorSystem({
      address: nextAddress(b.system.address),
      clock: time.clock,
      random: new SeededRandom(7),
      scheduler: time,
    });
    b.remote.renew(system);
    system.spawnNamed(answerer(), 'watched');
    const back = new TestProbe(a.system, 'back');
    await time.advanceAsync(0);
    system.tell(abroad(back.pid), ping('I am back'));
    await time.advanceAsync(1000);
    expect(back.next()).toMatchObject({ sku: 'I am back' });
    const old = codeOf(a.system.ask(pid, ping('tea')));
    const anew = codeOf(a.system.ask(pidByName<Ping>('b', 'watched'), ping('tea')));
    await time.advanceAsync(1000);
    expect(await old).toBe('TARGET_STOPPED');
    expect(await anew).toBe('answered');
  });

  it('is waited for again when it comes back, although it was out of reach for long', async () => {
    const { a, b, network, time } = await watched();
    for (const [from, to] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const)
      network.block(from, to);
    await time.advanceAsync(5000);
    a.remote.quarantine('b', 'it was away for too long');
    for (const [from, to] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const)
      network.unblock(from, to);
    const parts = { clock: time.clock, random: new SeededRandom(7), scheduler: time };
    const system = new ActorSystem({ address: nextAddress(b.system.address), ...parts });
    b.remote.renew(system);
    system.spawnNamed(answerer(), 'watched');
    b.remote.connect('a');
    await time.advanceAsync(1000);
    const answer = codeOf(a.system.ask(pidByName<Ping>('b', 'watched'), ping('tea')));
    await time.advanceAsync(1000);
    expect(await answer).toBe('answered');
  });

  it('may be replaced while connections stand', async () => {
    const { a, b, pid, time, watcher } = await watched();
    const system = new ActorSystem({
      address: nextAddress(b.system.address),
      clock: time.clock,
      random: new SeededRandom(7),
      scheduler: time,
    });
    b.remote.renew(system);
    system.spawnNamed(answerer(), 'watched');
    await time.advanceAsync(1000);
    expect(watcher.all()).toMatchObject([{ type: 'Terminated', reason: 'address-terminated' }]);
    const answer = codeOf(a.system.ask(pidByName<Ping>('b', 'watched'), ping('tea')));
    await time.advanceAsync(1000);
    expect(await answer).toBe('answered');
    const old = codeOf(a.system.ask(pid, ping('tea')));
    await time.advanceAsync(1000);
    expect(await old).toBe('TARGET_STOPPED');
  });
});
