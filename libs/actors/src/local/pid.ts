/** What a Pid was last found to stand for. */
export interface Bound {
  /** The actor system that it belongs to. */
  readonly owner: object;
}

let read: (pid: AnyPid) => Bound | undefined;
let write: (pid: AnyPid, bound: Bound) => void;

/** Instead of an incarnation: whoever has the name when a message arrives. */
export const ANY_INCARNATION = 0;

/**
 * Where an actor is reached, here or in another process. A plain value: it may be kept, compared and sent in messages, and
 * nothing can be got from it but a way to send. `incarnation` tells an actor from an earlier one of the same name.
 */
export class Pid<in M = unknown> {
  /** Never set: it makes a Pid of one protocol useless for messages of another. */
  declare protected readonly accepts: (message: M) => void;
  #bound: Bound | undefined;

  constructor(
    /** The process that hosts the actor, as its actor system is called. */
    readonly address: string,
    /** Path of names from the root of that system, such as `cart/$1`. */
    readonly id: string,
    readonly incarnation: number,
  ) {}

  static {
    read = (pid) => pid.#bound;
    write = (pid, bound) => (pid.#bound = bound);
  }

  equals(other: AnyPid): boolean {
    return this.incarnation === other.incarnation && this.id === other.id && this.address === other.address;
  }

  toString(): string {
    return `${this.address}/${this.id}#${this.incarnation}`;
  }
}

/**
 * Reaches whoever has the name there when a message arrives: `address` as of a process, `id` a path such as `cart/$1`. It can
 * be told and asked, not watched, because it names no actor for good.
 */
export function pidByName<M = unknown>(address: string, id: string): Pid<M> {
  return new Pid<M>(address, id, ANY_INCARNATION);
}

/** A Pid of any protocol; to name an actor, not to send to it. */
export type AnyPid = Pid<never>;

/** Of this library alone: a Pid gives its holder no way to what it stands for. */
export function boundTo(pid: AnyPid): Bound | undefined {
  return read(pid);
}

export function bind(pid: AnyPid, bound: Bound): void {
  write(pid, bound);
}
