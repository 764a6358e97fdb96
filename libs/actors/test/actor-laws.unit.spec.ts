import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ActorContext,
  boundedMailbox,
  DeadLetter,
  exponentialBackOff,
  oneForOne,
  type Pid,
  Props,
  type Received,
  type SupervisionStrategy,
  unboundedMailbox,
} from '../src/index.js';
import { createTestSystem } from '../src/testing/index.js';

/** A message with a place in the order of its pair, and with what its receiver does when it handles it. */
interface Numbered {
  readonly type: 'Numbered';
  readonly from: number;
  readonly number: number;
  readonly does: Deed;
}

type Deed = 'returns' | 'waits' | 'throws' | 'rejects' | 'reenters' | 'stashes' | 'unstashes';

const DEEDS: readonly Deed[] = ['returns', 'waits', 'throws', 'rejects', 'reenters', 'stashes', 'unstashes'];

const strategies: Readonly<Record<string, () => SupervisionStrategy>> = {
  resume: () => oneForOne({ decide: () => 'resume' }),
  restart: () => oneForOne({ maxRestarts: Infinity }),
  later: () => exponentialBackOff({ minMs: 5, maxMs: 20 }),
  stop: () => oneForOne({ decide: () => 'stop' }),
};

const bounds = {
  none: () => unboundedMailbox(),
  newest: () => boundedMailbox(3, 'drop-newest'),
  oldest: () => boundedMailbox(3, 'drop-oldest'),
};

/** Handles messages in every way there is, and looks out for other code of the same instance running meanwhile. */
class Receiver {
  private isInside = false;

  constructor(
    private readonly handled: Numbered[],
    private readonly stashed: Set<Numbered>,
    private readonly faults: string[],
  ) {}

  receive(message: Received<Numbered>, context: ActorContext<Numbered>): void | Promise<void> {
    if (message.type !== 'Numbered') return;
    this.look();
    // Put aside once; when it comes back it counts as handled.
    if (message.does === 'stashes' && !this.stashed.has(message)) {
      this.stashed.add(message);
      return context.stash();
    }
    this.handled.push(message);
    if (message.does === 'unstashes') context.unstashAll();
    if (message.does === 'throws') throw new Error('thrown');
    if (message.does === 'reenters') context.reenterAfter(Promise.resolve(), () => this.look());
    if (message.does === 'waits' || message.does === 'rejects') return this.wait(message.does === 'rejects');
  }

  private async wait(rejects: boolean): Promise<void> {
    this.isInside = true;
    for (let turn = 0; turn < 3; turn++) await Promise.resolve();
    this.isInside = false;
    if (rejects) throw new Error('rejected');
  }

  private look(): void {
    if (this.isInside) this.faults.push('two turns at once');
  }
}

const step = fc.record({
  from: fc.integer({ min: 0, max: 2 }),
  does: fc.constantFrom(...DEEDS),
  settles: fc.boolean(),
});

describe('the laws of actors', () => {
  it('hold for every interleaving: one turn at a time, nothing twice, nothing lost unseen, in order but for the stash', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.constantFrom(...Object.keys(strategies)),
        fc.constantFrom(...(Object.keys(bounds) as (keyof typeof bounds)[])),
        fc.boolean(),
        async (steps, strategy, bound, poisons) => {
          const { settle, system, time } = createTestSystem();
          const handled: Numbered[] = [];
          const stashed = new Set<Numbered>();
          const faults: string[] = [];
          const dead: unknown[] = [];
          system.events.subscribe(DeadLetter, ({ message }) => dead.push(message));
          const props = Props.fromProducer<Numbered>(() => new Receiver(handled, stashed, faults))
            .withGuardian(strategies[strategy]?.() ?? oneForOne())
            .withMailbox(bounds[bound]());
          const target: Pid<Numbered> = system.spawn(props);
          const senders = [0, 1, 2].map(() =>
            system.spawn(
              Props.fromFunction((message: Received<Numbered>, context) => {
                if (message.type === 'Numbered') context.tell(target, message);
              }),
            ),
          );
          const sent = steps.map(({ does, from }, number): Numbered => ({ type: 'Numbered', from, number, does }));
          for (const [place, message] of sent.entries()) {
            const sender = senders[message.from];
            if (sender !== undefined) system.tell(sender, message);
            if (steps[place]?.settles === true) await settle();
          }
          await time.advanceAsync(2000);
          if (poisons) system.poison(target);
          else system.stop(target);
          await time.advanceAsync(1100);
          expect(faults).toEqual([]);
          const ended = [...handled, ...dead];
          expect(new Set(ended).size).toBe(ended.length);
          expect(ended).toHaveLength(sent.length);
          for (const from of [0, 1, 2]) {
            const own = handled.filter((message) => message.from === from && message.does !== 'stashes');
            expect(own.map(({ number }) => number)).toEqual(own.map(({ number }) => number).sort((a, b) => a - b));
          }
          expect(system.backlogOf(target)).toBe(0);
          expect(time.pending).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('hold for asks: each ends exactly once, whatever becomes of the actor', async () => {
    const kind = fc.constantFrom('answers', 'silent', 'throws', 'stops', 'reenters', 'never-settles');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(kind, fc.boolean()), { maxLength: 30 }), async (steps) => {
        const { settle, system, time } = createTestSystem();
        let ended = 0;
        const pid = system.spawn(
          Props.fromFunction((message: Received<string>, context): void | Promise<void> => {
            if (message === 'answers') context.reply('answer');
            if (message === 'throws') throw new Error('thrown');
            if (message === 'stops') context.stop();
            if (message === 'reenters') context.reenterAfter(Promise.resolve(), () => context.reply('later'));
            if (message === 'never-settles') context.reenterAfter(new Promise(() => undefined), () => undefined);
          }),
        );
        for (const [what, settles] of steps) {
          const end = (): number => ended++;
          void system.ask(pid, what, { timeoutMs: 50 }).then(end, end);
          if (settles) await settle();
        }
        // Asks end within 100 ms, and the count of dead letters in the log within a second.
        await time.advanceAsync(1100);
        expect(ended).toBe(steps.length);
        expect(time.pending).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
