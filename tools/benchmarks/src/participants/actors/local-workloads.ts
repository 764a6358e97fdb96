import { announce } from '../closed-loop.js';
import {
  type ActorLibrary,
  ASKS,
  Crowd,
  IDLE_ACTORS,
  MESSAGES,
  PAIRS,
  Score,
  SKYNET_LEAVES,
  SPAWNS,
  type Starter,
} from './actor-library.js';
import { type Workload, workOnDemand } from './workload.js';

/** Serves the bench that the first argument of this process names. */
export function serveLibrary(library: ActorLibrary): void {
  const [name = ''] = process.argv.slice(2);
  const workload = workloads[name];
  if (workload === undefined) throw new Error(`there is no bench "${name}"`);
  workOnDemand(workload(library));
  announce({});
}

const workloads: Readonly<Record<string, (library: ActorLibrary) => Workload>> = {
  'ping-pong': (library) => pairs((score) => library.startPingPong(score), true),
  flood: (library) => pairs((score) => library.startFlood(score), false),
  ask,
  spawn: (library) => crowds(library, SPAWNS),
  memory: (library) => ({ ...crowds(library, IDLE_ACTORS), isWeighed: true }),
  skynet,
};

function pairs(startPair: (score: Score) => Starter, areAnswered: boolean): Workload {
  const all = Array.from({ length: PAIRS }, () => {
    const score = new Score();
    return { score, start: startPair(score) };
  });
  return {
    pass: async () => {
      await Promise.all(all.map(({ score, start }) => play(score, start)));
      for (const { score } of all) score.check(areAnswered);
      return PAIRS * MESSAGES * (areAnswered ? 2 : 1);
    },
  };
}

function play(score: Score, start: Starter): Promise<void> {
  return new Promise((resolve) => {
    score.goal += MESSAGES;
    score.done = resolve;
    start();
  });
}

function ask(library: ActorLibrary): Workload {
  const score = new Score();
  const question = library.startAnswerer(score);
  return {
    pass: async () => {
      score.goal += ASKS;
      while (score.sent < score.goal) {
        score.sent++;
        await question();
        score.returned++;
      }
      score.check(true);
      return ASKS;
    },
  };
}

function crowds(library: ActorLibrary, count: number): Workload {
  let crowd = new Crowd();
  let stopAll = (): void => undefined;
  return {
    pass: async () => {
      crowd = new Crowd();
      stopAll = library.spawn(count, crowd);
      await crowd.untilStarted(count);
      return count;
    },
    clear: async () => {
      stopAll();
      // Whoever holds on to the actors would keep them from being collected.
      stopAll = () => undefined;
      await crowd.untilStopped(count);
    },
  };
}

function skynet({ skynet: tree }: ActorLibrary): Workload {
  if (tree === undefined) throw new Error('it takes no part in skynet');
  return {
    pass: async () => {
      const sum = await tree.sum();
      const expected = (SKYNET_LEAVES * (SKYNET_LEAVES - 1)) / 2;
      if (sum !== expected) throw new Error(`the sum is ${sum} instead of ${expected}`);
      return SKYNET_LEAVES;
    },
    clear: () => tree.untilEnded(),
  };
}
