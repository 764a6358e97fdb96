/** Between two processes, in one pass. */
export const REMOTE_MESSAGES = 100_000;
/** Messages that are on their way at once, in a ping-pong. */
export const OUTSTANDING = 1000;
