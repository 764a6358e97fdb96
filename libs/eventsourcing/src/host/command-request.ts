import type { Command } from '../aggregate.js';
import type { CommandKey } from '../command-outcome.js';
import type { EventMetadata } from '../event.js';

/** A command as it arrives. */
export interface CommandRequest<C extends Command> extends CommandKey {
  /** Of what the sender sent: a repeat has the same. */
  readonly requestHash: string;
  readonly command: C;
  /** What its events will say of where they come from; command id and principal are added. */
  readonly metadata: EventMetadata;
  /** Monotonic: nobody waits for the answer any longer. */
  readonly deadlineAt: number;
}
