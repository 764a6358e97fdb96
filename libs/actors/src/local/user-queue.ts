import type { Pid } from './pid.js';

/** Why a mailbox gave up a message. */
export type Overflow = 'mailbox-full' | 'dropped-oldest';

/** Hears of what goes wrong with a message at the mailbox. */
export interface MailboxListener {
  /** A full mailbox has given up this message. */
  overflowed(message: unknown, sender: Pid | undefined, overflow: Overflow): void;
  /** The user's own rule of the mailbox threw; the message is in it all the same. */
  ruleFailed(error: unknown, message: unknown): void;
}

/** Keeps the messages of users until the actor's turn. One consumer. */
export abstract class UserQueue {
  abstract readonly length: number;
  /** Takes the message, or gives it or another one up to `listener`. */
  abstract push(message: unknown, sender: Pid | undefined, listener: MailboxListener): void;
  /** Takes what the runtime itself puts among the messages, whatever the limit. */
  abstract pushAnyway(message: unknown, sender: Pid | undefined): void;
  /** Takes back, ahead of all and whatever the limit, what was taken out before. */
  abstract pushFront(message: unknown, sender: Pid | undefined): void;
  /** The sender of what `shift` gives next. */
  abstract readonly firstSender: Pid | undefined;
  /** Takes the next message out. Only when there is one. */
  abstract shift(): unknown;
}
