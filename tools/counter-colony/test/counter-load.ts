import { CounterServiceClient } from '@rookery/contracts/nest';
import { ConsulResolver } from '@rookery/discovery';
import { RpcClient } from '@rookery/rpc';
import { DomainError, SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { until } from '@rookery/testkit';
import type { Colony } from './colony.js';
import type { ColonyMember, Ended } from './colony-member.js';
import { PATIENCE_MS } from './patience.js';

/** What each call may take. */
export const DEADLINE_MS = 3000;
const COUNTERS = 50;
const RPC_EVERY_MS = 16;
const MEMBER_EVERY_MS = 33;

/** One call, by the clock of the test. */
export interface CounterCall extends Ended {
  /** `rpc` for a call from outside, or the member that made it. */
  readonly via: string;
  readonly counterId: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

type MakeCall = (counterId: string, timeoutMs: number) => Promise<Ended>;

/** Calls from outside and from each member, some 150 in a second in all, over fifty counters. */
export class CounterLoad {
  readonly calls: CounterCall[] = [];
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly open = new Map<string, Set<Promise<void>>>();
  private readonly resolver: ConsulResolver;
  private readonly rpc: RpcClient;
  private next = 0;

  constructor(private readonly colony: Colony) {
    const system = { clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler() };
    this.resolver = new ConsulResolver({ ...system, url: colony.registryUrl });
    this.rpc = new RpcClient({
      ...{ ...system, resolver: this.resolver, security: { isPlaintextAllowed: false } },
      self: { service: 'test', instanceId: 'test-1', incarnation: 'test' },
    });
  }

  /** Resolves when each counter has answered, after each source had been answered by each. */
  async begin(): Promise<void> {
    const counters = this.rpc.client(CounterServiceClient);
    const call: MakeCall = async (counterId, timeoutMs) => {
      const { instance, total } = await counters.add({ counterId, amount: 1 }, { timeoutMs });
      return { code: 'OK', total, activation: instance };
    };
    // The first calls wait for connections and activations, however long these take.
    for (const make of [call, ...this.colony.members.map((member) => callOf(member))]) await callEach(make);
    this.callFrom('rpc', RPC_EVERY_MS, call);
    for (const member of this.colony.members) this.callFromMember(member);
    const answered = (): number =>
      new Set(this.calls.flatMap(({ code, counterId }) => (code === 'OK' ? counterId : []))).size;
    await until(
      () => `each counter has answered; ${answered()} have`,
      () => answered() === COUNTERS,
      PATIENCE_MS,
    );
  }

  callFromMember(member: ColonyMember): void {
    this.callFrom(member.id, MEMBER_EVERY_MS, callOf(member));
  }

  /** No more calls are made by that member; those that it has made are waited for. */
  async mute({ id }: ColonyMember): Promise<void> {
    clearInterval(this.timers.get(id));
    this.timers.delete(id);
    await Promise.all([...(this.open.get(id) ?? [])]);
  }

  /** Resolves when so many more calls have been answered, with whatever. */
  async untilAnswered(count: number): Promise<void> {
    const enough = this.calls.length + count;
    await until(`${count} more calls have ended`, () => this.calls.length >= enough, PATIENCE_MS);
  }

  /** Makes no more calls, and waits for the end of those that were made. */
  async end(): Promise<readonly CounterCall[]> {
    for (const timer of this.timers.values()) clearInterval(timer);
    await Promise.all([...this.open.values()].flatMap((open) => [...open]));
    return this.calls;
  }

  async close(): Promise<void> {
    await this.end();
    await this.rpc.close();
    await this.resolver.close();
  }

  private callFrom(via: string, everyMs: number, make: MakeCall): void {
    const open = new Set<Promise<void>>();
    this.open.set(via, open);
    const begin = (): void => {
      const call: Promise<void> = this.record(via, make).finally(() => open.delete(call));
      open.add(call);
    };
    this.timers.set(via, setInterval(begin, everyMs));
  }

  private async record(via: string, make: MakeCall): Promise<void> {
    const counterId = nameOf(this.next++ % COUNTERS);
    const startedAt = performance.now();
    const ended = await make(counterId, DEADLINE_MS).catch((error: unknown) => ({ code: codeOf(error) }));
    this.calls.push({ via, counterId, startedAt, endedAt: performance.now(), ...ended });
  }
}

function callOf(member: ColonyMember): MakeCall {
  return (counterId, timeoutMs) => member.add(counterId, timeoutMs);
}

/** Calls every counter once. Rejects when one does not answer. */
async function callEach(make: MakeCall): Promise<void> {
  const names = Array.from({ length: COUNTERS }, (_, index) => nameOf(index));
  const ends = await Promise.all(names.map(async (name) => ({ name, code: (await make(name, PATIENCE_MS)).code })));
  const failures = ends.filter(({ code }) => code !== 'OK');
  if (failures.length > 0) throw new Error(`not all counters answer a first call: ${JSON.stringify(failures)}`);
}

function nameOf(index: number): string {
  return `counter-${index}`;
}

/** An error of HTTP says that the calling process was not there to tell how its call ended. */
function codeOf(error: unknown): string {
  return error instanceof DomainError ? error.code : `HTTP ${String(error)}`;
}
