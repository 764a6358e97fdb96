import { describe, expect, it } from '@jest/globals';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { ActorSystem, DeadLetter, Pid, pidByName, Remote } from '../src/index.js';
import { TestProbe } from '../src/testing/index.js';
import { entriesOf, frameOf, HandMadeNetwork } from './hand-made-network.js';
import { codeOf, type Ping, ping, testMessages } from './two-processes.js';

const hello = (version = 1): Uint8Array => frameOf({ hello: { version, address: 'b', askOrigin: 0, greeting: 1 } });
const welcome = (version: number, greeting: number): Uint8Array =>
  frameOf({ welcome: { version, address: 'b', askOrigin: 0, receivedSignal: 0, isQuarantined: false, greeting } });
const watch = frameOf({
  signal: {
    number: 1,
    watch: { watcher: { address: 'b', id: 'w', incarnation: 7 }, target: { address: 'a', id: 'x', incarnation: 7 } },
  },
});

function listening() {
  const time = new VirtualTime();
  const network = new HandMadeNetwork();
  const warnings: string[] = [];
  const letters: DeadLetter[] = [];
  const log = { warn: (message: string, facts: object) => void warnings.push(`${message} ${JSON.stringify(facts)}`) };
  const parts = { clock: time.clock, random: new SeededRandom(1), scheduler: time };
  const system = new ActorSystem({ address: 'a', ...parts, log });
  system.events.subscribe(DeadLetter, (letter) => letters.push(letter));
  const remote = new Remote(system, { network, messages: testMessages() });
  return { time, network, system, remote, warnings, letters };
}

describe('an answer that the network does not take', () => {
  it('is given when there is room again, with what has come meanwhile', async () => {
    const { network, time } = listening();
    network.takesAnswers = false;
    const intake = network.opened('b');
    intake.receive(hello());
    intake.receive(watch);
    await time.advanceAsync(1000);
    network.takesAnswers = true;
    await time.advanceAsync(1000);
    expect(entriesOf(network.answers)).toMatchObject([
      { welcome: { address: 'a', greeting: 1 } },
      { acknowledge: { signal: 1, greeting: 1 } },
    ]);
  });

  it('is forgotten with its connection', async () => {
    const { network, time } = listening();
    network.takesAnswers = false;
    const intake = network.opened('b');
    intake.receive(hello());
    intake.closed('it broke');
    await time.advanceAsync(0);
    network.takesAnswers = true;
    expect(time.pending).toBe(0);
    expect(network.answers).toEqual([]);
  });
});

describe('a process that speaks another version', () => {
  it('is refused when it greets, and told the version that is spoken here', async () => {
    const { letters, network, system, time, warnings } = listening();
    const intake = network.opened('b');
    for (let twice = 0; twice < 2; twice++) intake.receive(hello(2));
    await time.advanceAsync(0);
    expect(entriesOf(network.answers)).toMatchObject([{ welcome: { version: 1 } }, { welcome: { version: 1 } }]);
    const asking = codeOf(system.ask(pidByName<Ping>('b', 'x'), ping('tea'), { timeoutMs: 60_000 }));
    await time.advanceAsync(0);
    expect(await asking).toBe('UNREACHABLE');
    expect(letters).toMatchObject([
      { reason: 'unreachable', detail: 'it speaks version 2, and this process version 1' },
    ]);
    expect(warnings.filter((line) => line.includes('it speaks version 2'))).toHaveLength(2);
    expect(warnings[0]).toContain('trouble with another process');
  });

  it('is greeted once on each connection; what waits for it is a dead letter, and who is watched there has ended', async () => {
    const { letters, network, remote, system, time } = listening();
    const watcher = new TestProbe(system, 'watcher');
    await time.advanceAsync(0);
    watcher.watch(new Pid('b', 'watched', 5));
    system.tell(pidByName<Ping>('b', 'x'), ping('tea'));
    await time.advanceAsync(0);
    const way = network.listeners.get('b');
    for (let connection = 1; connection <= 2; connection++) {
      way?.up();
      way?.answered(welcome(2, 1));
      way?.answered(welcome(2, 0));
      await time.advanceAsync(5000);
      expect(entriesOf(network.sent)).toHaveLength(connection);
      way?.down('broken');
    }
    expect(letters.map(({ reason }) => reason)).toEqual(['unreachable']);
    expect(watcher.all()).toMatchObject([{ type: 'Terminated', reason: 'address-terminated' }]);
    expect([remote.isUp('b'), remote.isQuiet]).toEqual([false, true]);
  });

  it('is heard as soon as it speaks ours', async () => {
    const { network, remote, system, time } = listening();
    remote.connect('b');
    const way = network.listeners.get('b');
    way?.up();
    way?.answered(welcome(2, 1));
    way?.answered(welcome(1, 1));
    system.tell(pidByName<Ping>('b', 'x'), ping('tea'));
    await time.advanceAsync(0);
    expect(remote.isUp('b')).toBe(true);
    expect(entriesOf(network.sent).map((entry) => entry.typeName?.name)).toContain('Ping');
  });
});
