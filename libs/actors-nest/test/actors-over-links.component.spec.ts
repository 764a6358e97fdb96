import { afterEach, describe, expect, it } from '@jest/globals';
import { type AnyPid, type Pid, pidByName, Props, type Received, type Request } from '@rookery/actors';
import { HeldResolver, until } from '@rookery/testkit';
import { LinkedProcess } from './linked-process.js';

interface Ping extends Request<{ readonly sku: string; readonly quantity: number }> {
  readonly type: 'Ping';
  readonly sku: string;
  readonly currency: string;
}

const open: LinkedProcess[] = [];
afterEach(async () => {
  for (const process of open.splice(0).reverse()) await process.close();
});

async function twoProcesses(): Promise<readonly [LinkedProcess, LinkedProcess]> {
  const resolver = new HeldResolver();
  const [a, b] = [await LinkedProcess.start('a', resolver), await LinkedProcess.start('b', resolver)];
  open.push(a, b);
  resolver.list([a.instance, b.instance]);
  return [a, b];
}

const answerer = Props.fromFunction((message: Received<Ping>, context) => {
  if (message.type === 'Ping') context.reply({ type: 'Pong', sku: message.sku, quantity: 1 });
});

describe('actors of two processes that speak by links', () => {
  it('ask and answer', async () => {
    const [a, b] = await twoProcesses();
    b.system.spawnNamed(answerer, 'answerer');
    const target = pidByName<Ping>(b.address, 'answerer');
    const asks = Array.from({ length: 2000 }, (_, index) =>
      a.system.ask(target, { type: 'Ping', sku: `sku-${index}`, currency: '' }),
    );
    const answers = await Promise.all(asks);
    expect(answers.map(({ sku }) => sku)).toEqual(asks.map((_, index) => `sku-${index}`));
    expect([...a.letters, ...b.letters]).toEqual([]);
  });

  it('hear of the end of one that they watch, and of its process', async () => {
    const [a, b] = await twoProcesses();
    for (const name of ['one', 'other']) b.system.spawnNamed(answerer, name);
    const ended: string[] = [];
    let isWatching = false;
    const find = async (name: string): Promise<Pid> => (await a.remote.find(b.address, name)) as Pid;
    const [one, other] = [await find('one'), await find('other')];
    a.system.spawn(
      Props.fromFunction((message: Received<never>, context) => {
        if (message.type === 'Started') {
          for (const pid of [one, other] as readonly AnyPid[]) context.watch(pid);
          isWatching = true;
        }
        if (message.type === 'Terminated') ended.push(`${message.who.id} ${message.reason}`);
      }),
    );
    await until('the watches have arrived', () => isWatching && a.remote.isQuiet);
    a.system.stop(one);
    await until('the first end is heard of', () => ended.length === 1);
    // The process ends: its links are closed after a goodbye.
    await b.server.drain(0);
    await until('the end of the process is heard of', () => ended.length === 2);
    expect(ended).toEqual(['one stopped', 'other address-terminated']);
  });

  it('lose nothing to a flood: what was sent is handled', async () => {
    const [a, b] = await twoProcesses();
    let handled = 0;
    b.system.spawnNamed(
      Props.fromFunction((message: Received<Ping>) => {
        if (message.type === 'Ping') handled++;
      }),
      'sink',
    );
    const target = pidByName<Ping>(b.address, 'sink');
    for (let index = 0; index < 80_000; index++) a.system.tell(target, { type: 'Ping', sku: 'tea', currency: '' });
    await until('all are handled', () => handled === 80_000);
    expect(a.letters).toEqual([]);
  });
});
