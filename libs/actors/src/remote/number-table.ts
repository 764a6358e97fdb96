import type { AnyPid } from '../local/pid.js';

/** As many Pids may have a number at once; then the one numbered longest ago loses it. */
export const MAX_NUMBERS = 16_384;

/** The numbers of Pids on one connection, so that each is spelt out once. */
export class NumberTable {
  private readonly byPid = new Map<AnyPid, number>();
  private readonly holders: (AnyPid | undefined)[] = [undefined];
  private next = 1;
  private lastPid: AnyPid | undefined;
  private lastNumber = 0;

  /** The Pid's number; 0 when it has none. The same object counts, not an equal one. */
  numberOf(pid: AnyPid): number {
    if (pid === this.lastPid) return this.lastNumber;
    const number = this.byPid.get(pid) ?? 0;
    this.lastPid = pid;
    this.lastNumber = number;
    return number;
  }

  /** Gives the Pid a number, from 1, which another may have had, but not `taboo`. */
  assign(pid: AnyPid, taboo = 0): number {
    const number = this.next === taboo ? after(taboo) : this.next;
    const former = this.holders[number];
    if (former !== undefined) this.byPid.delete(former);
    this.holders[number] = pid;
    this.byPid.set(pid, number);
    this.next = after(number);
    this.lastPid = pid;
    this.lastNumber = number;
    return number;
  }
}

function after(number: number): number {
  return number === MAX_NUMBERS ? 1 : number + 1;
}
