import type { actors } from '@rookery/contracts/messages';
import { ANY_INCARNATION, type AnyPid, Pid } from '../local/pid.js';
import { processOfAddress } from './addresses.js';

/** A Pid as a contract has it. */
export type WirePid = Pick<actors.Pid, 'address' | 'id' | 'incarnation'>;

/** For a message of a contract; the receiver makes a Pid of it by `toPid`. */
export function fromPid({ address, id, incarnation }: AnyPid): WirePid {
  return { address, id, incarnation };
}

/** The Pid that came in a message. */
export function toPid<M = unknown>({ address, id, incarnation }: WirePid): Pid<M> {
  return new Pid<M>(address, id, incarnation);
}

/** The Pid in an entry of a frame, where `sender` is the address of the system that sent the frame. */
export function pidIn(sender: string, pid: WirePid | undefined): Pid {
  if (pid === undefined) throw new RangeError('an entry names no actor');
  return new Pid(pid.address === '' ? sender : pid.address, pid.id, pid.incarnation);
}

/** Who is meant by name alone is meant whichever system the process has now: `address` is ours. */
export function ownByName(address: string, pid: Pid): Pid {
  const isOwn = pid.incarnation === ANY_INCARNATION && processOfAddress(address) === processOfAddress(pid.address);
  return isOwn ? new Pid(address, pid.id, ANY_INCARNATION) : pid;
}
