import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rookery/runtime';
import { gate, scripted } from '../../test/scripted.js';
import { createTestSystem, TestProbe } from '../testing/index.js';
import { type DeadLetter, type Pid, Props, type Request } from '../index.js';

interface Add extends Request<number> {
  readonly type: 'Add';
  readonly numbers: number[];
}

const adder = Props.fromFunction<Add>((message, context) => {
  if (message.type === 'Add') context.reply(message.numbers.reduce((sum, number) => sum + number, 0));
});

describe('an ask', () => {
  it('gives the answer, of the type that the message names', async () => {
    const { settle, system } = createTestSystem();
    const answer: Promise<number> = system.ask(system.spawn(adder), { type: 'Add', numbers: [1, 2] });
    await settle();
    await expect(answer).resolves.toBe(3);
  });

  it('can be made by an actor, which handles nothing else while it awaits the answer', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const { open, promise } = gate();
    const slow = system.spawn(scripted());
    system.tell(slow, async (context) => {
      await promise;
      context.reply(undefined);
    });
    const asker = system.spawn(scripted(notes));
    system.tell(asker, async (context) => {
      await context.ask(slow, (own) => own.reply('answer'));
      notes.push('answered');
    });
    system.tell(asker, 'next');
    await settle();
    expect(notes).toEqual(['made', 'Started']);
    open();
    await settle();
    expect(notes).toEqual(['made', 'Started', 'answered', 'next']);
  });

  it('ends at its deadline, and a later answer is a dead letter', async () => {
    const { settle, system, time } = createTestSystem();
    const letters: DeadLetter[] = [];
    system.events.subscribeAll((letter) => letters.push(letter as DeadLetter));
    const senders: Pid[] = [];
    const pid = system.spawnNamed(scripted(), 'silent');
    const keep = ({ sender }: { readonly sender: Pid | undefined }): void => {
      if (sender !== undefined) senders.push(sender);
    };
    const refused = expect(system.ask(pid, keep, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'ASK_TIMEOUT',
      kind: 'deadline-exceeded',
      message: 'silent did not answer within 100 ms',
    });
    await time.advanceAsync(120);
    await refused;
    for (const sender of senders) system.tell(sender, 'late');
    await settle();
    expect(letters).toMatchObject([{ message: 'late', reason: 'late-answer' }]);
  });

  it('has 5 s unless it is told otherwise', async () => {
    const { system, time } = createTestSystem();
    const refused = expect(system.ask(system.spawn(scripted()), 'hello')).rejects.toMatchObject({
      code: 'ASK_TIMEOUT',
    });
    await time.advanceAsync(5020);
    await refused;
    expect(time.pending).toBe(0);
  });

  it('takes the first answer alone', async () => {
    const { settle, system } = createTestSystem();
    const letters: DeadLetter[] = [];
    system.events.subscribeAll((letter) => letters.push(letter as DeadLetter));
    const answer = system.ask(system.spawn(scripted()), (context) => {
      context.reply(1);
      context.reply(2);
    });
    await settle();
    await expect(answer).resolves.toBe(1);
    expect(letters).toMatchObject([{ message: 2, reason: 'late-answer' }]);
  });

  it.each([-1, Number.NaN])('is refused with %d ms', async (timeoutMs) => {
    const { system } = createTestSystem();
    await expect(system.ask(system.spawn(scripted()), 'hello', { timeoutMs })).rejects.toThrow(RangeError);
  });

  it('fails at once when there is nobody, or nobody any more', async () => {
    const { settle, system } = createTestSystem();
    await expect(system.ask(system.nobody, 'hello')).rejects.toMatchObject({ code: 'TARGET_NOT_FOUND' });
    const pid = system.spawn(scripted());
    system.stop(pid);
    await settle();
    await expect(system.ask(pid, 'hello')).rejects.toMatchObject({ code: 'TARGET_STOPPED', kind: 'unavailable' });
  });

  it('fails at once when the actor ends with the question in its mailbox', async () => {
    const { settle, system } = createTestSystem();
    const pid = system.spawn(scripted());
    const refused = expect(system.ask(pid, 'hello')).rejects.toMatchObject({ code: 'TARGET_STOPPED' });
    system.stop(pid);
    await settle();
    await refused;
  });

  it('fails at once when the actor ends, or is made again, before it goes on after a promise', async () => {
    const { settle, system } = createTestSystem();
    const { promise } = gate();
    const ends = system.spawn(scripted());
    const stopped = expect(
      system.ask(ends, (context) => context.reenterAfter(promise, () => context.reply('never'))),
    ).rejects.toMatchObject({ code: 'TARGET_STOPPED' });
    const fails = system.spawn(scripted());
    const failed = expect(
      system.ask(fails, (context) => context.reenterAfter(promise, () => context.reply('never'))),
    ).rejects.toMatchObject({ code: 'TARGET_FAILED' });
    await settle();
    system.stop(ends);
    system.tell(fails, () => {
      throw new Error('no');
    });
    await settle();
    await Promise.all([stopped, failed]);
  });

  it('fails at once when the actor throws, now or later, with what it threw if that is meant for callers', async () => {
    const { settle, system } = createTestSystem();
    const pid = system.spawnNamed(scripted(), 'broken');
    const cause = new Error('secret');
    const sync = expect(
      system.ask(pid, () => {
        throw cause;
      }),
    ).rejects.toMatchObject({ code: 'TARGET_FAILED', message: 'broken failed while it handled the message', cause });
    const later = expect(system.ask(pid, () => Promise.reject(cause))).rejects.toMatchObject({ code: 'TARGET_FAILED' });
    const refusal = new DomainError('SOLD_OUT', 'there is none left');
    const meant = expect(
      system.ask(pid, () => {
        throw refusal;
      }),
    ).rejects.toBe(refusal);
    await settle();
    await Promise.all([sync, later, meant]);
  });

  it('waits for another to answer when the actor that took the question has ended', async () => {
    const { settle, system } = createTestSystem();
    const second = system.spawn(scripted());
    const first = system.spawn(scripted());
    const answer = system.ask(first, (context) => {
      const { sender } = context;
      context.tell(second, (own) => {
        if (sender !== undefined) own.tell(sender, 'for the first');
      });
      context.stop();
    });
    await settle();
    await expect(answer).resolves.toBe('for the first');
  });

  it('is answered by whom it was forwarded to', async () => {
    const { settle, system } = createTestSystem();
    const second = system.spawn(adder);
    const first = system.spawn(
      Props.fromFunction<Add>((message, context) => {
        if (message.type === 'Add') context.forward(second);
      }),
    );
    const answer = system.ask(first, { type: 'Add', numbers: [1, 2, 3] });
    await settle();
    await expect(answer).resolves.toBe(6);
  });

  it('leaves nothing behind', async () => {
    const { settle, system, time } = createTestSystem();
    const pid = system.spawn(adder);
    for (let round = 0; round < 100; round++) void system.ask(pid, { type: 'Add', numbers: [1] });
    await settle();
    await time.advanceAsync(20);
    expect(time.pending).toBe(0);
  });

  it('stays in flight between two systems apart: each ends its own', async () => {
    const { settle, system } = createTestSystem();
    const pid = system.spawn(scripted());
    const refused = expect(system.ask(pid, ({ stop }) => void stop)).rejects.toMatchObject({ code: 'SYSTEM_STOPPED' });
    await settle();
    const end = system.shutdown();
    await settle();
    await end;
    await refused;
  });
});

describe('a reply', () => {
  it('goes to the sender of the message at hand, also while a promise is open', async () => {
    const { settle, system } = createTestSystem();
    const probe = new TestProbe<string>(system);
    const pid = system.spawn(scripted());
    await settle();
    const answer = system.ask(pid, async (context) => {
      await Promise.resolve();
      context.reply('later');
    });
    probe.tell(pid, (context) => context.reply('to the probe'));
    await settle();
    await expect(answer).resolves.toBe('later');
    expect(probe.all()).toEqual(['to the probe']);
  });

  it('to nobody is a dead letter, as is one after the turn', async () => {
    const { settle, system } = createTestSystem();
    const letters: DeadLetter[] = [];
    system.events.subscribeAll((letter) => letters.push(letter as DeadLetter));
    const probe = new TestProbe<string>(system);
    const pid = system.spawn(scripted());
    await settle();
    system.tell(pid, (context) => context.reply('to nobody'));
    probe.tell(pid, (context) => void Promise.resolve().then(() => context.reply('too late')));
    await settle();
    expect(letters).toMatchObject([
      { message: 'to nobody', reason: 'no-sender', sender: pid },
      { message: 'too late', reason: 'no-sender', sender: pid },
    ]);
    probe.expectNothing();
  });
});
