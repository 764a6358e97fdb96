import type { Member } from '../presence/fleet.js';
import { groupBy } from '../traffic/grouping.js';
import { instanceKey, runKey } from '../traffic/report.js';
import { WINDOW_SECONDS } from '../traffic/slot-window.js';
import type { Edge, Handled, Traffic } from '../traffic/traffic.js';
import type { CallerEvidence, Evidence, MethodEvidence } from './evidence.js';
import { connectionOf, withoutLostCalls } from './connection.js';
import {
  bySecond,
  depthOf,
  ENOUGH_CALLS,
  FEW_CALLS,
  firstUnanswered,
  heldIn,
  lastAnswered,
  REACH_SECONDS,
  settledSecond,
  type Stretch,
  sumOf,
} from './stretch.js';

/** Reports come each second. Only who reported this recently can be said to be alive while others cannot reach it. */
const FRESH_MS = 1600;

/** Gathers the evidence on every instance that can be judged: listed or reporting, and not about to leave. */
export function gatherEvidence(members: readonly Member[], traffic: Traffic, at: number): readonly Evidence[] {
  const byKey = new Map(members.map((member) => [instanceKey(member.ref), member]));
  const incoming = groupBy(traffic.edges(), ({ target }) => runKey(target));
  const outgoing = groupBy(traffic.edges(), ({ caller }) => runKey(caller));
  const handled = groupBy(traffic.handled(), ({ callee }) => runKey(callee));
  return members.filter(canBeJudged).map((target) => {
    const key = runKey(target.ref);
    const edges = (incoming.get(key) ?? []).filter(({ caller }) => isSpeaking(byKey.get(instanceKey(caller))));
    const own = handled.get(key) ?? [];
    return assess(target, { edges, own, outgoing: outgoing.get(key) ?? [], byKey, at });
  });
}

interface Material {
  readonly edges: readonly Edge[];
  readonly own: readonly Handled[];
  readonly outgoing: readonly Edge[];
  readonly byKey: ReadonlyMap<string, Member>;
  readonly at: number;
}

function assess(target: Member, material: Material): Evidence {
  const { edges, own, outgoing, byKey, at } = material;
  const second = Math.floor(at / 1000);
  const since = settledSecond(target);
  const stretchOf = (edge: Edge): Stretch => {
    const caller = byKey.get(instanceKey(edge.caller));
    return { window: edge.window, since: Math.max(since, settledSecond(caller)) };
  };
  const fairStretchOf = (edge: Edge): Stretch =>
    withoutLostCalls(stretchOf(edge), connectionOf(byKey.get(instanceKey(edge.caller)), target), second);
  const seen = edges.map(fairStretchOf);
  const felt = own.map(({ window }) => ({ window, since }));
  const made = outgoing.map(({ window }) => ({ window, since }));
  const depth = depthOf(seen.length > 0 ? seen : felt, second, ENOUGH_CALLS);
  const latestDepth = depthOf(seen.length > 0 ? seen : felt, second, FEW_CALLS);
  return {
    target,
    isFresh: isFresh(target, at),
    callers: callersOf(target, material, stretchOf, depth),
    byCallers: sumOf(seen, second, depth),
    // The two sides report up to a second apart.
    own: sumOf(felt, second, depth + 1),
    usual: sumOf(seen, second, WINDOW_SECONDS),
    latestByCallers: sumOf(seen, second, latestDepth),
    latestOwn: sumOf(felt, second, latestDepth),
    outgoing: sumOf(made, second, REACH_SECONDS),
    methods: methodsOf(material, fairStretchOf, since),
  };
}

function callersOf(
  target: Member,
  { edges, byKey, at }: Material,
  stretchOf: (edge: Edge) => Stretch,
  depth: number,
): readonly CallerEvidence[] {
  const second = Math.floor(at / 1000);
  const byCaller = groupBy(edges, ({ caller }) => instanceKey(caller));
  const speaking = [...byKey].filter(([, member]) => isSpeaking(member) && isFresh(member, at));
  return speaking.flatMap(([key, caller]) => {
    const stretches = (byCaller.get(key) ?? []).map(stretchOf);
    const connection = connectionOf(caller, target);
    if (stretches.length === 0 && connection === undefined) return [];
    const latest = sumOf(stretches, second, depthOf(stretches, second, FEW_CALLS));
    const unansweredSince = firstUnanswered(stretches, second, depth);
    const answeredAt = lastAnswered(stretches, second);
    return [{ caller, calls: sumOf(stretches, second, depth), latest, connection, unansweredSince, answeredAt }];
  });
}

function methodsOf(
  { edges, own, at }: Material,
  stretchOf: (edge: Edge) => Stretch,
  settled: number,
): readonly MethodEvidence[] {
  const second = Math.floor(at / 1000);
  const byMethod = groupBy(edges, ({ method }) => method);
  return [...byMethod].map(([method, ofMethod]) => {
    const stretches = ofMethod.map(stretchOf);
    const depth = depthOf(stretches, second, ENOUGH_CALLS);
    const handled = own.find((one) => one.method === method);
    const felt = handled === undefined ? [] : [{ window: handled.window, since: settled }];
    const byCaller = new Map(
      ofMethod.map((edge) => [instanceKey(edge.caller), sumOf([stretchOf(edge)], second, depth)]),
    );
    return {
      method,
      byCallers: sumOf(stretches, second, depth),
      byCaller,
      usual: sumOf(stretches, second, WINDOW_SECONDS),
      own: sumOf(felt, second, depth + 1),
      ownReach: sumOf(felt, second, REACH_SECONDS),
      ownBySecond: bySecond(felt, second, depth + 1),
      held: handled && heldIn(handled.window, second),
    };
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
