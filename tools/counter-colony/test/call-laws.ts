import { type CounterCall, DEADLINE_MS } from './counter-load.js';
import { SLACK_MS } from './patience.js';

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

/** Calls that were still open when their deadline was long over. */
export function lateOf(calls: readonly CounterCall[]): readonly CounterCall[] {
  return calls.filter(({ startedAt, endedAt }) => endedAt - startedAt > DEADLINE_MS + SLACK_MS);
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

/** Answers whose total is not larger than one that the same activation had given before the call began. */
export function totalsThatFell(calls: readonly CounterCall[]): readonly string[] {
  return againstEarlier(calls, (call, earlier) => {
    const same = earlier.filter(({ activation }) => activation === call.activation);
    const largest = Math.max(0, ...same.map(({ total = 0 }) => total));
    return (call.total ?? 0) > largest ? undefined : `${call.total} after ${largest}`;
  });
}

/** Answers of an activation after another one had followed it, by the time when the call began. */
export function answersOfFormer(calls: readonly CounterCall[]): readonly string[] {
  return againstEarlier(calls, (call, earlier) => {
    const latest = earlier.at(-1)?.activation;
    const isFormer = latest !== call.activation && earlier.some(({ activation }) => activation === call.activation);
    return isFormer ? `after ${latest}` : undefined;
  });
}

/** What `find` has against calls that were answered, given those answers of the same counter that had come before they began. */
function againstEarlier(
  calls: readonly CounterCall[],
  find: (call: CounterCall, earlier: readonly CounterCall[]) => string | undefined,
): readonly string[] {
  const found: string[] = [];
  const answered = new Map<string, CounterCall[]>();
  // Calls are recorded in the order of their ends.
  for (const call of calls) {
    if (call.code !== 'OK') continue;
    const before = answered.get(call.counterId) ?? [];
    const earlier = before.filter(({ endedAt }) => endedAt < call.startedAt);
    const problem = find(call, earlier);
    if (problem !== undefined) found.push(`${call.counterId} of ${call.activation}: ${problem}`);
    before.push(call);
    answered.set(call.counterId, before);
  }
  return found;
}
