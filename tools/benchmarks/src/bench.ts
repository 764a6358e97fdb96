import type { Cast } from './cast.js';
import type { Subject } from './rounds.js';
import type { Cost } from './series.js';

/** A comparison of subjects that do the same work. */
export interface Bench {
  readonly name: string;
  /** One line: what is measured. */
  readonly about: string;
  /** What the columns of the table mean. */
  readonly legend: string;
  /** The subject that the others are compared with. */
  readonly reference: string;
  /** By what they are compared. */
  readonly cost: Cost;
  /** How many calls are made at once, one measurement for each; undefined for a bench whose shape is its own. */
  readonly concurrencies: readonly (number | undefined)[];
  /** Of each measurement, unless told otherwise. */
  readonly seconds: number;
  readonly rounds: number;
  /** Starts the processes of all subjects. What cannot run on this machine is left out, with the reason. */
  start(cast: Cast, leaveOut: LeaveOut): Promise<readonly Subject[]>;
}

export type LeaveOut = (subject: string, why: string) => void;

/** What a person runs by its name: one comparison, or several on one matter. */
export interface Suite {
  readonly name: string;
  readonly about: string;
  readonly benches: readonly Bench[];
}

/** A comparison that is a matter of its own. */
export function suiteOf(bench: Bench): Suite {
  return { name: bench.name, about: bench.about, benches: [bench] };
}
