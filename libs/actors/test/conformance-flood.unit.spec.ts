import { describe, expect, it } from '@jest/globals';
import { type Cancellable, Scheduler, SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { ActorSystem, boundedMailbox, DeadLetter, Props, type Received } from '../src/index.js';

/** The event loop, and what of it is still to come. */
class CountedScheduler extends Scheduler {
  pending = 0;
  private readonly loop = new SystemScheduler();

  microtask(task: () => void): void {
    this.pending++;
    this.loop.microtask(this.counted(task));
  }

  macrotask(task: () => void): Cancellable {
    return this.once((run) => this.loop.macrotask(run), task);
  }

  timer(delayMs: number, task: () => void): Cancellable {
    return this.once((run) => this.loop.timer(delayMs, run), task);
  }

  interval(periodMs: number, task: () => void): Cancellable {
    this.pending++;
    return this.cancelledOnce(this.loop.interval(periodMs, task));
  }

  private once(schedule: (run: () => void) => Cancellable, task: () => void): Cancellable {
    this.pending++;
    let hasRun = false;
    const handle = schedule(() => {
      hasRun = true;
      this.counted(task)();
    });
    return { cancel: () => void (hasRun || this.cancelledOnce(handle).cancel()) };
  }

  private cancelledOnce(handle: Cancellable): Cancellable {
    let isCancelled = false;
    return {
      cancel: () => {
        if (!isCancelled) this.pending--;
        isCancelled = true;
        handle.cancel();
      },
    };
  }

  private counted(task: () => void): () => void {
    return () => {
      this.pending--;
      task();
    };
  }
}

const MESSAGES = 1_000_000;
const CAPACITY = 1000;

interface Hit {
  readonly type: 'Hit';
}

/** Sends a million messages to a bounded mailbox, which is emptied after each `burst`. */
async function flood(rule: 'drop-newest' | 'drop-oldest' | 'reject', burst: number) {
  const scheduler = new CountedScheduler();
  const system = new ActorSystem({ clock: new SystemClock(), random: new SystemRandom(), scheduler });
  const counts = { handled: 0, dead: 0, longest: 0 };
  system.events.subscribe(DeadLetter, () => counts.dead++);
  const props = Props.fromFunction((message: Received<Hit>) => {
    if (message.type === 'Hit') counts.handled++;
  });
  const target = system.spawn(props.withMailbox(boundedMailbox(CAPACITY, rule)));
  const hit: Hit = { type: 'Hit' };
  for (let sent = 1; sent <= MESSAGES; sent++) {
    system.tell(target, hit);
    if (sent % burst !== 0) continue;
    counts.longest = Math.max(counts.longest, system.backlogOf(target));
    while (system.backlogOf(target) > 0) await new Promise(setImmediate);
  }
  return { ...counts, scheduler, system };
}

describe('a million messages to a mailbox of a thousand', () => {
  it.each(['drop-newest', 'drop-oldest', 'reject'] as const)(
    'are each handled or a dead letter, no more wait than may, and nothing is left to do: %s',
    async (rule) => {
      const { dead, handled, longest, scheduler, system } = await flood(rule, 50_000);
      expect(handled + dead).toBe(MESSAGES);
      expect(handled).toBe((MESSAGES / 50_000) * CAPACITY);
      expect(longest).toBe(CAPACITY);
      // One line of the log is due, with the count of the dead letters that were not shown; and the budget of this turn.
      while (scheduler.pending > 1) await new Promise(setImmediate);
      await system.shutdown();
      await new Promise(setImmediate);
      expect(scheduler.pending).toBe(0);
    },
  );

  it('are all handled when the sender lets the actor keep up', async () => {
    const { dead, handled, longest } = await flood('reject', CAPACITY);
    expect([handled, dead, longest]).toEqual([MESSAGES, 0, CAPACITY]);
  });
});
