import { announce } from '../closed-loop.js';
import { Score } from './actor-library.js';
import { type Workload, workOnDemand } from './workload.js';

/** Messages that are on their way at once, in a ping-pong. */
export const OUTSTANDING = 1000;
export const BODY_BYTES = 64;
/** One way, in one pass. */
const MESSAGES = 100_000;

/** What the near process of a subject does; its far one takes messages, answers those of a ping-pong, and counts both. */
export interface NearSide {
  /** Sends messages up to `score.goal`. */
  flood(score: Score): Promise<void>;
  /** Keeps `OUTSTANDING` messages on their way, up to `score.goal`. Resolves when all answers are there. */
  pingPong(score: Score): Promise<void>;
  /** What the far side has handled since it was asked last, everything that was sent before included. */
  farCount(): Promise<number>;
}

/** Serves the bench that the first argument of this process names. */
export function serveNearSide(near: NearSide): void {
  const [name = ''] = process.argv.slice(2);
  const workload = workloads[name];
  if (workload === undefined) throw new Error(`there is no bench "${name}"`);
  workOnDemand(workload(near));
  announce({});
}

const workloads: Readonly<Record<string, (near: NearSide) => Workload>> = {
  'remote-flood': (near) => ({
    pass: async () => {
      const score = new Score();
      score.goal = MESSAGES;
      await near.flood(score);
      score.arrived = await near.farCount();
      score.check(false);
      return MESSAGES;
    },
  }),
  'remote-ping-pong': (near) => ({
    pass: async () => {
      const score = new Score();
      score.goal = MESSAGES;
      await near.pingPong(score);
      score.arrived = score.answered = await near.farCount();
      score.check(true);
      return 2 * MESSAGES;
    },
  }),
};
