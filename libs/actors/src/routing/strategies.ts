import { hashText } from '@rookery/resilience';
import type { Random } from '@rookery/runtime';
import type { AnyPid, Pid } from '../local/pid.js';

/** Messages that a routee has still to handle, the one that it is busy with included; 0 where that is not known here. */
export type BacklogOf = (routee: AnyPid) => number;

/** Chooses for one message among at least one routee. Made anew for each router, so that it may remember. */
export type RoutingStrategy = <M>(routees: readonly Pid<M>[], message: M, backlogOf: BacklogOf) => readonly Pid<M>[];

/** One after the other. */
export function roundRobin(): () => RoutingStrategy {
  return () => {
    let next = 0;
    return (routees) => only(routees[next++ % routees.length]);
  };
}

/** Any, with equal chances. */
export function randomly(random: Random): () => RoutingStrategy {
  return () => (routees) => only(routees[random.int(routees.length)]);
}

/** All of them. */
export function broadcast(): () => RoutingStrategy {
  return () => (routees) => routees;
}

/** Messages of equal keys go to the same routee, and few keys move when routees come or go (rendezvous hashing). */
export function consistentHash<N>(keyOf: (message: N) => string): () => RoutingStrategy {
  return () => (routees, message) => {
    const key = keyOf(message as unknown as N);
    const scored = routees.map((routee) => ({ routee, score: hashText(`${key}\n${routee.toString()}`) }));
    return only(scored.reduce((best, one) => (one.score > best.score ? one : best)).routee);
  };
}

/** The one with the fewest messages to handle; the first among equals, and one whose mailbox is elsewhere counts as idle. */
export function smallestMailbox(): () => RoutingStrategy {
  return () => (routees, _message, backlogOf) =>
    only(routees.reduce((best, one) => (backlogOf(one) < backlogOf(best) ? one : best)));
}

function only<M>(routee: Pid<M> | undefined): readonly Pid<M>[] {
  return routee === undefined ? [] : [routee];
}
