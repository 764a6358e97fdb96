import type { Member } from '../presence/fleet.js';
import { groupBy } from '../traffic/grouping.js';
import { instanceKey, runKey } from '../traffic/report.js';
import type { Edge, Handled, Traffic } from '../traffic/traffic.js';
import { Calls } from './calls.js';
import { type Connection, connectionsOf, withoutLostCalls } from './connection.js';
import { type CallerEvidence, Evidence, MethodEvidence } from './evidence.js';
import {
  depthOf,
  FEW_CALLS,
  firstUnanswered,
  heldIn,
  lastAnswered,
  settledSecond,
  type Stretch,
  sumOf,
} from './stretch.js';

/** Reports come each second. Only who reported this recently can be said to be alive while others cannot reach it. */
const FRESH_MS = 1600;

/** What one caller reports of one method of the target. */
interface Incoming {
  readonly edge: Edge;
  readonly stretch: Stretch;
  /** Without the calls that waited for a lost way. */
  readonly fair: Stretch;
}

interface Material {
  readonly incoming: readonly Incoming[];
  readonly own: readonly Handled[];
  readonly made: readonly Edge[];
  /** The target's callers by key, with the connection that they report. */
  readonly connections: ReadonlyMap<string, Connection>;
  readonly byKey: ReadonlyMap<string, Member>;
  readonly settled: number;
  readonly at: number;
}

/** Gathers the evidence on every instance that can be judged: listed or reporting, and not about to leave. */
export function gatherEvidence(members: readonly Member[], traffic: Traffic, at: number): readonly Evidence[] {
  const byKey = new Map(members.map((member) => [instanceKey(member.ref), member]));
  const connections = connectionsOf(members);
  const incoming = groupBy(traffic.edges(), ({ to }) => to);
  const outgoing = groupBy(traffic.edges(), ({ from }) => from);
  const handled = groupBy(traffic.handled(), ({ by }) => by);
  return members.filter(canBeJudged).map((target) => {
    const key = runKey(target.ref);
    const ofTarget = connections.get(key) ?? NONE;
    const material = { byKey, at, connections: ofTarget, settled: settledSecond(target) };
    const edges = (incoming.get(key) ?? []).flatMap((edge) => incomingBy(edge, material));
    const [own, made] = [handled.get(key) ?? [], outgoing.get(key) ?? []];
    return assess(target, { ...material, incoming: edges, own, made });
  });
}

const NONE: ReadonlyMap<string, Connection> = new Map();

function incomingBy(
  edge: Edge,
  { byKey, connections, settled, at }: Pick<Material, 'byKey' | 'connections' | 'settled' | 'at'>,
): readonly Incoming[] {
  const caller = byKey.get(edge.callerKey);
  if (!isSpeaking(caller)) return [];
  const stretch = { window: edge.window, since: Math.max(settled, settledSecond(caller)) };
  return [{ edge, stretch, fair: withoutLostCalls(stretch, connections.get(edge.callerKey), Math.floor(at / 1000)) }];
}

function assess(target: Member, material: Material): Evidence {
  const { incoming, own, made, settled, at } = material;
  const second = Math.floor(at / 1000);
  const all = ({ window }: { window: Stretch['window'] }) => ({ window, since: settled });
  const seen = new Calls(
    incoming.map(({ fair }) => fair),
    second,
  );
  const felt = new Calls(own.map(all), second);
  const met = new Calls(made.map(all), second);
  const callers = (depth: number) => callersOf(material, depth);
  return new Evidence(target, isFresh(target, at), seen, felt, met, methodsOf(material), callers);
}

function callersOf({ incoming, connections, byKey, at }: Material, depth: number): readonly CallerEvidence[] {
  const second = Math.floor(at / 1000);
  const byCaller = groupBy(incoming, ({ edge }) => edge.callerKey);
  const keys = new Set([...byCaller.keys(), ...connections.keys()]);
  return [...keys].sort().flatMap((key) => {
    const caller = byKey.get(key);
    if (!isSpeaking(caller) || !isFresh(caller, at)) return [];
    const stretches = (byCaller.get(key) ?? []).map(({ stretch }) => stretch);
    const latest = sumOf(stretches, second, depthOf(stretches, second, FEW_CALLS));
    const unansweredSince = firstUnanswered(stretches, second, depth);
    const answeredAt = lastAnswered(stretches, second);
    const connection = connections.get(key);
    return [{ caller, calls: sumOf(stretches, second, depth), latest, connection, unansweredSince, answeredAt }];
  });
}

function methodsOf({ incoming, own, settled, at }: Material): readonly MethodEvidence[] {
  const second = Math.floor(at / 1000);
  const byMethod = groupBy(incoming, ({ edge }) => edge.method);
  return [...byMethod].map(([method, some]) => {
    const handled = own.find((one) => one.method === method);
    const felt = handled === undefined ? [] : [{ window: handled.window, since: settled }];
    const seen = some.map(({ fair }) => fair);
    const byCaller = new Map(
      [...groupBy(some, ({ edge }) => edge.callerKey)].map(([key, list]) => {
        const stretches = list.map(({ fair }) => fair);
        return [key, new Calls(stretches, second)];
      }),
    );
    const held = handled && heldIn(handled.window, second);
    return new MethodEvidence(method, new Calls(seen, second), byCaller, new Calls(felt, second), held);
  });
}

function canBeJudged({ standing, listing, isInMaintenance }: Member): boolean {
  const isPresent = standing === 'reporting' || standing === 'not-reporting';
  return isPresent && listing?.unlistedAt === undefined && !isInMaintenance;
}

function isSpeaking(member: Member | undefined): member is Member {
  return member?.standing === 'reporting';
}

function isFresh({ reporter }: Member, at: number): boolean {
  return reporter === undefined || at - reporter.lastReportAt <= FRESH_MS;
}
