export { SeededRandom } from './seeded-random.js';
export { batches, firstFailing, type Outcome, playSeeds, seedsFrom, type Simulation } from './seeds.js';
export { VirtualTime } from './virtual-time.js';
