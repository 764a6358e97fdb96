import type { AnyPid, Pid } from './pid.js';

/** Why a message reached nobody. */
export type DeadLetterReason =
  'not-found' | 'stopped' | 'mailbox-full' | 'dropped-oldest' | 'no-sender' | 'late-answer' | 'failed-delivery';

/** Published on the event stream for each message whose target is gone or did not take it. */
export class DeadLetter {
  readonly type = 'DeadLetter';

  constructor(
    readonly target: AnyPid,
    readonly message: unknown,
    readonly sender: Pid | undefined,
    readonly reason: DeadLetterReason,
  ) {}
}
