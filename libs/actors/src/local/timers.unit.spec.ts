import { describe, expect, it } from '@jest/globals';
import { gate, scripted } from '../../test/scripted.js';
import { createTestSystem, TestProbe } from '../testing/index.js';
import { type ActorContext, Props, type Receive } from '../index.js';

function actorWith(setUp: (context: ActorContext<string>) => void) {
  const kit = createTestSystem();
  const notes: string[] = [];
  let instances = 0;
  const props = Props.fromProducer<string>(() => {
    const instance = ++instances;
    const receive: Receive<string> = (message, context) => {
      if (typeof message === 'string') notes.push(`${instance}:${message}@${kit.time.clock.monotonic()}`);
      else if (message.type === 'ReceiveTimeout') notes.push(`${instance}:silence@${kit.time.clock.monotonic()}`);
      else if (message.type === 'Started' && instance === 1) setUp(context);
      if (message === 'fail') throw new Error('no');
      if (message === 'cancel') context.timers.cancel('key');
    };
    return { receive };
  });
  return { ...kit, notes, pid: kit.system.spawn(props) };
}

describe('a timer', () => {
  it('tells its actor once, when it is due', async () => {
    const { notes, time } = actorWith(({ timers }) => timers.startSingle('key', 'tick', 10));
    await time.advanceAsync(9);
    expect(notes).toEqual([]);
    await time.advanceAsync(100);
    expect(notes).toEqual(['1:tick@10']);
    expect(time.pending).toBe(0);
  });

  it('tells its actor again and again, until it is cancelled', async () => {
    const { notes, pid, system, time } = actorWith(({ timers }) => timers.startPeriodic('key', 'tick', 10));
    await time.advanceAsync(35);
    system.tell(pid, 'cancel');
    await time.advanceAsync(100);
    expect(notes).toEqual(['1:tick@10', '1:tick@20', '1:tick@30', '1:cancel@35']);
    expect(time.pending).toBe(0);
  });

  it('is replaced by another of its key, of which alone messages come', async () => {
    const { notes, time } = actorWith(({ timers }) => {
      timers.startPeriodic('key', 'old', 10);
      timers.startSingle('key', 'new', 20);
      expect(timers.isActive('key')).toBe(true);
    });
    await time.advanceAsync(100);
    expect(notes).toEqual(['1:new@20']);
  });

  it('that was started anew while an earlier one of its key waits in the mailbox comes at its own time', async () => {
    const { system, time } = createTestSystem();
    const { open, promise } = gate();
    const notes: string[] = [];
    const pid = system.spawn(scripted(notes));
    const start = (context: ActorContext<never>, word: string): void =>
      context.timers.startSingle('key', word as never, 10);
    system.tell(pid, async (context) => {
      start(context as unknown as ActorContext<never>, 'old');
      await promise;
      start(context as unknown as ActorContext<never>, 'new');
    });
    await time.advanceAsync(20);
    expect(system.backlogOf(pid)).toBe(1);
    open();
    await time.advanceAsync(9);
    expect(notes).toEqual(['made', 'Started']);
    await time.advanceAsync(1);
    expect(notes).toEqual(['made', 'Started', 'new']);
  });

  it('that is cancelled does not come, also when it waits in the mailbox', async () => {
    const { notes, pid, system, time } = actorWith(({ timers }) => timers.startSingle('key', 'tick', 10));
    await time.advanceAsync(0);
    system.tell(pid, 'cancel');
    time.clock.monotonic();
    await time.advanceAsync(10);
    expect(notes).toEqual(['1:cancel@0']);
  });

  it('of an earlier instance cannot fire into a newer one, also when it waits in the mailbox', async () => {
    const { notes, pid, settle, system, time } = actorWith(({ timers }) => {
      timers.startPeriodic('key', 'tick', 10);
      timers.startSingle('other', 'tick', 10);
    });
    await settle();
    const { open, promise } = gate();
    const props = Props.fromProducer<string>(() => ({
      receive(message, context): void | Promise<void> {
        if (message === 'set') {
          context.timers.startSingle('key', 'tick', 10);
          return promise.then(() => {
            throw new Error('no');
          });
        }
        if (typeof message === 'string') notes.push(`held:${message}`);
      },
    }));
    const held = system.spawn(props);
    system.tell(held, 'set');
    system.tell(pid, 'fail');
    await time.advanceAsync(20);
    expect(system.backlogOf(held)).toBe(1);
    open();
    await time.advanceAsync(100);
    expect(notes).toEqual(['1:fail@0']);
  });

  it('waits once in the mailbox, however late its actor is', async () => {
    const { settle, system, time } = createTestSystem();
    const { open, promise } = gate();
    const notes: string[] = [];
    const pid = system.spawn(scripted(notes));
    system.tell(pid, (context) => {
      (context as unknown as ActorContext<string>).timers.startPeriodic('key', 'tick', 10);
      return promise;
    });
    await time.advanceAsync(1000);
    expect(system.backlogOf(pid)).toBe(1);
    open();
    await settle();
    expect(notes).toEqual(['made', 'Started', 'tick']);
  });

  it.each([-1, Number.NaN])('refuses %d ms', async (wrong) => {
    const { settle } = actorWith(({ timers }) => {
      expect(() => timers.startSingle('key', 'tick', wrong)).toThrow(RangeError);
      expect(() => timers.startPeriodic('key', 'tick', wrong)).toThrow(RangeError);
    });
    await settle();
    expect.assertions(2);
  });

  it('that is started after the end of its actor has ended with it', async () => {
    const { settle, system, time } = createTestSystem();
    const pid = system.spawn(scripted());
    let kept: ActorContext<never> | undefined;
    system.tell(pid, (context) => void (kept = context as unknown as ActorContext<never>));
    await settle();
    system.stop(pid);
    await settle();
    kept?.timers.startPeriodic('key', 'tick' as never, 10);
    kept?.setReceiveTimeout(10);
    expect(kept?.timers.isActive('key')).toBe(false);
    expect(kept?.signal.aborted).toBe(true);
    expect(time.pending).toBe(0);
  });
});

