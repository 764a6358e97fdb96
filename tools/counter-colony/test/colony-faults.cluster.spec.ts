import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@rookery/testkit';
import {
  answersOfFormer,
  countersAt,
  failuresOf,
  firstAnswers,
  lateOf,
  totalsThatFell,
  withoutCallsOf,
} from './call-laws.js';
import { Colony } from './colony.js';
import type { ColonyMember } from './colony-member.js';
import { type CounterCall, CounterLoad } from './counter-load.js';
import { lasted, PATIENCE_MS } from './patience.js';

/** The registry finds out within a second or two that an instance does not answer. */
const QUICK_CHECK = { CONSUL_CHECK: 'grpc', CONSUL_CHECK_INTERVAL_MS: '1000', CONSUL_CHECK_TIMEOUT_MS: '500' };
/** What is promised: a grain is reachable again so long after its owner was declared gone. */
const RECOVERY_MS = 5000;
/** How long the faults last. */
const STOPPED_MS = 30_000;
const OUTAGE_MS = 20_000;

interface Fault {
  readonly member: ColonyMember;
  readonly address: string;
  readonly at: number;
  /** The counters that were active there. */
  readonly counters: ReadonlySet<string>;
}

let colony: Colony | undefined;
let load: CounterLoad | undefined;

async function begin(settings: Readonly<Record<string, string>> = {}): Promise<{ colony: Colony; load: CounterLoad }> {
  colony = new Colony(settings);
  await colony.start(['colony-1', 'colony-2', 'colony-3']);
  load = new CounterLoad(colony);
  await load.begin();
  return { colony, load };
}

/** One member gets a signal while it is called, and calls. */
async function strike(on: Colony, under: CounterLoad, signal: NodeJS.Signals): Promise<Fault> {
  const member = on.get('colony-2');
  const { address } = await member.view();
  const at = performance.now();
  member.process.kill(signal);
  void under.mute(member);
  return { member, address, at, counters: countersAt(address, at, under.calls) };
}

/** Resolves with the time at which the others had declared the member gone, once each of its counters has answered again. */
async function takenOver(on: Colony, under: CounterLoad, { address, at, counters, member }: Fault): Promise<number> {
  await on.untilAgreed(on.without(member));
  const goneAt = performance.now();
  const answered = (): number => firstAnswers(counters, address, at, under.calls).size;
  const state = (): string => `${answered()} of ${counters.size} counters of that member have answered elsewhere`;
  await until(state, () => answered() === counters.size, PATIENCE_MS);
  return goneAt;
}

function expectRecovery({ address, at, counters }: Fault, goneAt: number, calls: readonly CounterCall[]): void {
  expect(counters.size).toBeGreaterThan(0);
  const answeredAt = [...firstAnswers(counters, address, at, calls).values()];
  expect(Math.max(...answeredAt)).toBeLessThan(goneAt + RECOVERY_MS);
  expect(lateOf(calls)).toEqual([]);
  expect(totalsThatFell(calls)).toEqual([]);
  const isExcused = ({ counterId, endedAt }: CounterCall): boolean =>
    counters.has(counterId) && endedAt < goneAt + RECOVERY_MS;
  expect(failuresOf(calls.filter((call) => !isExcused(call)))).toEqual({});
}

/** Each of the others has heard of one end, that of the member's landmark. */
async function expectOneEnd(on: Colony, { address, member }: Fault): Promise<void> {
  for (const other of on.without(member)) {
    const hasHeard = async (): Promise<boolean> => (await other.logbook()).heard.length > 0;
    await until(`${other.id} has heard of the end of ${member.id}`, hasHeard, PATIENCE_MS);
    const { heard, watched } = await other.logbook();
    const who = watched.find((pid) => pid.startsWith(`${address}/`));
    expect(heard).toEqual([{ by: (await other.view()).address, who, reason: 'address-terminated' }]);
  }
}

beforeEach(() => {
  [colony, load] = [undefined, undefined];
});

afterEach(async () => {
  try {
    await load?.close();
  } finally {
    await colony?.close();
  }
});

