import { describe, expect, it } from '@jest/globals';
import { scripted } from '../../test/scripted.js';
import { createTestSystem, TestProbe } from '../testing/index.js';
import { type ReceiverMiddleware, type SenderMiddleware, type SpawnMiddleware } from '../index.js';

const nameOf = (message: unknown): string =>
  typeof message === 'string' ? message : ((message as { type?: string }).type ?? typeof message);

describe('receiver middleware', () => {
  it('is around everything that the actor hears, the first one outermost', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const noting =
      (name: string): ReceiverMiddleware =>
      (next) =>
      (context, envelope) => {
        notes.push(`${name} ${nameOf(envelope.message)}`);
        return next(context, envelope);
      };
    const pid = system.spawn(scripted(notes).withReceiverMiddleware(noting('outer'), noting('inner')));
    system.tell(pid, 'hello');
    await settle();
    expect(notes).toEqual([
      'made',
      ...['outer Started', 'inner Started', 'Started'],
      ...['outer hello', 'inner hello', 'hello'],
    ]);
  });

  it('may change the envelope, keep it to itself, or throw', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const middleware: ReceiverMiddleware = (next) => (context, envelope) => {
      if (envelope.message === 'secret') return;
      if (envelope.message === 'bad') throw new Error('no');
      if (envelope.message === 'plain')
        return next(context, { ...envelope, message: 'changed', headers: { by: 'me' } });
      return next(context, envelope);
    };
    const pid = system.spawn(scripted(notes).withReceiverMiddleware(middleware));
    for (const word of ['secret', 'plain', 'bad']) system.tell(pid, word);
    await settle();
    expect(notes).toEqual(['made', 'Started', 'changed', 'Restarting', 'made', 'Started']);
  });

  it('is composed once, not for each message', async () => {
    const { settle, system } = createTestSystem();
    let composed = 0;
    const middleware: ReceiverMiddleware = (next) => {
      composed++;
      return next;
    };
    const pid = system.spawn(scripted().withReceiverMiddleware(middleware));
    for (let number = 0; number < 10; number++) system.tell(pid, 'x');
    await settle();
    expect(composed).toBe(1);
  });
});

describe('sender middleware', () => {
  it('is around everything that the actor tells, asks, answers and forwards, and is composed once', async () => {
    const { settle, system } = createTestSystem();
    const sent: string[] = [];
    let composed = 0;
    const middleware: SenderMiddleware = (next) => {
      composed++;
      return (context, target, envelope) => {
        sent.push(`${context?.self.id ?? 'nobody'} ${nameOf(envelope.message)}`);
        next(context, target, { ...envelope, headers: { ...envelope.headers, by: 'middleware' } });
      };
    };
    const probe = new TestProbe<string>(system);
    const notes: string[] = [];
    const other = system.spawn(scripted());
    const pid = system.spawnNamed(scripted(notes).withSenderMiddleware(middleware), 'me');
    await settle();
    system.tell(pid, (context) => context.tell(probe.pid, 'told'));
    probe.tell(pid, (context) => context.reply('answered'));
    probe.tell(pid, (context) => context.forward(probe.pid, 'forwarded'));
    system.tell(pid, async (context) => {
      const answer = context.ask(other, (own) => own.reply(`by ${own.headers['by'] ?? 'nobody'}`));
      notes.push((await answer) as string);
    });
    await settle();
    expect(probe.all()).toEqual(['told', 'answered', 'forwarded']);
    expect(sent).toEqual(['me told', 'me answered', 'me forwarded', 'me function']);
    expect(notes.at(-1)).toBe('by middleware');
    expect(composed).toBe(1);
  });

  it('that throws on a tell fails its actor, and on an ask the ask', async () => {
    const { settle, system, time } = createTestSystem();
    const notes: string[] = [];
    const middleware: SenderMiddleware = () => () => {
      throw new Error('not sent');
    };
    const pid = system.spawn(scripted(notes).withSenderMiddleware(middleware));
    system.tell(pid, async (context) => {
      await context.ask(pid, 'x').catch(({ message }: Error) => notes.push(message));
    });
    system.tell(pid, (context) => context.tell(pid, 'x'));
    await settle();
    expect(notes).toEqual(['made', 'Started', 'not sent', 'Restarting', 'made', 'Started']);
    await time.advanceAsync(20);
    expect(time.pending).toBe(0);
  });

  it('stands around what is sent outside of actors, where the system has it', async () => {
    const sent: unknown[] = [];
    const middleware: SenderMiddleware = (next) => (context, target, envelope) => {
      sent.push([context, envelope.message]);
      next(context, target, { ...envelope, headers: { trace: 't' } });
    };
    const { settle, system } = createTestSystem({ middleware: { senders: [middleware] } });
    const pid = system.spawn(scripted());
    const answer = system.ask(pid, (context) => context.reply(context.headers));
    await settle();
    await expect(answer).resolves.toEqual({ trace: 't' });
    expect(sent).toEqual([[undefined, expect.any(Function)]]);
  });
});

describe('spawn middleware', () => {
  const prefixing =
    (prefix: string): SpawnMiddleware =>
    (next) =>
    (parent, props, name) =>
      next(parent, props, name === undefined ? undefined : `${prefix}-${name}`);

  it('is around each spawn of a child', async () => {
    const { settle, system } = createTestSystem();
    const ids: string[] = [];
    const pid = system.spawnNamed(scripted().withSpawnMiddleware(prefixing('outer'), prefixing('inner')), 'me');
    system.tell(pid, (context) => {
      ids.push(context.spawnNamed(scripted(), 'child').id, context.spawn(scripted()).id);
    });
    await settle();
    expect(ids).toEqual(['me/inner-outer-child', expect.stringMatching(/^me\/\$\w+$/)]);
  });

  it('is around each spawn at the root, where the system has it', () => {
    const { system } = createTestSystem({ middleware: { spawners: [prefixing('root')] } });
    expect(system.spawnNamed(scripted(), 'actor').id).toBe('root-actor');
  });
});
