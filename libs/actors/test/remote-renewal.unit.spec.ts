import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '@rookery/runtime/testing';
import { ActorSystem, nextAddress, type Pid, pidByName, Props, type Received, toPid } from '../src/index.js';
import { TestProbe } from '../src/testing/index.js';
import { abroad, answerer, codeOf, type Ping, ping, type Stage, stage, type TestProcess } from './two-processes.js';

/** The process gets a new actor system, with an actor that answers. */
function renew({ remote }: TestProcess, { time }: Stage, from: string): ActorSystem {
  const parts = { clock: time.clock, random: new SeededRandom(7), scheduler: time };
  const system = new ActorSystem({ address: nextAddress(from), ...parts });
  remote.renew(system);
  system.spawnNamed(answerer(), 'answerer');
  return system;
}

async function answered(): Promise<Stage & { a: TestProcess; b: TestProcess; byName: Pid<Ping> }> {
  const set = stage();
  const [a, b] = [set.process('a'), set.process('b')];
  b.system.spawnNamed(answerer(), 'answerer');
  const byName = pidByName<Ping>('b', 'answerer');
  const answer = codeOf(a.system.ask(byName, ping('tea')));
  await set.time.advanceAsync(500);
  expect(await answer).toBe('answered');
  return { ...set, a, b, byName };
}

describe('a process that has a new actor system', () => {
  it('is reached by names that were used before, on the connection that stood before', async () => {
    const { a, b, byName, ...set } = await answered();
    renew(b, set, 'b');
    await set.time.advanceAsync(500);
    const answer = codeOf(a.system.ask(byName, ping('tea')));
    await set.time.advanceAsync(500);
    expect(await answer).toBe('answered');
  });

  it('answers actors that its former system knew', async () => {
    const { a, b, byName, ...set } = await answered();
    const asker = new TestProbe(a.system);
    await set.time.advanceAsync(0);
    asker.tell(byName, ping('tea'));
    await set.time.advanceAsync(500);
    expect(asker.next()).toMatchObject({ sku: 'tea' });
    renew(b, set, 'b');
    await set.time.advanceAsync(500);
    asker.tell(byName, ping('coffee'));
    await set.time.advanceAsync(500);
    expect(asker.next()).toMatchObject({ sku: 'coffee' });
  });

  it('loses no message uncounted that was on its way to the former one', async () => {
    const { a, b, byName, ...set } = await answered();
    a.system.tell(byName, ping('lost'));
    const asking = codeOf(a.system.ask(byName, ping('lost'), { timeoutMs: 60_000 }));
    await set.time.advanceAsync(0);
    renew(b, set, 'b');
    await set.time.advanceAsync(500);
    expect(a.letters.map(({ reason }) => reason)).toEqual(['connection-lost', 'connection-lost']);
    expect(await asking).toBe('CONNECTION_LOST');
  });

  it('gives back the room of frames that the former one has not told to be taken', async () => {
    const { a, b, byName, ...set } = await answered();
    let address = 'b';
    for (let round = 0; round < 40; round++) {
      // It takes over while its actors still handle what came in a frame.
      const renewing = Props.fromFunction((message: Received<Ping>) => {
        if (message.type === 'Ping') address = renew(b, set, address).address;
      });
      const system = round === 0 ? b.system : renew(b, set, address);
      address = system.address;
      system.spawnNamed(renewing, 'renewing');
      await set.time.advanceAsync(100);
      a.system.tell(pidByName('b', 'renewing'), ping('x'.repeat(15_000)));
      await set.time.advanceAsync(100);
    }
    const answer = codeOf(a.system.ask(byName, ping('tea')));
    await set.time.advanceAsync(500);
    expect(await answer).toBe('answered');
  });

  it('hears a stop that is meant for a name', async () => {
    const { a, b, byName, ...set } = await answered();
    const system = renew(b, set, 'b');
    await set.time.advanceAsync(500);
    a.system.stop(byName);
    await set.time.advanceAsync(500);
    expect(system.find('answerer')).toBeUndefined();
  });

  it('gets a message by a Pid of its new system before it has said a word itself', async () => {
    const { a, b, byName, network, ...rest } = await answered();
    const set = { ...rest, network };
    const pid = renew(b, set, 'b').find('answerer') as Pid<Ping>;
    const answer = codeOf(a.system.ask(toPid<Ping>(pid), ping('tea')));
    await set.time.advanceAsync(500);
    expect(await answer).toBe('answered');
    expect(byName).toBeDefined();
  });

  it('is still known by its latest address when ours is renewed too', async () => {
    const { a, b, ...set } = await answered();
    renew(b, set, 'b');
    await set.time.advanceAsync(500);
    set.network.pause('b');
    renew(a, set, 'a');
    set.network.announceGone('b');
    await set.time.advanceAsync(500);
    expect(a.remote.isQuarantined('b+1')).toBe(true);
  });

  it('ends asks by name at once when it is gone', async () => {
    const { a, b, ...set } = await answered();
    const system = renew(b, set, 'b');
    const silent = new TestProbe<Ping>(system, 'silent');
    await set.time.advanceAsync(500);
    const asking = codeOf(a.system.ask(pidByName<Ping>('b', silent.pid.id), ping('tea'), { timeoutMs: 60_000 }));
    await set.time.advanceAsync(500);
    set.network.announceGone('b');
    await set.time.advanceAsync(500);
    expect(await asking).toBe('CONNECTION_LOST');
  });

  it('leaves nothing to be sent of the former one, and says so there', async () => {
    const { a, b, ...set } = await answered();
    set.network.block('a', 'b');
    await set.time.advanceAsync(100);
    a.system.tell(abroad(new TestProbe<Ping>(b.system, 'probe').pid), ping('late'));
    renew(a, set, 'a');
    expect(a.letters.map(({ reason }) => reason)).toEqual(['unreachable']);
    expect(a.remote.isQuiet).toBe(true);
  });
});
