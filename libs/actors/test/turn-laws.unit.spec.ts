import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ActorContext,
  allForOne,
  DeadLetter,
  exponentialBackOff,
  oneForOne,
  type Pid,
  Props,
  type Received,
  type Request,
  restForOne,
  type SupervisionStrategy,
} from '../src/index.js';
import { createTestSystem, type TestSystem } from '../src/testing/index.js';

type Deed =
  | 'answers'
  | 'waits'
  | 'fails'
  | 'fails late'
  | 'goes on'
  | 'goes on late'
  | 'fails after'
  | 'asks'
  | 'sets a timer'
  | 'sets a timeout'
  | 'stashes'
  | 'unstashes'
  | 'becomes'
  | 'subscribes'
  | 'stops';

const DEEDS: readonly Deed[] = [
  ...(['answers', 'waits', 'fails', 'fails late', 'goes on', 'goes on late', 'fails after', 'asks'] as const),
  ...(['sets a timer', 'sets a timeout', 'stashes', 'unstashes', 'becomes', 'subscribes', 'stops'] as const),
];

interface Task extends Request<string> {
  readonly type: 'Task';
  readonly deed: Deed;
  /** How long what is waited for takes. */
  readonly takesMs: number;
}

/** A word of an instance to itself, by way of a timer or an event. */
class Note {
  readonly type = 'Note';

  /** `from` is the number of the instance; undefined from outside. */
  constructor(readonly from: number | undefined) {}
}

type Message = Task | Note;

const strategies: readonly (() => SupervisionStrategy)[] = [
  () => oneForOne({ maxRestarts: 3 }),
  () => oneForOne({ decide: () => 'resume' }),
  () => allForOne({ maxRestarts: Infinity }),
  () => restForOne({ decide: () => 'stop' }),
  () => exponentialBackOff({ minMs: 3, maxMs: 20 }),
];

/** What has happened in one run, and what should not have. */
class Account {
  readonly faults: string[] = [];
  readonly handled: Task[] = [];
  readonly dead: unknown[] = [];
  instances = 0;
}

/** Does everything that takes more than a turn, and looks out for code of its own that runs when it should not. */
class Worker {
  private readonly number: number;
  private isInside = false;
  private isOver = false;
  private readonly stashed = new Set<Task>();

  constructor(
    private readonly kit: TestSystem,
    private readonly account: Account,
    private readonly others: readonly Pid<Message>[],
  ) {
    this.number = account.instances++;
  }

  receive(message: Received<Message>, context: ActorContext<Message>): void | Promise<void> {
    this.look(`${message.type}`);
    if (message.type === 'Task') return this.act(message, context);
    if (message.type === 'Restarting' || message.type === 'Stopped') this.isOver = true;
    if (message.type !== 'Note' || message.from === undefined) return;
    if (message.from !== this.number) this.fault('a note of another instance');
  }

  private act(task: Task, context: ActorContext<Message>): void | Promise<void> {
    if (task.deed === 'stashes' && !this.stashed.has(task)) {
      this.stashed.add(task);
      return context.stash();
    }
    this.account.handled.push(task);
    return this.deeds[task.deed](context, task);
  }

  private readonly deeds: Readonly<Record<Deed, (context: ActorContext<Message>, task: Task) => void | Promise<void>>> =
    {
      answers: (context) => context.reply('at once'),
      waits: (context, { takesMs }) => this.wait(takesMs).then(() => context.reply('late')),
      fails: () => fail(),
      'fails late': (_context, { takesMs }) => this.wait(takesMs).then(fail),
      'goes on': (context, { takesMs }) => this.goOn(context, takesMs, () => context.reply('after')),
      'goes on late': (context, { takesMs }) =>
        this.goOn(context, takesMs, () => this.wait(takesMs).then(() => context.reply('late after'))),
      'fails after': (context, { takesMs }) => this.goOn(context, takesMs, fail),
      asks: (context, { takesMs }) => {
        const other = this.others[takesMs % this.others.length] ?? context.self;
        const question: Task = { type: 'Task', deed: takesMs % 2 === 0 ? 'waits' : 'goes on', takesMs };
        context.reenterAfter(context.ask(other, question, { timeoutMs: 30 }), () => {
          this.look('an answer');
          context.reply('asked');
        });
      },
      'sets a timer': (context, { takesMs }) => {
        if (takesMs % 2 === 0) context.timers.startSingle('one', new Note(this.number), takesMs);
        else context.timers.startPeriodic('many', new Note(this.number), takesMs);
      },
      'sets a timeout': (context, { takesMs }) => context.setReceiveTimeout(takesMs),
      stashes: (context) => context.reply('at last'),
      unstashes: (context) => context.unstashAll(),
      becomes: (context) => context.becomeStacked((message, own) => this.receive(message, own)),
      subscribes: (context) => void context.subscribe(Note),
      stops: (context) => context.stop(),
    };

