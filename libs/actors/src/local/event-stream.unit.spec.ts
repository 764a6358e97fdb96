import { describe, expect, it } from '@jest/globals';
import { type Script, scripted } from '../../test/scripted.js';
import { createTestSystem, TestProbe } from '../testing/index.js';
import { boundedMailbox, DeadLetter, type Pid, Props, type Received, SupervisionEvent } from '../index.js';

class Sold {
  constructor(readonly sku: string) {}
}

describe('the event stream', () => {
  it('hands an event to those who subscribed to its type, in their order, until they cancel', () => {
    const { system } = createTestSystem();
    const notes: string[] = [];
    const first = system.events.subscribe(Sold, ({ sku }) => notes.push(`first ${sku}`));
    system.events.subscribe(SupervisionEvent, () => notes.push('never'));
    system.events.subscribeAll(() => notes.push('all'));
    system.events.publish(new Sold('tea'));
    first.cancel();
    system.events.publish(new Sold('coffee'));
    expect(notes).toEqual(['first tea', 'all', 'all']);
  });

  it('is not disturbed by a subscriber that throws, and a person is told', () => {
    const warnings: unknown[] = [];
    const { system } = createTestSystem({ log: { warn: (message) => warnings.push(message) } });
    const notes: string[] = [];
    system.events.subscribeAll(() => {
      throw new Error('no');
    });
    system.events.subscribeAll(() => notes.push('second'));
    system.events.publish(new Sold('tea'));
    expect(notes).toEqual(['second']);
    expect(warnings).toEqual(['a subscriber to events threw']);
  });

  it('hands nothing to one who was cancelled by an earlier one in the same round', () => {
    const { system } = createTestSystem();
    const notes: string[] = [];
    system.events.subscribeAll(() => second.cancel());
    const second = system.events.subscribeAll(() => notes.push('second'));
    system.events.publish(new Sold('tea'));
    expect(notes).toEqual([]);
  });

  it('makes messages of events for an actor, until that cancels, is made again, or ends', async () => {
    const { settle, system } = createTestSystem();
    const sold: string[] = [];
    let subscribes = true;
    const pid = system.spawn(
      Props.fromFunction((message: Received<Sold | string>, context) => {
        if (message instanceof Sold) sold.push(message.sku);
        else if (message === 'fail') throw new Error('no');
        else if (typeof message === 'object' && 'type' in message && message.type === 'Started' && subscribes)
          context.subscribe(Sold);
      }),
    );
    const publish = async (sku: string): Promise<void> => {
      system.events.publish(new Sold(sku));
      await settle();
    };
    await settle();
    await publish('tea');
    system.tell(pid, 'fail');
    await settle();
    await publish('coffee');
    subscribes = false;
    system.tell(pid, 'fail');
    await settle();
    await publish('milk');
    system.stop(pid);
    await settle();
    const probe = new TestProbe<unknown>(system);
    system.events.subscribeAll((event) => system.tell(probe.pid, event));
    await publish('sugar');
    expect(sold).toEqual(['tea', 'coffee']);
    expect(probe.all()).toEqual([new Sold('sugar')]);
  });
});

describe('a dead letter', () => {
  it('says for whom, what, from whom and why', async () => {
    const { settle, system } = createTestSystem();
    const letters: DeadLetter[] = [];
    system.events.subscribe(DeadLetter, (letter) => letters.push(letter));
    const pid = system.spawn(scripted()) as unknown as Pid;
    const gone = system.spawn(scripted());
    system.stop(gone);
    await settle();
    const script: Script = (context) => context.tell(gone, 'hello', { trace: 't' });
    system.tell(pid, script);
    await settle();
    expect(letters).toEqual([new DeadLetter(gone, 'hello', pid, 'stopped')]);
  });

  it('is logged a few times in a second, the others as a count', async () => {
    const lines: unknown[] = [];
    const log = { warn: (message: string, facts: object) => lines.push([message, facts]) };
    const { system, time } = createTestSystem({ log });
    for (let number = 0; number < 10; number++) system.tell(system.nobody, { type: 'Hello', secret: 'x' });
    const line = ['dead letter', expect.objectContaining({ message: 'Hello', reason: 'not-found' })];
    expect(lines).toEqual([line, line, line]);
    expect(JSON.stringify(lines)).not.toContain('secret');
    await time.advanceAsync(1000);
    expect(lines.slice(3)).toEqual([['more dead letters than were shown', { suppressed: 7 }]]);
    expect(time.pending).toBe(0);
    system.tell(system.nobody, Object.create(null));
    expect(lines).toHaveLength(5);
  });

  it('of a dead letter is counted and goes no further, so that none goes round for ever', async () => {
    const observed: unknown[] = [];
    const observer = {
      spawned: () => undefined,
      restarted: () => undefined,
      stopped: () => undefined,
      deadLetter: (letter: unknown) => observed.push(letter),
    };
    const { settle, system } = createTestSystem({ observer });
    const full = system.spawn(
      Props.fromFunction(
        (_message: Received<DeadLetter>, context) => context.subscribe(DeadLetter) && undefined,
      ).withMailbox(boundedMailbox(1, 'drop-newest')),
    );
    await settle();
    system.events.subscribe(DeadLetter, (letter) => system.tell(system.nobody, letter));
    for (let number = 0; number < 3; number++) system.tell(system.nobody, 'hello');
    await settle();
    expect(observed.length).toBeLessThan(20);
    expect(system.backlogOf(full)).toBe(0);
  });
});
