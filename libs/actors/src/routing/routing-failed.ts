import type { AnyPid } from '../local/pid.js';

/** Published on the event stream when the strategy of a router threw: the message is a dead letter, and the router goes on. */
export class RoutingFailed {
  readonly type = 'RoutingFailed';

  constructor(
    readonly router: AnyPid,
    readonly message: unknown,
    readonly error: unknown,
  ) {}
}
