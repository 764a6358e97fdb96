import { describe, expect, it } from '@jest/globals';
import { grpcTesting, pricing } from '@rookery/contracts/messages';
import {
  boundedMailbox,
  NameTakenError,
  type Pid,
  pidByName,
  Props,
  type Received,
  WireMessages,
} from '../src/index.js';
import { TestProbe } from '../src/testing/index.js';
import { abroad, answerer, codeOf, type Ping, ping, stage } from './two-processes.js';

describe('an actor of another process', () => {
  it('is told and answers', async () => {
    const { process, time } = stage();
    const [a, b] = [process('a'), process('b')];
    const target = b.system.spawnNamed(answerer(), 'answerer');
    const answer = a.system.ask(abroad(target), ping('tea'));
    await time.advanceAsync(1000);
    expect(await answer).toEqual({ type: 'Pong', sku: 'tea', quantity: 1 });
  });

  it('is found by its path, and reached by the Pid that was found', async () => {
    const { process, time } = stage();
    const [a, b] = [process('a'), process('b')];
    const target = b.system.spawnNamed(answerer(), 'answerer');
    const finding = a.remote.find('b', 'answerer');
    const missing = a.remote.find('b', 'nobody');
    await time.advanceAsync(1000);
    const found = await finding;
    expect(found?.equals(target)).toBe(true);
    expect(await missing).toBeUndefined();
    const answer = a.system.ask(found as Pid<Ping>, ping('tea'));
    await time.advanceAsync(1000);
    expect(await answer).toMatchObject({ sku: 'tea' });
  });

  it('hears messages in the order in which an actor sent them', async () => {
    const { process, time } = stage();
    const [a, b] = [process('a'), process('b')];
    const probe = new TestProbe<Ping>(b.system, 'probe');
    const sender = new TestProbe(a.system);
    await time.advanceAsync(0);
    const wanted = Array.from({ length: 5000 }, (_, index) => `sku-${index}`);
    for (const sku of wanted) sender.tell(abroad(probe.pid), ping(sku));
    await time.advanceAsync(2000);
    expect(probe.all().map((message) => (message as Ping).sku)).toEqual(wanted);
    expect(probe.lastSender?.address).toBe('a');
    probe.reply({ type: 'Pong', sku: 'back', quantity: 1 });
    await time.advanceAsync(1000);
    expect(sender.next()).toMatchObject({ sku: 'back' });
  });

  it('may be asked a question of more than a frame', async () => {
    const { process, time } = stage();
    const [a, b] = [process('a'), process('b')];
    const target = b.system.spawnNamed(answerer(), 'answerer');
    const sku = 'x'.repeat(200_000);
    const answer = a.system.ask(abroad(target), ping(sku));
    await time.advanceAsync(3000);
    expect(await answer).toEqual({ type: 'Pong', sku, quantity: 1 });
  });

  it('gets the headers that were sent along', async () => {
    const { process, time } = stage();
    const [a, b] = [process('a'), process('b')];
    const seen: unknown[] = [];
    const target = b.system.spawnNamed(
      Props.fromFunction((message: Received<Ping>, context) => {
        if (message.type === 'Ping') seen.push(context.headers);
      }),
      'reader',
    );
    a.system.tell(abroad(target), ping('tea'), { traceparent: '00-1', empty: '' });
    await time.advanceAsync(1000);
    expect(seen).toEqual([{ traceparent: '00-1', empty: '' }]);
  });

  it('is started there by a kind that is offered', async () => {
    const { process, time } = stage();
    const [a] = [process('a'), process('b', { kinds: { answerer: answerer() } })];
    const spawning = a.remote.spawn('b', 'answerer', { name: 'mine' });
    await time.advanceAsync(1000);
    const pid = await spawning;
    expect(pid.toString()).toMatch(/^b\/mine#/);
    const again = a.remote.spawn('b', 'answerer', { name: 'mine' }).catch((error: unknown) => error);
    const unknown = codeOf(a.remote.spawn('b', 'nothing'));
    const badName = codeOf(a.remote.spawn('b', 'answerer', { name: 'a/b' }));
    await time.advanceAsync(1000);
    const taken = (await again) as NameTakenError;
    expect(taken).toBeInstanceOf(NameTakenError);
    expect(taken.existing.equals(pid)).toBe(true);
    expect(await unknown).toBe('KIND_UNKNOWN');
    expect(await badName).toBe('NAME_INVALID');
  });

  it('answers who asks while its own way there is still being made again, however long that has taken', async () => {
    const { network, process, time } = stage();
    const [a, b] = [process('a'), process('b')];
    const target = b.system.spawnNamed(answerer(), 'answerer');
    const early = a.system.ask(abroad(target), ping('tea'));
    await time.advanceAsync(1000);
    await early;
    network.block('b', 'a');
    await time.advanceAsync(5000);
    const answer = codeOf(a.system.ask(abroad(target), ping('milk'), { timeoutMs: 1000 }));
    await time.advanceAsync(500);
    network.unblock('b', 'a');
    await time.advanceAsync(500);
    expect(await answer).toBe('answered');
  });
});

describe('what cannot be delivered', () => {
  it('fails an ask at once when nobody has that name there', async () => {
    const { process, time } = stage();
    const [a, b] = [process('a'), process('b')];
    const asking = codeOf(a.system.ask(pidByName('b', 'nobody'), ping('tea'), { timeoutMs: 60_000 }));
    await time.advanceAsync(1000);
    expect(await asking).toBe('TARGET_NOT_FOUND');
    expect(b.letters).toHaveLength(1);
  });

  it('fails an ask with the error that the actor threw, as far as it was meant for the asker', async () => {
    const { process, time } = stage();
    const [a, b] = [process('a'), process('b')];
    b.system.spawnNamed(
      Props.fromFunction((message: Received<Ping>) => {
        if (message.type === 'Ping') throw new Error('secret');
      }),
      'thrower',
    );
    const failure = a.system.ask(pidByName('b', 'thrower'), ping('tea')).catch((error: unknown) => error);
    await time.advanceAsync(1000);
    expect(await failure).toMatchObject({ code: 'TARGET_FAILED' });
    expect(String(await failure)).not.toContain('secret');
  });

  it('is a dead letter here when its type has no codec, and the ask hears of it', async () => {
    const { process, time } = stage();
    const [a] = [process('a'), process('b')];
    const asking = codeOf(a.system.ask(pidByName('b', 'x'), { type: 'Unheard' }));
    await time.advanceAsync(0);
    expect(await asking).toBe('MESSAGE_NOT_ENCODABLE');
    expect(a.letters).toMatchObject([{ reason: 'not-encodable' }]);
  });

  it('is an error to its sender when it cannot be read there, and the connection stays', async () => {
    const { process, time } = stage();
    const strange = new WireMessages().add({ Ping: pricing.GetPriceRequest });
    const [a, b] = [process('a'), process('b', { messages: strange })];
    const target = new TestProbe(b.system, 'probe');
    const sender = new TestProbe(a.system);
    await time.advanceAsync(0);
    const asking = codeOf(a.system.ask(abroad(target.pid), { type: 'Pong', sku: 'x', quantity: 1 }));
    sender.tell(abroad(target.pid), { type: 'Pong', sku: 'x', quantity: 1 });
    sender.tell(abroad(target.pid), ping('still here'));
    await time.advanceAsync(1000);
    expect(await asking).toBe('MESSAGE_UNDECODABLE');
    expect(sender.next()).toMatchObject({ type: 'Rejected', reason: 'undecodable' });
    expect(target.next()).toMatchObject({ sku: 'still here' });
    expect(b.letters.map(({ reason }) => reason)).toEqual(['undecodable', 'undecodable']);
  });

  it('comes back to its sender when a full mailbox rejects it', async () => {
    const { process, time } = stage();
    const [a, b] = [process('a'), process('b')];
    const stuck = Props.fromFunction((message: Received<Ping>) =>
      message.type === 'Ping' ? new Promise<void>(() => undefined) : undefined,
    ).withMailbox(boundedMailbox(1));
    const target = b.system.spawnNamed(stuck, 'stuck');
    const sender = new TestProbe(a.system);
    await time.advanceAsync(0);
    for (const sku of ['one', 'two', 'three']) sender.tell(abroad(target), ping(sku));
    await time.advanceAsync(1000);
    const rejected = { type: 'Rejected', reason: 'mailbox-full' };
    expect(sender.next()).toMatchObject({ ...rejected, message: { type: 'Ping', sku: 'two' } });
    expect(sender.next()).toMatchObject({ ...rejected, message: { type: 'Ping', sku: 'three' } });
  });

  it('fails within the patience when its process cannot be reached, and not at all once it can', async () => {
    const { network, process, time } = stage();
    const a = process('a');
    const asking = codeOf(a.system.ask(pidByName('b', 'answerer'), ping('tea'), { timeoutMs: 60_000 }));
    await time.advanceAsync(1100);
    expect(await asking).toBe('UNREACHABLE');
    const atOnce = codeOf(a.system.ask(pidByName('b', 'answerer'), ping('tea'), { timeoutMs: 60_000 }));
    await time.advanceAsync(0);
    expect(await atOnce).toBe('UNREACHABLE');
    const b = process('b');
    b.system.spawnNamed(answerer(), 'answerer');
    await time.advanceAsync(200);
    const answer = codeOf(a.system.ask(pidByName('b', 'answerer'), ping('tea')));
    await time.advanceAsync(200);
    expect(await answer).toBe('answered');
    expect(network).toBeDefined();
  });

  it('is bounded while it waits: what is too much is a dead letter', async () => {
    const { process, time } = stage();
    const a = process('a', { queueLimit: 10 });
    for (let index = 0; index < 15; index++) a.system.tell(pidByName('b', 'x'), ping(`${index}`));
    expect(a.letters.map(({ reason }) => reason)).toEqual(Array(5).fill('queue-full'));
    await time.advanceAsync(2000);
    expect(a.letters).toHaveLength(15);
  });

  it('is counted when a connection breaks under it, and fails its ask at once', async () => {
    const { network, process, time } = stage();
    const [a, b] = [process('a'), process('b')];
    const probe = new TestProbe<Ping>(b.system, 'probe');
    a.system.tell(abroad(probe.pid), ping('first'));
    await time.advanceAsync(500);
    expect(probe.next()).toMatchObject({ sku: 'first' });
    a.system.tell(abroad(probe.pid), ping('lost'));
    const asking = codeOf(a.system.ask(abroad(probe.pid), ping('asked'), { timeoutMs: 60_000 }));
    await time.advanceAsync(0);
    network.block('a', 'b');
    await time.advanceAsync(20);
    expect(await asking).toBe('CONNECTION_LOST');
    expect(a.letters.map(({ reason }) => reason)).toEqual(['connection-lost', 'connection-lost']);
    network.unblock('a', 'b');
    await time.advanceAsync(500);
    probe.expectNothing();
  });

  it('ends an ask whose answer cannot come any more', async () => {
    const { network, process, time } = stage();
    const [a, b] = [process('a'), process('b')];
    const silent = new TestProbe<Ping>(b.system, 'silent');
    const asking = codeOf(a.system.ask(abroad(silent.pid), ping('tea'), { timeoutMs: 60_000 }));
    await time.advanceAsync(500);
    network.crash('b');
    await time.advanceAsync(1200);
    expect(await asking).toBe('CONNECTION_LOST');
  });
});

describe('an answer that cannot be sent', () => {
  it('fails the ask at once', async () => {
    const { process, time } = stage();
    const [a, b] = [process('a'), process('b')];
    b.system.spawnNamed(
      Props.fromFunction((message: Received<Ping>, context) => {
        if (message.type === 'Ping') context.reply('of no type');
      }),
      'careless',
    );
    const asking = codeOf(a.system.ask(pidByName('b', 'careless'), ping('tea'), { timeoutMs: 60_000 }));
    await time.advanceAsync(1000);
    expect(await asking).toBe('MESSAGE_NOT_ENCODABLE');
    expect(b.letters).toMatchObject([{ reason: 'not-encodable' }]);
  });
});

describe('the messages that may leave a process', () => {
  it('have a codec each, and no field of their contract in the way of their type', () => {
    const messages = new WireMessages().add({ Ping: pricing.GetPriceRequest });
    expect(() => messages.add({ Ping: pricing.GetPriceRequest })).not.toThrow();
    expect(() => messages.add({ Ping: pricing.QuoteLine })).toThrow(/another codec/);
    expect(() => messages.add({ Load: grpcTesting.Payload })).toThrow(/field "type"/);
  });
});
