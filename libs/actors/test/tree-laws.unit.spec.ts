import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ActorContext,
  allForOne,
  type AnyPid,
  exponentialBackOff,
  oneForOne,
  type Pid,
  Props,
  type Received,
  restForOne,
  type SupervisionStrategy,
} from '../src/index.js';
import { createTestSystem, type TestSystem } from '../src/testing/index.js';

type Deed = 'spawn' | 'fail' | 'fail-later' | 'stop' | 'poison' | 'watch-child' | 'wait';

const DEEDS: readonly Deed[] = ['spawn', 'spawn', 'fail', 'fail-later', 'stop', 'poison', 'watch-child', 'wait'];

const strategies: readonly SupervisionStrategy[] = [
  oneForOne(),
  oneForOne({ maxRestarts: 1 }),
  oneForOne({ decide: () => 'resume' }),
  oneForOne({ decide: () => 'escalate' }),
  allForOne(),
  restForOne({ decide: () => 'stop' }),
  exponentialBackOff({ minMs: 5, maxMs: 20, maxRestarts: 3 }),
];

/** What has happened to the actors of one run, and what should not have. */
class Record {
  readonly pids: Pid<Deed>[] = [];
  readonly faults: string[] = [];
  /** Watches that were begun and whose end was not heard of, by watcher and watched. */
  readonly watches = new Map<string, boolean>();
  spawned = 0;
  stopped = 0;
}

/** An actor of a tree, which checks the order of its own life. */
class Node {
  private last = 'made';
  private isInside = false;

  constructor(
    private readonly record: Record,
    private readonly childProps: () => Props<Deed>,
  ) {}

  receive(message: Received<Deed>, context: ActorContext<Deed>): void | Promise<void> {
    if (this.isInside) this.record.faults.push('two turns at once');
    if (typeof message === 'string') return this.act(message, context);
    if (message.type === 'Terminated') return this.heardOf(message.who, context);
    const next = `${this.last}>${message.type}`;
    if (!LIFE.has(next)) this.record.faults.push(next);
    this.last = message.type;
  }

  private act(deed: Deed, context: ActorContext<Deed>): void | Promise<void> {
    if (this.last !== 'Started') this.record.faults.push(`${deed} while ${this.last}`);
    if (deed === 'spawn') this.record.pids.push(context.spawn(this.childProps()));
    if (deed === 'fail') throw new Error('no');
    if (deed === 'watch-child') this.watchAny(context);
    if (deed === 'fail-later' || deed === 'wait') return this.wait(deed === 'fail-later');
  }

  private watchAny(context: ActorContext<Deed>): void {
    const [child] = context.children;
    if (child === undefined) return;
    context.watch(child);
    this.record.watches.set(`${context.self.toString()} ${child.toString()}`, false);
  }

  private heardOf(who: AnyPid, context: ActorContext<Deed>): void {
    const watch = `${context.self.toString()} ${who.toString()}`;
    if (this.record.watches.get(watch) !== false) this.record.faults.push('Terminated without a watch');
    this.record.watches.set(watch, true);
  }

  private async wait(fails: boolean): Promise<void> {
    this.isInside = true;
    for (let turn = 0; turn < 3; turn++) await Promise.resolve();
    this.isInside = false;
    if (fails) throw new Error('later');
  }
}

/** What may follow what in the life of an instance. One that could not be started well ends like any other. */
const LIFE = new Set([
  'made>Started',
  'Started>Restarting',
  'Started>Stopping',
  'Restarting>Stopping',
  'Stopping>Stopped',
]);

function newTree(record: Record, kit: TestSystem, kinds: readonly number[]): void {
  let made = 0;
  const props = (): Props<Deed> => {
    const strategy = strategies[(kinds[made++ % kinds.length] ?? 0) % strategies.length] ?? oneForOne();
    return Props.fromProducer(() => new Node(record, props)).withStrategy(strategy);
  };
  for (let root = 0; root < 2; root++) record.pids.push(kit.system.spawn(props()));
}

const step = fc.record({ target: fc.nat(), deed: fc.constantFrom(...DEEDS), pauseMs: fc.constantFrom(-1, 0, 3, 30) });

async function play(
  kit: TestSystem,
  record: Record,
  steps: readonly { target: number; deed: Deed; pauseMs: number }[],
) {
  for (const { deed, pauseMs, target } of steps) {
    const pid = record.pids[target % record.pids.length];
    if (pid === undefined) continue;
    if (deed === 'stop') kit.system.stop(pid);
    else if (deed === 'poison') kit.system.poison(pid);
    else kit.system.tell(pid, deed);
    if (pauseMs >= 0) await kit.time.advanceAsync(pauseMs);
  }
}

describe('the laws of a tree of actors', () => {
  it('hold for every sequence of spawns, failures and ends: lives in order, none forgotten, nothing left', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
        async (steps, kinds) => {
          const record = new Record();
          const kit = createTestSystem({
            observer: {
              spawned: () => record.spawned++,
              stopped: () => record.stopped++,
              restarted: () => undefined,
              deadLetter: () => undefined,
            },
          });
          newTree(record, kit, kinds);
          await kit.settle();
          await play(kit, record, steps);
          await kit.time.advanceAsync(2000);
          expect(kit.system.tree().actorCount).toBe(record.spawned - record.stopped);
          const states = new Set<string>();
          const collect = (nodes: readonly { state: string; isBusy: boolean; children: readonly never[] }[]): void => {
            for (const { children, isBusy, state } of nodes) {
              states.add(isBusy ? 'busy' : state);
              collect(children);
            }
          };
          collect(kit.system.tree().roots as readonly never[]);
          expect([...states].filter((state) => state !== 'running')).toEqual([]);
          const end = kit.system.shutdown();
          await kit.settle();
          await end;
          await kit.settle();
          expect(record.faults).toEqual([]);
          expect(record.stopped).toBe(record.spawned);
          expect(kit.system.tree()).toEqual({ actorCount: 0, rootCount: 0, roots: [] });
          expect(kit.time.pending).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});
