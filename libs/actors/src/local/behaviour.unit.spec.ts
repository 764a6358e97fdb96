import { describe, expect, it } from '@jest/globals';
import { scripted } from '../../test/scripted.js';
import { createTestSystem } from '../testing/index.js';
import { DeadLetter, Props, type Receive } from '../index.js';

function talker() {
  const kit = createTestSystem();
  const notes: string[] = [];
  const as =
    (name: string): Receive<string> =>
    (message, context) => {
      const word = typeof message === 'string' ? message : message.type;
      notes.push(`${name}: ${word}`);
      if (word === 'become') context.become(as('second'));
      if (word === 'stack') context.becomeStacked(as(`on ${name}`));
      if (word === 'unbecome') context.unbecome();
      if (word === 'fail') throw new Error('no');
    };
  const pid = kit.system.spawn(Props.fromFunction(as('first')));
  const say = async (...words: string[]): Promise<readonly string[]> => {
    for (const word of words) kit.system.tell(pid, word);
    await kit.settle();
    return notes.splice(0);
  };
  return { ...kit, pid, say };
}

describe('a behaviour', () => {
  it('is replaced from the next message on', async () => {
    const { say } = talker();
    expect(await say('become', 'hello')).toEqual(['first: Started', 'first: become', 'second: hello']);
  });

  it('is put on another and taken off again', async () => {
    const { say } = talker();
    await say();
    const words = ['stack', 'stack', 'a', 'unbecome', 'b', 'unbecome', 'c', 'unbecome', 'd'];
    expect(await say(...words)).toEqual([
      'first: stack',
      'on first: stack',
      'on on first: a',
      'on on first: unbecome',
      'on first: b',
      'on first: unbecome',
      'first: c',
      'first: unbecome',
      'first: d',
    ]);
  });

  it('replaces all that are stacked', async () => {
    const { say } = talker();
    await say('stack', 'become');
    expect(await say('a', 'unbecome', 'b')).toEqual(['second: a', 'second: unbecome', 'first: b']);
  });

  it('hears the runtime too', async () => {
    const { pid, say, system } = talker();
    await say('become');
    system.stop(pid);
    expect(await say()).toEqual(['second: Stopping', 'second: Stopped']);
  });

  it('may be changed up to the end, for what is heard after that', async () => {
    const { settle, system } = createTestSystem();
    const notes: string[] = [];
    const last: Receive<string> = (message) => void notes.push(`last: ${String((message as { type: string }).type)}`);
    const pid = system.spawn(
      Props.fromFunction<string>((message, context) => {
        if (typeof message === 'object' && message.type === 'Stopping') context.become(last);
      }),
    );
    await settle();
    system.stop(pid);
    await settle();
    expect(notes).toEqual(['last: Stopped']);
  });

  it('is the first one again after a restart', async () => {
    const { say } = talker();
    await say('become');
    expect(await say('fail', 'hello')).toEqual([
      'second: fail',
      'second: Restarting',
      'first: Started',
      'first: hello',
    ]);
  });
});

