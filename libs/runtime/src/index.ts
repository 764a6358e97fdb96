export { Clock } from './clock.js';
export { DomainError, type DomainErrorOptions, type ErrorKind, type FieldViolation } from './domain-error.js';
export { pause } from './pause.js';
export { Random } from './random.js';
export { type Cancellable, Scheduler } from './scheduler.js';
export { SystemClock } from './system-clock.js';
export { SystemRandom } from './system-random.js';
export { SystemScheduler } from './system-scheduler.js';
