import { type CounterCall, DEADLINE_MS } from './counter-load.js';

/** The process whose answer it is: the address of the activation without its actor system and name. */
function processOf({ activation = '' }: CounterCall): string {
  return activation.split('/')[0] ?? '';
}

/** The calls that did not succeed, by code. */
export function failuresOf(calls: readonly CounterCall[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { code } of calls) if (code !== 'OK') counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** Without what a member called that was not there to hear of the end, between `from` and `to`. */
export function withoutCallsOf(
  member: string,
  from: number,
  to: number,
  calls: readonly CounterCall[],
): readonly CounterCall[] {
  return calls.filter(({ endedAt, startedAt, via }) => via !== member || endedAt < from || startedAt > to);
}

/** Calls that ended later than a second after their deadline. */
export function lateOf(calls: readonly CounterCall[]): readonly CounterCall[] {
  return calls.filter(({ startedAt, endedAt }) => endedAt - startedAt > DEADLINE_MS + 1000);
}

/** Counters whose latest answer before `time` came from that address. */
export function countersAt(address: string, time: number, calls: readonly CounterCall[]): ReadonlySet<string> {
  const last = new Map<string, string>();
  for (const call of calls) if (call.code === 'OK' && call.endedAt < time) last.set(call.counterId, processOf(call));
  return new Set([...last].filter(([, at]) => at === address).map(([counterId]) => counterId));
}

/** When each of the counters first answered from another address than that one, after `time`. */
export function firstAnswers(
  counters: ReadonlySet<string>,
  address: string,
  time: number,
  calls: readonly CounterCall[],
): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const call of calls) {
    const isAnswer = call.code === 'OK' && call.endedAt > time && processOf(call) !== address;
    if (isAnswer && counters.has(call.counterId) && !first.has(call.counterId)) first.set(call.counterId, call.endedAt);
  }
  return first;
}

/**
 * Answers that contradict each other: a call that began after another one of the same activation had been answered got a total
 * that is not larger; or was answered by an activation that another had already followed.
 */
export function contradictions(calls: readonly CounterCall[]): readonly string[] {
  const found: string[] = [];
  const answered = new Map<string, CounterCall[]>();
  // Calls are recorded in the order of their ends.
  for (const call of calls) {
    if (call.code !== 'OK') continue;
    const before = answered.get(call.counterId) ?? [];
    found.push(
      ...contradictionsOf(
        call,
        before.filter(({ endedAt }) => endedAt < call.startedAt),
      ),
    );
    answered.set(call.counterId, [...before, call]);
  }
  return found;
}

function contradictionsOf(call: CounterCall, before: readonly CounterCall[]): readonly string[] {
  const same = before.filter(({ activation }) => activation === call.activation);
  const largest = Math.max(0, ...same.map(({ total = 0 }) => total));
  const what = `${call.counterId} of ${call.activation}`;
  const found: string[] = [];
  if ((call.total ?? 0) <= largest) found.push(`${what}: ${call.total} after ${largest}`);
  const latest = before.at(-1);
  if (latest !== undefined && latest.activation !== call.activation && same.length > 0) {
    found.push(`${what}: after ${latest.activation}`);
  }
  return found;
}
