export { ProcessTime } from './process-time.js';
export { type NetworkOptions, SimulatedNetwork, SimulatedProcess } from './simulated-network.js';
export { createTestSystem, type TestSystem } from './test-system.js';
export { TestProbe } from './test-probe.js';
