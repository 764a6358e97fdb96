import type { Cancellable, Clock, Scheduler } from '@rookery/runtime';
import type { ActorLog } from './actor-log.port.js';
import type { DeadLetter } from './dead-letter.js';

/** Dead letters come in floods: a few in a second are worth a line each, the others a count. */
const LINES = 3;
const WINDOW_MS = 1000;

/** Says what became a dead letter, without drowning the log. */
export class DeadLetterLog {
  private windowFrom = -Infinity;
  private inWindow = 0;
  private countDue: Cancellable | undefined;

  constructor(
    private readonly log: ActorLog,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  add({ detail, message, reason, sender, target }: DeadLetter): void {
    const now = this.clock.monotonic();
    if (now - this.windowFrom >= WINDOW_MS) this.open(now);
    if (++this.inWindow > LINES) {
      this.countDue ??= this.scheduler.timer(this.windowFrom + WINDOW_MS - now, () => this.flush());
      return;
    }
    const facts = { target: target.toString(), sender: sender?.toString(), message: nameOf(message), reason, detail };
    this.log.warn('dead letter', facts);
  }

  /** Says how many were not shown, if any. */
  flush(): void {
    this.countDue?.cancel();
    this.countDue = undefined;
    const suppressed = this.inWindow - LINES;
    this.inWindow = Math.min(this.inWindow, LINES);
    if (suppressed > 0) this.log.warn('more dead letters than were shown', { suppressed });
  }

  private open(now: number): void {
    this.flush();
    this.windowFrom = now;
    this.inWindow = 0;
  }
}

/** What kind of message it was; its content may be secret or large. */
export function nameOf(message: unknown): string {
  if (typeof message !== 'object' || message === null) return typeof message;
  const { type, constructor: made } = message as { readonly type?: unknown; readonly constructor?: unknown };
  if (typeof type === 'string') return type;
  return typeof made === 'function' ? made.name : 'object';
}
