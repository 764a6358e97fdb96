export { type BackOffOptions, fullJitter } from './back-off.js';
export { DeadlineWheel, type Expirable } from './deadline-wheel.js';
export { deadlineAfter, earliestDeadline, isExpired, remainingMs, wireMs } from './deadline.js';
export { Ewma, type EwmaOptions } from './ewma.js';
export { parseGrpcTimeout } from './grpc-timeout.js';
export { hashText } from './hash.js';
export { Placement } from './placement.js';
export { RetryBudget, type RetryBudgetOptions } from './retry-budget.js';
