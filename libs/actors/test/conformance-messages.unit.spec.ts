import { describe, expect, it } from '@jest/globals';
import {
  boundedMailbox,
  DeadLetter,
  type Pid,
  Props,
  type Receive,
  type Received,
  roundRobin,
  routerGroup,
  routerPool,
} from '../src/index.js';
import { createTestSystem, TestProbe } from '../src/testing/index.js';
import { fail } from './family.js';
import { gate, type Script, scripted } from './scripted.js';

const here: Script = (context) => context.reply('here');

describe('an ask by an actor', () => {
  it('that is awaited in a circle ends by the deadline, and both take messages again', async () => {
    const { settle, system, time } = createTestSystem();
    const codes: unknown[] = [];
    const [one, two] = [system.spawn(scripted()), system.spawn(scripted())];
    const asking = (target: Pid<Script>, question: Script): Script => {
      return async (context) => {
        try {
          context.reply(await context.ask(target, question, { timeoutMs: 100 }));
        } catch (error) {
          codes.push((error as { code: unknown }).code);
        }
      };
    };
    system.tell(one, asking(two, asking(one, here)));
    system.tell(two, (context) => context.ask(context.self, here, { timeoutMs: 100 }).then(() => undefined, fail));
    await time.advanceAsync(250);
    expect(codes).toEqual(['ASK_TIMEOUT']);
    const answers = [one, two].map((pid) => system.ask(pid, here));
    await settle();
    expect(await Promise.all(answers)).toEqual(['here', 'here']);
  });

  it('in a circle is answered when they go on after it instead', async () => {
    const { settle, system } = createTestSystem();
    const [one, two] = [system.spawn(scripted()), system.spawn(scripted())];
    const asking = (target: Pid<Script>, question: Script): Script => {
      return (context) =>
        context.reenterAfter(context.ask(target, question), (outcome) =>
          context.reply(
            outcome.status === 'fulfilled' ? `${String(outcome.value)}, by way of another` : outcome.reason,
          ),
        );
    };
    const answer = system.ask(one, asking(two, asking(one, here)));
    await settle();
    expect(await answer).toBe('here, by way of another, by way of another');
  });

  it('that has stopped since, or was made again, leads nowhere, and what it asked is done all the same', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const { open, promise } = gate();
    const slow = system.spawn(scripted());
    for (const end of ['stop', 'fail']) {
      const pid = system.spawn(scripted());
      system.tell(pid, (context) =>
        context.reenterAfter(
          context.ask(slow, (own) => promise.then(() => own.reply(void notes.push('done')))),
          () => void notes.push('went on'),
        ),
      );
      await settle();
      if (end === 'stop') system.stop(pid);
      else system.tell(pid, fail);
    }
    await settle();
    open();
    await settle();
    expect(notes).toEqual(['done', 'done']);
  });
});

describe('forwarding', () => {
  it('keeps the first sender and the headers over several actors, also after a promise', async () => {
    const { settle, system } = createTestSystem();
    const seen: unknown[] = [];
    const last = system.spawn(
      Props.fromFunction<string>((message, context) => {
        if (typeof message !== 'string') return;
        seen.push(message, context.headers);
        context.reply('from the last');
      }),
    );
    const second = system.spawn(
      Props.fromFunction<string>((message, context) => {
        if (typeof message !== 'string') return;
        context.reenterAfter(Promise.resolve(), () => context.forward(last, `${message}!`));
      }),
    );
    const first = system.spawn(
      Props.fromFunction<string>((message, context) => {
        if (typeof message === 'string') context.forward(second);
      }),
    );
    const answer = system.ask(first, 'hello', { headers: { trace: 't' } });
    await settle();
    expect([await answer, seen]).toEqual(['from the last', ['hello!', { trace: 't' }]]);
  });
});