describe('a receive timeout', () => {
  it('comes after each silence of its length', async () => {
    const { notes, pid, system, time } = actorWith((context) => context.setReceiveTimeout(10));
    await time.advanceAsync(6);
    system.tell(pid, 'hello');
    await time.advanceAsync(30);
    expect(notes).toEqual(['1:hello@6', '1:silence@16', '1:silence@26', '1:silence@36']);
  });

  it('is not put off by messages that are no sign of life', async () => {
    const ignores = (message: unknown): boolean => message === 'hello';
    const { notes, pid, system, time } = actorWith((context) => context.setReceiveTimeout(10, { ignores }));
    await time.advanceAsync(6);
    system.tell(pid, 'hello');
    await time.advanceAsync(6);
    expect(notes).toEqual(['1:hello@6', '1:silence@10']);
  });

  it('is turned off by 0, and by the end of the instance', async () => {
    const off = actorWith((context) => {
      context.setReceiveTimeout(10);
      context.setReceiveTimeout(0);
    });
    await off.time.advanceAsync(50);
    expect(off.notes).toEqual([]);
    const again = actorWith((context) => context.setReceiveTimeout(10));
    again.system.tell(again.pid, 'fail');
    await again.time.advanceAsync(50);
    expect(again.notes).toEqual(['1:fail@0']);
    expect(again.time.pending).toBe(0);
  });

  it('counts from when the last message was handled, and waits once in the mailbox', async () => {
    const { system, time } = createTestSystem();
    const { open, promise } = gate();
    const notes: string[] = [];
    const pid = system.spawn(scripted(notes));
    system.tell(pid, (context) => {
      context.setReceiveTimeout(10);
      return promise;
    });
    await time.advanceAsync(1000);
    expect(system.backlogOf(pid)).toBeLessThanOrEqual(1);
    open();
    await time.advanceAsync(9);
    expect(notes).not.toContain('ReceiveTimeout');
    await time.advanceAsync(10);
    expect(notes).toContain('ReceiveTimeout');
  });

  it('that was set anew comes at its own time, also when a notice of the earlier one waits in the mailbox', async () => {
    const { settle, system, time } = createTestSystem();
    const { open, promise } = gate();
    const notes: string[] = [];
    const pid = system.spawn(scripted(notes));
    system.tell(pid, (context) => {
      context.setReceiveTimeout(10);
      return promise;
    });
    system.tell(pid, (context) => context.setReceiveTimeout(1000));
    await time.advanceAsync(50);
    open();
    await settle();
    expect(notes).toEqual(['made', 'Started']);
    await time.advanceAsync(1000);
    expect(notes).toEqual(['made', 'Started', 'ReceiveTimeout']);
  });

  it('fails its actor when the rule for signs of life throws', async () => {
    const warnings: unknown[] = [];
    const { system, settle } = createTestSystem({ log: { warn: (message) => warnings.push(message) } });
    const ignores = (): boolean => {
      throw new Error('no rule');
    };
    const pid = system.spawn(scripted());
    system.tell(pid, (context) => context.setReceiveTimeout(10, { ignores }));
    system.tell(pid, 'hello');
    await settle();
    expect(warnings).toEqual(['an actor failed']);
  });
});

describe('the scheduler of a system', () => {
  it('tells later, once or again and again, until it is cancelled', async () => {
    const { settle, system, time } = createTestSystem();
    const probe = new TestProbe<string>(system);
    await settle();
    system.tellAfter(10, probe.pid, 'once');
    const never = system.tellAfter(10, probe.pid, 'never');
    never.cancel();
    const every = system.tellEvery(10, probe.pid, 'often');
    await time.advanceAsync(25);
    expect(probe.all()).toEqual(['once', 'often', 'often']);
    every.cancel();
    await time.advanceAsync(25);
    probe.expectNothing();
    expect(time.pending).toBe(0);
  });
});
