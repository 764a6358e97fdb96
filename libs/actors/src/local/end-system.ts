import type { DeadlineWheel } from '@rookery/resilience';
import type { Cancellable, Scheduler } from '@rookery/runtime';
import type { AddressBook } from './address-book.js';
import type { DeadLetterLog } from './dead-letter-log.js';
import { stopTimeout, systemStopped } from './errors.js';
import type { RootGuardians } from './root-guardians.js';
import type { RootTimers } from './root-timers.js';

/** What of an actor system has to end. */
export interface EndingSystem {
  readonly book: AddressBook;
  readonly deadlines: DeadlineWheel;
  readonly guardians: RootGuardians;
  readonly letters: DeadLetterLog;
  readonly scheduler: Scheduler;
  readonly timers: RootTimers;
}

/** Stops all actors, and then whatever waits for time to pass. Rejects with STOP_TIMEOUT when some were given up. */
export async function endSystem(system: EndingSystem, timeoutMs: number): Promise<void> {
  const { book, deadlines, guardians, letters, scheduler, timers } = system;
  let limit: Cancellable | undefined;
  const late = new Promise<'late'>((resolve) => {
    limit = scheduler.timer(timeoutMs, () => resolve('late'));
  });
  const end = await Promise.race([guardians.stopAll(), late]);
  limit?.cancel();
  const stuck = [...book.cells.values()];
  for (const cell of [...stuck].reverse()) cell.abandon();
  for (const ask of [...book.asks.values()]) ask.fail(systemStopped());
  deadlines.stopIfEmpty();
  timers.close();
  letters.flush();
  if (end === 'late') throw stopTimeout(stuck, timeoutMs);
}
