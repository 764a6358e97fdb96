import { describe, expect, it } from '@jest/globals';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { ActorSystem, DeadLetter, Pid, pidByName, Remote } from '../src/index.js';
import { TestProbe } from '../src/testing/index.js';
import { frameOf, HandMadeNetwork } from './hand-made-network.js';
import { codeOf, type Ping, ping, stage, testMessages } from './two-processes.js';

const hello = (greeting = 1): Uint8Array => frameOf({ hello: { version: 1, address: 'b', askOrigin: 0, greeting } });
const pidName = { number: 1, pid: { address: 'a', id: 'probe', incarnation: 0 } };
const typeName = { number: 1, name: 'Ping' };
const body = (sku: string): Uint8Array => Buffer.from([0x0a, sku.length, ...Buffer.from(sku)]);
const tell = (sku: string) => ({
  target: 1,
  targetAsk: 0,
  sender: 0,
  senderAsk: 0,
  type: 1,
  headers: {},
  body: body(sku),
});

async function listening(): Promise<{
  time: VirtualTime;
  network: HandMadeNetwork;
  system: ActorSystem;
  remote: Remote;
  heard: () => string[];
}> {
  const time = new VirtualTime();
  const network = new HandMadeNetwork();
  const system = new ActorSystem({ address: 'a', clock: time.clock, random: new SeededRandom(1), scheduler: time });
  const remote = new Remote(system, { network, messages: testMessages() });
  const probe = new TestProbe<Ping>(system, 'probe');
  await time.advanceAsync(0);
  return { time, network, system, remote, heard: () => probe.all().map((message) => (message as Ping).sku) };
}

describe('connections that follow each other', () => {
  it('count in the order in which they were opened, however late the words on an earlier one arrive', async () => {
    const { heard, network, time } = await listening();
    const [former, latter] = [network.opened('b'), network.opened('b')];
    latter.receive(hello());
    former.receive(hello());
    latter.receive(frameOf({ pidName }, { typeName }, { tell: tell('tea') }));
    former.receive(frameOf({ pidName }, { typeName }, { tell: tell('of the former') }));
    await time.advanceAsync(0);
    expect(heard()).toEqual(['tea']);
  });

  it('put no message together from parts that were sent before and after a new greeting', async () => {
    const { heard, network, time } = await listening();
    const intake = network.opened('b');
    intake.receive(hello());
    intake.receive(frameOf({ chunk: { part: Buffer.from('the beginning of a message'), isLast: false } }));
    intake.receive(hello(2));
    const whole = frameOf({ tell: tell('tea') });
    const [one, other] = [whole.subarray(0, 5), whole.subarray(5)];
    intake.receive(frameOf({ pidName }, { typeName }, { chunk: { part: one, isLast: false } }));
    intake.receive(frameOf({ chunk: { part: other, isLast: true } }));
    await time.advanceAsync(0);
    expect(heard()).toEqual(['tea']);
  });

  it('make dead letters of what comes for an actor system that is not there any more', async () => {
    const { network, remote, time } = await listening();
    const intake = network.opened('b');
    intake.receive(hello());
    intake.receive(frameOf({ pidName }, { typeName }));
    const system = new ActorSystem({ address: 'a+1', clock: time.clock, random: new SeededRandom(2), scheduler: time });
    const letters: unknown[] = [];
    system.events.subscribe(DeadLetter, ({ message, reason }) => letters.push([(message as Ping).sku, reason]));
    remote.renew(system);
    intake.receive(frameOf({ tell: tell('late') }));
    expect(letters).toEqual([['late', 'not-found']]);
  });

  it('do not keep anybody waiting who would wait for a process that never answers', async () => {
    const { network, system, time } = await listening();
    const asking = codeOf(system.ask(pidByName('b', 'x'), ping('tea'), { timeoutMs: 60_000 }));
    for (let round = 0; round < 3; round++) {
      network.listeners.get('b')?.up();
      await time.advanceAsync(400);
      network.listeners.get('b')?.down('nobody speaks');
    }
    expect(await asking).toBe('UNREACHABLE');
  });
});

describe('a message that is too large to travel', () => {
  it('is refused where it is sent', async () => {
    const { process, time } = stage();
    const a = process('a');
    const b = process('b');
    const probe = new TestProbe<Ping>(b.system, 'probe');
    const large = ping('x'.repeat(5 * 1024 * 1024));
    a.system.tell(pidByName<Ping>('b', probe.pid.id), ping('first'));
    await time.advanceAsync(500);
    const asking = codeOf(a.system.ask(pidByName<Ping>('b', probe.pid.id), large, { timeoutMs: 60_000 }));
    a.system.tell(pidByName<Ping>('b', probe.pid.id), ping('last'));
    await time.advanceAsync(5000);
    expect(await asking).toBe('MESSAGE_NOT_ENCODABLE');
    expect(probe.all().map((message) => (message as Ping).sku)).toEqual(['first', 'last']);
  });
});

describe('an acknowledgement', () => {
  it('counts for the greeting that it belongs to, and not for what is numbered anew since', async () => {
    const { network, remote, system, time } = await listening();
    const watcher = new TestProbe(system);
    await time.advanceAsync(0);
    remote.connect('b');
    const way = network.listeners.get('b');
    way?.up();
    const isQuarantined = false;
    way?.answered(
      frameOf({ welcome: { version: 1, address: 'b', askOrigin: 0, receivedSignal: 0, isQuarantined, greeting: 1 } }),
    );
    watcher.watch(new Pid('b', 'watched', 5));
    await time.advanceAsync(0);
    way?.answered(frameOf({ acknowledge: { signal: 1, greeting: 0 } }));
    expect(remote.isQuiet).toBe(false);
    way?.answered(frameOf({ acknowledge: { signal: 1, greeting: 1 } }));
    expect(remote.isQuiet).toBe(true);
  });
});
