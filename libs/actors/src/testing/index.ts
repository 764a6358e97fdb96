export { createTestSystem, type TestSystem } from './test-system.js';
export { TestProbe } from './test-probe.js';
