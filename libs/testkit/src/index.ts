export { describedInstance } from './described-instance.js';
export { HeldResolver } from './held.resolver.js';
export { until } from './until.js';
