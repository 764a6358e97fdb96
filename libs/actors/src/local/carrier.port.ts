import type { MessageHeaders } from './message-headers.js';

/**
 * Takes along beside messages what belongs to the moment at which they are sent, such as a trace, and takes it up where they
 * are handled. An actor whose message at hand has no headers is not asked: where nothing travels it costs nothing.
 */
export abstract class Carrier {
  /** What goes with a message that is sent now; undefined when there is nothing. What its sender says of it counts more. */
  abstract outgoing(): MessageHeaders | undefined;

  /** Runs `handle`, which handles a message that came with these headers. */
  abstract run(headers: MessageHeaders, handle: () => void): void;

  /** Runs `work`, which is done for somebody who waits until `deadlineAt` by the monotonic clock: a method of a grain. */
  runUntil<T>(_deadlineAt: number, work: () => T): T {
    return work();
  }
}