  private goOn(context: ActorContext<Message>, takesMs: number, then: () => void | Promise<void>): void {
    context.reenterAfter(this.later(takesMs), () => {
      this.look('a continuation');
      return then();
    });
  }

  private async wait(takesMs: number): Promise<void> {
    this.isInside = true;
    await this.later(takesMs);
    this.isInside = false;
  }

  private later(takesMs: number): Promise<void> {
    return new Promise((resolve) => void this.kit.time.timer(takesMs, resolve));
  }

  private look(what: string): void {
    if (this.isInside) this.fault(`${what} in the middle of a turn`);
    if (this.isOver) this.fault(`${what} after the end`);
  }

  private fault(what: string): void {
    this.account.faults.push(what);
  }
}

function fail(): never {
  throw new Error('no');
}

const step = fc.record({
  to: fc.nat({ max: 2 }),
  deed: fc.constantFrom(...DEEDS),
  takesMs: fc.integer({ min: 1, max: 12 }),
  isAsk: fc.boolean(),
  pauseMs: fc.constantFrom(-1, 0, 1, 5),
});

interface Step {
  readonly to: number;
  readonly deed: Deed;
  readonly takesMs: number;
  readonly isAsk: boolean;
  readonly pauseMs: number;
}

const ENDS = {
  stop: ({ system }: TestSystem, pids: readonly Pid<Message>[]) => pids.forEach((pid) => system.stop(pid)),
  poison: ({ system }: TestSystem, pids: readonly Pid<Message>[]) => pids.forEach((pid) => system.poison(pid)),
  'give up': ({ system }: TestSystem) => void system.shutdown(2).catch(() => undefined),
};
type End = keyof typeof ENDS;

/** Sends what the steps say, and ends all. */
async function play(kit: TestSystem, pids: readonly Pid<Message>[], steps: readonly Step[], end: End) {
  const sent: Task[] = [];
  const asks = { open: 0 };
  const ended = (): number => asks.open--;
  for (const { deed, isAsk, pauseMs, takesMs, to } of steps) {
    const task: Task = { type: 'Task', deed, takesMs };
    const pid = pids[to] ?? kit.system.nobody;
    sent.push(task);
    if (isAsk) asks.open++;
    if (isAsk) void kit.system.ask(pid, task, { timeoutMs: 50 }).then(ended, ended);
    else kit.system.tell(pid, task);
    if (deed === 'subscribes') kit.system.events.publish(new Note(undefined));
    if (pauseMs >= 0) await kit.time.advanceAsync(pauseMs);
  }
  ENDS[end](kit, pids);
  await kit.time.advanceAsync(2000);
  return { asks, sent };
}

describe('the laws of turns', () => {
  it('hold whatever settles when: no code of an instance beside another turn or after its end, every message and ask ends once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.constantFrom(...strategies),
        fc.constantFrom<End>('stop', 'poison', 'give up'),
        async (steps, strategyOf, end) => {
          const kit = createTestSystem();
          const account = new Account();
          kit.system.events.subscribe(DeadLetter, ({ message }) => account.dead.push(message));
          const pids: Pid<Message>[] = [];
          const props = Props.fromProducer<Message>(() => new Worker(kit, account, pids)).withGuardian(strategyOf());
          for (let worker = 0; worker < 3; worker++) pids.push(kit.system.spawn(props));
          const { asks, sent } = await play(kit, pids, steps, end);
          expect(account.faults).toEqual([]);
          expect(asks.open).toBe(0);
          const ends = [...account.handled, ...account.dead].filter((message) => sent.includes(message as Task));
          expect(ends).toHaveLength(sent.length);
          expect(new Set(ends).size).toBe(sent.length);
          expect(kit.system.tree().actorCount).toBe(0);
          expect(kit.time.pending).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});
