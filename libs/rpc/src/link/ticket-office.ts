import type { Cancellable, Clock, Scheduler } from '@rookery/runtime';

const LARGEST_KEPT_BYTES = 64 * 1024 * 1024;
const LONGEST_MS = 30_000;
const SWEEP_EVERY_MS = 1000;

interface Kept {
  readonly payload: Buffer;
  readonly until: number;
}

/** Keeps responses that are too large for a frame until their caller collects them, or no longer waits. */
export class TicketOffice {
  private readonly kept = new Map<string, Kept>();
  private bytes = 0;
  private sweep: Cancellable | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  /** False when 64 MiB wait already. */
  keep(ticket: Uint8Array, payload: Buffer, deadlineAt: number | undefined): boolean {
    if (this.bytes + payload.length > LARGEST_KEPT_BYTES) return false;
    const latest = this.clock.monotonic() + LONGEST_MS;
    this.kept.set(keyOf(ticket), { payload, until: Math.min(deadlineAt ?? latest, latest) });
    this.bytes += payload.length;
    this.sweep ??= this.scheduler.interval(SWEEP_EVERY_MS, () => this.forgetExpired());
    return true;
  }

  /** Hands a payload out once. */
  collect(ticket: Uint8Array): Buffer | undefined {
    const key = keyOf(ticket);
    const kept = this.kept.get(key);
    if (kept === undefined) return undefined;
    this.forget(key, kept);
    return kept.payload;
  }

  close(): void {
    this.sweep?.cancel();
    this.kept.clear();
    this.bytes = 0;
  }

  private forgetExpired(): void {
    const now = this.clock.monotonic();
    for (const [key, kept] of this.kept) if (kept.until <= now) this.forget(key, kept);
    if (this.kept.size > 0) return;
    this.sweep?.cancel();
    this.sweep = undefined;
  }

  private forget(key: string, kept: Kept): void {
    this.kept.delete(key);
    this.bytes -= kept.payload.length;
  }
}

function keyOf(ticket: Uint8Array): string {
  return Buffer.from(ticket).toString('latin1');
}
