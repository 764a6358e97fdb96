import { describe, expect, it } from '@jest/globals';
import { gate, scripted } from '../../test/scripted.js';
import { createTestSystem, TestProbe } from '../testing/index.js';
import {
  boundedMailbox,
  type DeadLetter,
  type Mailbox,
  oneForOne,
  priorityMailbox,
  Props,
  type Received,
  unboundedMailbox,
} from '../index.js';

/** A system with an actor that has taken one message and waits, so that others stay in its mailbox. */
async function busyActor(mailbox: Mailbox) {
  const kit = createTestSystem();
  const notes: string[] = [];
  const letters: string[] = [];
  kit.system.events.subscribeAll((event) => {
    const { message, reason } = event as DeadLetter;
    letters.push(`${String(message)} ${reason}`);
  });
  const { open, promise } = gate();
  const pid = kit.system.spawn(scripted(notes).withMailbox(mailbox));
  kit.system.tell(pid, () => promise);
  await kit.settle();
  notes.length = 0;
  return { ...kit, letters, notes, open, pid };
}

describe('a mailbox', () => {
  it('keeps the order of each sender', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const receiver = system.spawn(scripted(notes));
    for (const name of ['a', 'b']) {
      system.tell(system.spawn(scripted()), (context) => {
        for (let number = 0; number < 100; number++) context.tell(receiver, `${name}${number}`);
      });
    }
    await settle();
    for (const name of ['a', 'b']) {
      const own = notes.filter((note) => note.startsWith(name));
      expect(own).toEqual(Array.from({ length: 100 }, (_, number) => `${name}${number}`));
    }
  });

  it('takes any value as a message, undefined too', async () => {
    const { settle, system } = createTestSystem();
    const probe = new TestProbe(system);
    const forwarder = system.spawn(
      Props.fromFunction((message, context) => {
        if (typeof message !== 'object' || message === null) context.forward(probe.pid);
      }),
    );
    for (const message of [undefined, null, 0, '', false, Symbol.iterator]) system.tell(probe.pid, message);
    system.tell(forwarder, undefined);
    await settle();
    expect(probe.all()).toEqual([undefined, null, 0, '', false, Symbol.iterator, undefined]);
  });

  it('gives way to the system queue before each message', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const pid = system.spawn(scripted(notes));
    system.tell(pid, (context) => context.stop());
    system.tell(pid, 'never');
    await settle();
    expect(notes).not.toContain('never');
  });

  it('waits while its actor has failed and nobody has decided, or is to be made again later', async () => {
    const { settle, system, time } = createTestSystem();
    const notes: string[] = [];
    const props = scripted(notes).withGuardian({ handle: (_failure, child, view) => view.restart(child, 50) });
    const pid = system.spawn(props);
    system.tell(pid, () => {
      throw new Error('no');
    });
    system.tell(pid, 'after');
    await time.advanceAsync(49);
    expect(notes).not.toContain('after');
    expect(system.backlogOf(pid)).toBe(1);
    await time.advanceAsync(1);
    expect(notes.slice(-3)).toEqual(['made', 'Started', 'after']);
    await settle();
    expect(time.pending).toBe(0);
  });

  it('has no limit unless it is given one', async () => {
    const { open, pid, settle, system, notes, letters } = await busyActor(unboundedMailbox());
    for (let number = 0; number < 100_000; number++) system.tell(pid, 'x');
    expect(system.backlogOf(pid)).toBe(100_000);
    open();
    while (notes.length < 100_000) await settle();
    expect(letters).toEqual([]);
  });
});

