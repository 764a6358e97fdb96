export { SeededRandom } from './seeded-random.js';
export { VirtualTime } from './virtual-time.js';
