import { describe, expect, it } from '@jest/globals';
import {
  type ActorContext,
  consistentHash,
  DeadLetter,
  Props,
  type Received,
  roundRobin,
  routerGroup,
  routerPool,
  smallestMailbox,
} from '../src/index.js';
import { createTestSystem, TestProbe } from '../src/testing/index.js';
import { gate, type Script, scripted } from './scripted.js';

type Work = 'quick' | 'slow' | { readonly key: string };

function testSystem(options?: Parameters<typeof createTestSystem>[0]) {
  const kit = createTestSystem(options);
  const letters: unknown[] = [];
  kit.system.events.subscribe(DeadLetter, ({ message }) => letters.push(message));
  return { ...kit, letters };
}

/** Says who has begun what, and takes its time for what is slow. */
function worker(notes: string[], slow: Promise<void> = Promise.resolve()): Props<Work> {
  return Props.fromFunction((message: Received<Work>, context: ActorContext<Work>) => {
    if (typeof message === 'object' && !('key' in message)) return;
    notes.push(context.self.id);
    if (message === 'slow') return slow;
    context.reply(context.self.id);
  });
}

const code = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (error: unknown) => (error as { code: unknown }).code,
  );

describe('a message for which a router has nobody', () => {
  it.each([
    ['among no routees', []],
    ['that is for all of no routees', []],
    ['of a strategy that chooses none', ['one']],
  ])('%s is a dead letter, and fails its ask at once', async (how, names) => {
    const { letters, settle, system } = testSystem();
    const routees = names.map((name) => new TestProbe<Work>(system, name).pid);
    const router = system.spawn(routerGroup<Work>(routees, () => () => []));
    const asking = how.includes('all')
      ? system.ask(router, { type: 'Broadcast', message: 'quick' })
      : system.ask(router, 'quick');
    const end = code(asking);
    await settle();
    expect(await end).toBe('TARGET_NOT_FOUND');
    expect(letters).toEqual(['quick']);
  });
});

describe('a message that a strategy throws at', () => {
  it('is lost alone: the asker hears of it, and the pool and its work are kept', async () => {
    const warnings: unknown[] = [];
    const { letters, settle, system } = testSystem({ log: { warn: (_message, facts) => warnings.push(facts) } });
    const notes: string[] = [];
    const { open, promise } = gate();
    const keyOf = (message: Work): string => {
      if (typeof message === 'string') return message;
      if (message.key === '') throw new Error('no key');
      return message.key;
    };
    const router = system.spawn(routerPool(1, worker(notes, promise), consistentHash(keyOf)));
    system.tell(router, 'slow');
    const waiting = code(system.ask(router, { key: 'a' }));
    const refused = code(system.ask(router, { key: '' }));
    await settle();
    expect(await refused).toBe('TARGET_FAILED');
    expect(warnings).toMatchObject([{ err: { message: 'no key' } }, { reason: 'not-routed' }]);
    expect(letters).toEqual([{ key: '' }]);
    open();
    await settle();
    expect(await waiting).toBe('answered');
    expect(new Set(notes).size).toBe(1);
  });
});

describe('a pool whose routees are all taken out', () => {
  it('ends when each of them has done what it was given', async () => {
    const { letters, settle, system } = testSystem();
    const notes: string[] = [];
    const { open, promise } = gate();
    const router = system.spawn(routerPool(2, worker(notes, promise), roundRobin()));
    const asking = system.ask(router, { type: 'GetRoutees' });
    await settle();
    for (let count = 0; count < 10; count++) system.tell(router, 'slow');
    for (const routee of await asking) {
      system.tell(router, { type: 'RemoveRoutee', routee });
    }
    system.tell(router, 'quick');
    await settle();
    // There is nobody to take this one.
    expect(letters).toEqual(['quick']);
    open();
    await settle();
    expect(notes).toHaveLength(10);
    expect(letters).toEqual(['quick']);
    expect(system.find(router.id)).toBeUndefined();
  });
});

describe('smallest mailbox', () => {
  it('gives no message to a routee that is busy while another has nothing to do', async () => {
    const { settle, system } = testSystem();
    const notes: string[] = [];
    const { open, promise } = gate();
    const router = system.spawn(routerPool(3, worker(notes, promise), smallestMailbox()));
    await settle();
    for (let count = 0; count < 3; count++) {
      system.tell(router, 'slow');
      await settle();
    }
    expect(new Set(notes).size).toBe(3);
    open();
    await settle();
  });
});

describe('a group', () => {
  it('takes routees that are not there any more for none, also those that it is given later', async () => {
    const { settle, system } = testSystem();
    const ended = system.spawn(scripted());
    system.stop(ended);
    await settle();
    const router = system.spawn(routerGroup<Script | string>([], roundRobin()));
    system.tell(router, { type: 'AddRoutee', routee: ended });
    await settle();
    const routees = system.ask(router, { type: 'GetRoutees' });
    await settle();
    expect(await routees).toEqual([]);
  });

  it('leaves its routees behind when it stops', async () => {
    const { settle, system } = testSystem();
    const routee = system.spawn(scripted());
    const router = system.spawn(routerGroup<Script | string>([routee], roundRobin()));
    await settle();
    system.stop(router);
    await settle();
    expect(system.find(routee.id)).toEqual(routee);
  });

  it('of pools passes the sender through', async () => {
    const { settle, system } = testSystem();
    const notes: string[] = [];
    const pools = [1, 2].map(() => system.spawn(routerPool(2, worker(notes), roundRobin())));
    const router = system.spawn(routerGroup<Work>(pools, roundRobin()));
    const answers = [1, 2, 3, 4].map(() => system.ask(router, 'quick'));
    await settle();
    expect(new Set(await Promise.all(answers)).size).toBe(4);
  });
});