describe('a bounded mailbox', () => {
  it('drops the newest, if that is its rule', async () => {
    const { letters, notes, open, pid, settle, system } = await busyActor(boundedMailbox(2, 'drop-newest'));
    for (const word of ['a', 'b', 'c', 'd']) system.tell(pid, word);
    open();
    await settle();
    expect(notes).toEqual(['a', 'b']);
    expect(letters).toEqual(['c mailbox-full', 'd mailbox-full']);
  });

  it('drops the oldest, if that is its rule', async () => {
    const { letters, notes, open, pid, settle, system } = await busyActor(boundedMailbox(2, 'drop-oldest'));
    for (const word of ['a', 'b', 'c', 'd']) system.tell(pid, word);
    open();
    await settle();
    expect(notes).toEqual(['c', 'd']);
    expect(letters).toEqual(['a dropped-oldest', 'b dropped-oldest']);
  });

  it('rejects to the sender, if that is its rule, and by default', async () => {
    const { letters, notes, open, pid, settle, system } = await busyActor(boundedMailbox(1));
    const probe = new TestProbe(system);
    await settle();
    probe.tell(pid, 'a');
    probe.tell(pid, 'b');
    const ask = expect(system.ask(pid, 'c')).rejects.toMatchObject({
      code: 'MAILBOX_FULL',
      kind: 'resource-exhausted',
    });
    await settle();
    await ask;
    expect(probe.all()).toEqual([{ type: 'Rejected', target: pid, message: 'b', reason: 'mailbox-full' }]);
    open();
    await settle();
    expect(notes).toEqual(['a']);
    expect(letters).toEqual(['b mailbox-full', 'c mailbox-full']);
  });

  it('fails an ask at once whose message it drops for a newer one', async () => {
    const { pid, settle, system } = await busyActor(boundedMailbox(1, 'drop-oldest'));
    const ask = expect(system.ask(pid, 'a')).rejects.toMatchObject({ code: 'MAILBOX_FULL' });
    system.tell(pid, 'b');
    await settle();
    await ask;
  });

  it('counts and drops no message of the runtime', async () => {
    const { letters, notes, open, pid, settle, system } = await busyActor(boundedMailbox(1, 'drop-oldest'));
    system.poison(pid);
    for (const word of ['a', 'b', 'c']) system.tell(pid, word);
    expect(system.backlogOf(pid)).toBe(2);
    open();
    await settle();
    expect(notes).toEqual(['Stopping', 'Stopped']);
    expect(letters).toEqual(['a dropped-oldest', 'b dropped-oldest', 'c stopped']);
  });

  it('takes back what was stashed, whatever its limit', async () => {
    const { settle, system } = createTestSystem();
    const heard: unknown[] = [];
    const props = Props.fromFunction((message: Received<string>, context) => {
      if (typeof message !== 'string') return;
      context.stash();
      if (message !== 'c') return;
      context.become((again) => void heard.push(again));
      context.unstashAll();
    });
    const pid = system.spawn(props.withMailbox(boundedMailbox(1)));
    for (const word of ['a', 'b', 'c']) {
      system.tell(pid, word);
      await settle();
    }
    expect(heard).toEqual(['a', 'b', 'c']);
  });

  it.each([0, -1, 1.5, Number.NaN])('is refused with room for %d messages', (capacity) => {
    expect(() => boundedMailbox(capacity)).toThrow(RangeError);
  });
});

describe('a priority mailbox', () => {
  const byFirstDigit = (message: unknown): number => Number((message as string)[0]);

  it('serves urgent messages first, and keeps the order within a level', async () => {
    const { notes, open, pid, settle, system } = await busyActor(priorityMailbox(3, byFirstDigit));
    for (const word of ['2a', '1a', '0a', '2b', '1b', '0b', '9c', '-c']) system.tell(pid, word);
    open();
    await settle();
    expect(notes).toEqual(['0a', '0b', '-c', '1a', '1b', '2a', '2b', '9c']);
  });

  it('reads the level of the message, also when that has headers', async () => {
    const { notes, open, pid, settle, system } = await busyActor(priorityMailbox(2, byFirstDigit));
    system.tell(pid, '1a', { trace: 'x' });
    system.tell(pid, '0a', { trace: 'x' });
    open();
    await settle();
    expect(notes).toEqual(['0a', '1a']);
  });

  it('lets a flood of urgent messages delay the others, but not for ever', async () => {
    const { notes, open, pid, settle, system } = await busyActor(priorityMailbox(2, byFirstDigit));
    system.tell(pid, '1a');
    for (let number = 0; number < 100; number++) system.tell(pid, '0');
    open();
    await settle();
    expect(notes.indexOf('1a')).toBe(16);
  });

  it('handles everything that came before a poison, and nothing that came after', async () => {
    const { letters, notes, open, pid, settle, system } = await busyActor(priorityMailbox(2, byFirstDigit));
    for (let number = 0; number < 50; number++) system.tell(pid, '0');
    system.poison(pid);
    system.tell(pid, '0late');
    open();
    await settle();
    expect(notes.filter((note) => note === '0')).toHaveLength(50);
    expect(letters).toEqual(['0late stopped']);
  });

  it('puts a message whose level cannot be told behind the others, and tells a person', async () => {
    const warnings: unknown[] = [];
    const { settle, system } = createTestSystem({ log: { warn: (message) => warnings.push(message) } });
    const heard: unknown[] = [];
    const levelOf = (message: unknown): number => {
      if (message === 'bad') throw new Error('no level');
      return 0;
    };
    const props = Props.fromFunction((message: Received<string>) => {
      if (typeof message === 'string') heard.push(message);
    });
    const pid = system.spawn(props.withMailbox(priorityMailbox(2, levelOf)).withGuardian(oneForOne()));
    expect(() => system.tell(pid, 'bad')).not.toThrow();
    system.tell(pid, 'good');
    await settle();
    expect(heard).toEqual(['good', 'bad']);
    expect(warnings).toEqual(['an actor threw where no supervisor can help']);
  });

  it.each([0, 1.5])('is refused with %d levels', (levels) => {
    expect(() => priorityMailbox(levels, () => 0)).toThrow(RangeError);
  });
});
