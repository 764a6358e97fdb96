import type { Cast } from './participant.js';
import type { Subject } from './rounds.js';

/** A comparison that a person can run by its name. */
export interface Bench {
  readonly name: string;
  /** One line: what is measured. */
  readonly about: string;
  /** What the columns of CPU mean. */
  readonly legend: string;
  /** The subject that the others are compared with. */
  readonly reference: string;
  readonly concurrencies: readonly number[];
  /** Of each measurement, unless told otherwise. */
  readonly seconds: number;
  readonly rounds: number;
  /** Starts the processes of all subjects. */
  start(cast: Cast): Promise<readonly Subject[]>;
}