describe('a colony of three processes under load', () => {
  it('goes on within seconds without a member that is killed, and loses no call without a word', async () => {
    const { colony, load } = await begin(QUICK_CHECK);
    const fault = await strike(colony, load, 'SIGKILL');
    const goneAt = await takenOver(colony, load, fault);
    await load.untilAnswered(200);
    const calls = withoutCallsOf(fault.member.id, fault.at, Infinity, await load.end());
    expectRecovery(fault, goneAt, calls);
    expect(answersOfFormer(calls)).toEqual([]);
    await expectOneEnd(colony, fault);
  });

  it('goes on without a member that stands still for 30 s, and takes it back as a new actor system', async () => {
    const { colony, load } = await begin(QUICK_CHECK);
    const fault = await strike(colony, load, 'SIGSTOP');
    const { address, at, member } = fault;
    const isOver = lasted(STOPPED_MS);
    const goneAt = await takenOver(colony, load, fault);
    await isOver;
    const wokenAt = performance.now();
    member.process.kill('SIGCONT');
    load.callFromMember(member);
    const next = `${address}+1`;
    const hasBegunAnew = async (): Promise<boolean> => (await member.view()).address === next;
    await until('it has begun anew', () => hasBegunAnew().catch(() => false), PATIENCE_MS);
    await colony.untilAgreed(colony.members);
    const backAt = performance.now();
    const isBack = (): boolean => countersAt(next, performance.now(), load.calls).size === fault.counters.size;
    await until('all of its counters have answered there', isBack, PATIENCE_MS);
    await load.untilAnswered(200);
    const all = await load.end();
    const calls = withoutCallsOf(member.id, at, wokenAt, all);
    expectRecovery(fault, goneAt, withoutCallsOf(member.id, at, backAt, all));
    // It notices that it stood still before it answers; what it asks itself meanwhile may be cut off.
    expect(answersOfFormer(calls)).toEqual([]);
    // Until it is back, what it asks for may take longer than anybody waits: how long that is, is the machine's affair.
    const isCutOff = ({ code, startedAt }: CounterCall): boolean =>
      code === 'OUTCOME_UNKNOWN' || (code === 'DEADLINE_EXCEEDED' && startedAt < backAt);
    const own = calls.filter((call) => call.via === member.id && !isCutOff(call));
    expect(failuresOf(own)).toEqual({});
    expect(countersAt(next, performance.now(), calls)).toEqual(fault.counters);
    await expectOneEnd(colony, fault);
    // Those that it watches itself have been there all the time.
    expect((await member.logbook()).heard).toEqual([]);
  });

  it('does not notice that the registry is away for 20 s', async () => {
    const { colony, load } = await begin();
    const before = await lives(colony);
    const isOver = lasted(OUTAGE_MS);
    colony.registry.kill('SIGSTOP');
    await isOver;
    expect(await lives(colony)).toEqual(before);
    colony.registry.kill('SIGCONT');
    await until('the registry lists all again', async () => (await colony.listed()).length === 3, PATIENCE_MS);
    await load.untilAnswered(500);
    expect(await lives(colony)).toEqual(before);
    const calls = await load.end();
    expect(failuresOf(calls)).toEqual({});
    expect(totalsThatFell(calls)).toEqual([]);
    expect(answersOfFormer(calls)).toEqual([]);
  });

  it('loses no call to a member that stops in order', async () => {
    const { colony, load } = await begin();
    const fault = await strike(colony, load, 'SIGTERM');
    const goneAt = await takenOver(colony, load, fault);
    expect(await fault.member.process.ended()).toBe(0);
    await load.untilAnswered(200);
    const calls = await load.end();
    expectRecovery(fault, goneAt, calls);
    expect(answersOfFormer(calls)).toEqual([]);
    expect(failuresOf(calls)).toEqual({});
    await expectOneEnd(colony, fault);
  });
});

/** What would tell of an activation that has ended or begun, or of a member that has come or gone. */
async function lives({ members }: Colony): Promise<unknown> {
  return Promise.all(
    members.map(async (member) => ({
      ended: await member.metric('rookery_grains_passivations_total'),
      begun: await member.metric('rookery_grains_activations_total'),
      cluster: (await member.view()).cluster,
    })),
  );
}
