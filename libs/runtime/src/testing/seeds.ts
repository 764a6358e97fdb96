/** What one run of a simulation has come to. */
export interface Outcome {
  /** What must never be, in words; empty when all is well. */
  readonly faults: readonly string[];
  /** What happened, line by line. */
  readonly story: readonly string[];
}

/** Plays the first `steps` of the script that the seed stands for, and the end that follows any script. */
export type Simulation = (seed: number, steps: number) => Promise<Outcome>;

const asked = process.env['SEED'];

/** The seeds of one test; the one that `SEED` names, when it is among them, and then none but that. */
export function seedsFrom(first: number, count: number): readonly number[] {
  const all = Array.from({ length: count }, (_, index) => first + index);
  return asked === undefined ? all : all.filter((seed) => seed === Number(asked));
}

/** Starts of batches, so that no test takes long. */
export function batches(count: number, size: number): readonly number[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, batch) => 1 + batch * size);
}

/** Runs the seeds one after the other. Throws at the first that fails, with the shortest script that still does. */
export async function playSeeds(seeds: readonly number[], steps: number, simulation: Simulation): Promise<void> {
  for (const seed of seeds) {
    const outcome = await simulation(seed, steps);
    if (outcome.faults.length > 0) throw new Error(await reportOf(seed, steps, simulation, outcome));
    if (asked !== undefined) process.stdout.write(`seed ${seed}\n${outcome.story.join('\n')}\n`);
  }
}

/** The first of the seeds that fails. */
export async function firstFailing(
  seeds: readonly number[],
  steps: number,
  simulation: Simulation,
): Promise<{ readonly seed: number; readonly faults: readonly string[] } | undefined> {
  for (const seed of seeds) {
    const { faults } = await simulation(seed, steps);
    if (faults.length > 0) return { seed, faults };
  }
  return undefined;
}

/** Cuts off what comes after the failure: steps are drawn one by one, so that a shorter script begins as the longer one. */
async function reportOf(seed: number, steps: number, simulation: Simulation, failed: Outcome): Promise<string> {
  let [shortest, outcome] = [steps, failed];
  let tooShort = 0;
  while (shortest - tooShort > 1) {
    const tried = Math.floor((tooShort + shortest) / 2);
    const next = await simulation(seed, tried);
    if (next.faults.length === 0) tooShort = tried;
    else [shortest, outcome] = [tried, next];
  }
  const replay = `seed ${seed} fails after ${shortest} of ${steps} steps; SEED=${seed} before the command replays it alone`;
  return [replay, ...outcome.story, '', ...outcome.faults].join('\n');
}
