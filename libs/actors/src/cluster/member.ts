/** One process of a cluster. Plain data. */
export interface Member {
  /** Of its instance: unique among those alive, and kept over a restart in place, such as `pricing-7f3a`. */
  readonly id: string;
  /** New for each start of the process. */
  readonly incarnation: string;
  /** Of its actor system, as it stands in Pids. */
  readonly address: string;
  /** The kinds of grains that may be activated there; none for one that leaves or is out of rotation. */
  readonly kinds: ReadonlySet<string>;
}

/** Whether both are one life of one process. */
export function isSameLife(one: Member, other: Member): boolean {
  return lifeOf(one) === lifeOf(other);
}

/** Names the life of a process that a member is: an id that comes back under another incarnation or address is another. */
export function lifeOf({ address, id, incarnation }: Member): string {
  return JSON.stringify([id, incarnation, address]);
}