describe('a stash that is opened and closed again', () => {
  it('keeps the order over several rounds, ahead of what came later', async () => {
    const { settle, system } = createTestSystem();
    const handled: string[] = [];
    /** Opens for one message, and closes again. */
    const closed: Receive<string> = (message, context) => {
      if (typeof message !== 'string') return;
      if (message !== 'next') return context.stash();
      context.become(open);
      context.unstashAll();
    };
    const open: Receive<string> = (message, context) => {
      if (typeof message === 'string') handled.push(message);
      context.become(closed);
    };
    const pid = system.spawn(Props.fromFunction(closed));
    for (const word of ['a', 'b', 'next', 'c', 'd', 'next', 'next', 'e', 'next']) system.tell(pid, word);
    await settle();
    expect(handled).toEqual(['a', 'b', 'c', 'd']);
    system.tell(pid, 'next');
    await settle();
    expect(handled).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

describe('a receive timeout', () => {
  it('comes again after a failure that is resumed, and is no sign of life itself', async () => {
    const { system, time } = createTestSystem();
    const notes: string[] = [];
    const props = scripted(notes).withGuardian({ handle: (_failure, child, view) => view.resume(child) });
    const pid = system.spawn(props);
    system.tell(pid, (context) => context.setReceiveTimeout(10));
    await time.advanceAsync(5);
    system.tell(pid, fail);
    await time.advanceAsync(9);
    expect(notes).toEqual(['made', 'Started']);
    await time.advanceAsync(11);
    expect(notes).toEqual(['made', 'Started', 'ReceiveTimeout', 'ReceiveTimeout']);
  });

  it('is put off by a Terminated and by a timer, as by any message', async () => {
    const { system, time } = createTestSystem();
    const notes: string[] = [];
    const other = system.spawn(scripted());
    system.tell(system.spawn(scripted(notes)), (context) => {
      context.setReceiveTimeout(10);
      context.watch(other);
      context.timers.startSingle('tick', () => undefined, 14);
    });
    await time.advanceAsync(7);
    system.stop(other);
    await time.advanceAsync(16);
    expect(notes).toEqual(['made', 'Started', 'Terminated']);
    await time.advanceAsync(1);
    expect(notes).toEqual(['made', 'Started', 'Terminated', 'ReceiveTimeout']);
  });
});

describe('a watch', () => {
  it('of many brings one Terminated each, in the order of their ends', async () => {
    const { settle, system } = createTestSystem();
    const probe = new TestProbe(system);
    const pids = ['a', 'b', 'c'].map((name) => system.spawnNamed(scripted(), name));
    await settle();
    for (const pid of [...pids, ...pids]) probe.watch(pid);
    for (const pid of [...pids].reverse()) {
      system.stop(pid);
      await settle();
    }
    expect(probe.all().map((message) => (message as { who: Pid }).who.id)).toEqual(['c', 'b', 'a']);
  });

  it('that is given up and taken up again counts as one, whether the actor lives or not', async () => {
    const { settle, system } = createTestSystem();
    const probe = new TestProbe(system);
    const pid = system.spawn(scripted());
    await settle();
    for (let time = 0; time < 3; time++) {
      probe.watch(pid);
      probe.unwatch(pid);
    }
    probe.watch(pid);
    system.stop(pid);
    await settle();
    expect(probe.all()).toHaveLength(1);
    probe.watch(pid);
    probe.unwatch(pid);
    probe.watch(pid);
    await settle();
    expect(probe.all()).toEqual([{ type: 'Terminated', who: pid, reason: 'not-found' }]);
  });

  it('of a child is silent in the end of the parent itself', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const parent = system.spawn(scripted(notes));
    system.tell(parent, (context) => context.watch(context.spawn(scripted())));
    await settle();
    system.stop(parent);
    await settle();
    expect(notes).toEqual(['made', 'Started', 'Stopping', 'Stopped']);
  });
});

describe('a router', () => {
  it('of a group that begins with an actor which has ended uses the others', async () => {
    const { settle, system } = createTestSystem();
    const probe = new TestProbe<string>(system);
    const dead: Pid<string> = system.spawn(scripted());
    system.stop(dead);
    await settle();
    const router = system.spawn(routerGroup([dead, probe.pid], roundRobin()));
    await settle();
    for (const word of ['a', 'b', 'c']) system.tell(router, word);
    await settle();
    expect(probe.all()).toEqual(['a', 'b', 'c']);
  });

  it('of a pool goes on with the others when a routee is stopped, and is asked as they are', async () => {
    const { settle, system } = createTestSystem();
    const answering = Props.fromFunction((message: Received<string>, context) => {
      if (message === 'stop') context.stop();
      else if (typeof message === 'string') context.reply(context.self.id);
    });
    const router = system.spawnNamed(routerPool(3, answering, roundRobin()), 'pool');
    system.tell(router, 'stop');
    await settle();
    const answers = ['a', 'b', 'c', 'd'].map((word) => system.ask(router, word));
    await settle();
    const ids = (await Promise.all(answers)) as string[];
    expect(new Set(ids).size).toBe(2);
    expect(ids.slice(2)).toEqual(ids.slice(0, 2));
  });
});

describe('a full mailbox', () => {
  it('that rejects ends each ask at once, and the count of what was handled and lost adds up', async () => {
    const { settle, system } = createTestSystem();
    const letters: unknown[] = [];
    system.events.subscribe(DeadLetter, ({ message, reason }) => letters.push([message, reason]));
    const { open, promise } = gate();
    const pid = system.spawn(scripted().withMailbox(boundedMailbox(2)));
    system.tell(pid, () => promise);
    await settle();
    const asks = [1, 2, 3].map(() => system.ask(pid, here).catch((error: unknown) => (error as { code: string }).code));
    open();
    await settle();
    expect(await Promise.all(asks)).toEqual(['here', 'here', 'MAILBOX_FULL']);
    expect(letters).toEqual([[here, 'mailbox-full']]);
  });
});
