import type { AnyPid, Pid } from './pid.js';

/** Why a message reached nobody. */
export type DeadLetterReason =
  | 'not-found'
  | 'stopped'
  | 'mailbox-full'
  | 'dropped-oldest'
  | 'no-sender'
  | 'late-answer'
  /** A router's strategy threw. */
  | 'not-routed'
  /** The process of its target cannot be reached; it was not sent. */
  | 'unreachable'
  /** More messages wait for that process than may. */
  | 'queue-full'
  /** The connection ended before the message was known to have arrived: it may have been handled. */
  | 'connection-lost'
  /** It cannot be put on the wire. */
  | 'not-encodable'
  /** It came from the wire and cannot be read. */
  | 'undecodable';

/** Published on the event stream for each message whose target is gone or did not take it. */
export class DeadLetter {
  readonly type = 'DeadLetter';

  constructor(
    readonly target: AnyPid,
    readonly message: unknown,
    readonly sender: Pid | undefined,
    readonly reason: DeadLetterReason,
    /** More about it, where the reason does not say it all. */
    readonly detail?: string,
  ) {}
}
