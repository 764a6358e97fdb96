import type { AnyPid } from './pid.js';
import type { Process } from './process.js';

/** Knows whom Pids of other addresses lead to. */
export abstract class Elsewhere {
  abstract processOf(pid: AnyPid): Process;
}