describe('a stash', () => {
  const notes: string[] = [];
  /** Puts everything aside until it hears `open`. */
  const closed: Receive<string> = (message, context) => {
    if (typeof message !== 'string') return;
    if (message === 'fail') throw new Error('no');
    if (message !== 'open') return context.stash();
    context.become(opened);
    context.unstashAll();
  };
  const opened: Receive<string> = (message, context) => {
    if (typeof message !== 'string') return;
    notes.push(`${message} from ${context.sender?.id ?? 'nobody'} with ${context.headers['trace'] ?? 'nothing'}`);
  };

  it('gives messages back ahead of others, in their order, with their senders and headers', async () => {
    notes.length = 0;
    const { settle, system } = createTestSystem();
    const pid = system.spawn(Props.fromFunction(closed));
    const sender = system.spawnNamed(scripted(), 'sender');
    system.tell(sender, (context) => context.tell(pid, 'a', { trace: 't' }));
    await settle();
    for (const word of ['b', 'open', 'c']) system.tell(pid, word);
    await settle();
    expect(notes).toEqual(['a from sender with t', 'b from nobody with nothing', 'c from nobody with nothing']);
  });

  it('is bounded, and a message that it cannot take fails the actor as any error does', async () => {
    const { settle, system } = createTestSystem();
    const errors: unknown[] = [];
    const props = Props.fromFunction(closed).withStashCapacity(2);
    const pid = system.spawn(
      props.withGuardian({
        handle: ({ error }, child, view) => {
          errors.push((error as { code: unknown }).code);
          view.resume(child);
        },
      }),
    );
    for (const word of ['a', 'b', 'c']) system.tell(pid, word);
    await settle();
    expect(errors).toEqual(['STASH_FULL']);
    expect(() => props.withStashCapacity(0)).toThrow(RangeError);
  });

  it('is given back to the new instance after a restart', async () => {
    notes.length = 0;
    const { settle, system } = createTestSystem();
    let isFirst = true;
    const props = Props.fromProducer<string>(() => {
      const receive = isFirst ? closed : opened;
      isFirst = false;
      return { receive };
    });
    const pid = system.spawn(props);
    for (const word of ['a', 'b', 'fail', 'c']) system.tell(pid, word);
    await settle();
    expect(notes.map((note) => note[0])).toEqual(['a', 'b', 'c']);
  });

  it('becomes dead letters when the actor stops, and who asked hears of it at once', async () => {
    const { settle, system } = createTestSystem();
    const letters: unknown[] = [];
    system.events.subscribeAll((letter) => letters.push((letter as { message: unknown }).message));
    const pid = system.spawn(Props.fromFunction(closed));
    system.tell(pid, 'a');
    const answer = expect(system.ask(pid, 'b')).rejects.toMatchObject({ code: 'TARGET_STOPPED' });
    await settle();
    system.tell(pid, 'c');
    system.stop(pid);
    await settle();
    await answer;
    expect(letters).toEqual(['a', 'b', 'c']);
  });

  it('takes a message once also when the actor goes on with it after a promise', async () => {
    const { settle, system } = createTestSystem();
    const codes: unknown[] = [];
    let times = 0;
    const props = Props.fromFunction<string>((message, context) => {
      if (message === 'open') context.unstashAll();
      if (message !== 'later' || ++times > 1) return;
      context.stash();
      context.reenterAfter(Promise.resolve(), () => context.stash());
    });
    const pid = system.spawn(
      props.withGuardian({
        handle: ({ error }, child, view) => {
          codes.push((error as { code: unknown }).code);
          view.resume(child);
        },
      }),
    );
    for (const word of ['later', 'open']) {
      system.tell(pid, word);
      await settle();
    }
    expect([times, codes]).toEqual([2, ['STASHED_TWICE']]);
  });

  it('takes a message only while one is at hand', async () => {
    const { settle, system } = createTestSystem();
    const codes: unknown[] = [];
    const pid = system.spawn(scripted());
    system.tell(pid, (context) => {
      void Promise.resolve().then(() => {
        for (const act of [() => context.stash(), () => context.forward(pid)]) {
          try {
            act();
          } catch (error) {
            codes.push((error as { code: unknown }).code);
          }
        }
      });
    });
    await settle();
    expect(codes).toEqual(['NO_MESSAGE', 'NO_MESSAGE']);
  });

  it('leaves the last messages of an instance to that, also where a behaviour puts all aside', async () => {
    const { settle, system } = createTestSystem();
    const [heard, letters]: [unknown[], unknown[]] = [[], []];
    system.events.subscribe(DeadLetter, ({ message }) => letters.push(message));
    const pid = system.spawn(
      Props.fromFunction<string>((message, context) => {
        heard.push(typeof message === 'string' ? message : message.type);
        context.become((word, later) => {
          if (word === 'fail') throw new Error('no');
          later.stash();
        });
      }),
    );
    for (const word of ['a', 'fail']) system.tell(pid, word);
    await settle();
    expect(heard).toEqual(['Started', 'Started']);
    system.stop(pid);
    await settle();
    expect(letters).toEqual(['a']);
  });

  it('takes a message once', async () => {
    const { settle, system } = createTestSystem();
    const codes: unknown[] = [];
    const pid = system.spawn(
      Props.fromFunction<string>((message, context) => {
        if (typeof message !== 'string') return;
        context.stash();
        try {
          context.stash();
        } catch (error) {
          codes.push((error as { code: unknown }).code);
        }
      }),
    );
    system.tell(pid, 'a');
    system.tell(pid, 'b');
    await settle();
    expect(codes).toEqual(['STASHED_TWICE', 'STASHED_TWICE']);
  });
});
