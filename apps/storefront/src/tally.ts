import { type ErrorKind } from '@rookery/runtime';

export type Way = 'gateway' | 'direct';
export const WAYS: readonly Way[] = ['gateway', 'direct'];

/** How a shopper fared: `ok`, or the kind of the refusal. */
export type ShopperOutcome = 'ok' | ErrorKind;

export interface WayStats {
  readonly calls: number;
  readonly errors: number;
  readonly outcomes: Readonly<Partial<Record<ShopperOutcome, number>>>;
}

export interface ShopStats {
  readonly total: { readonly calls: number; readonly errors: number };
  readonly inFlight: number;
  /** Shoppers that found the shop full. */
  readonly turnedAway: number;
  readonly ways: Readonly<Record<Way, WayStats>>;
}

/** Counts how shoppers fared, by way and outcome, since the process started. */
export class Tally {
  private readonly counts: Record<Way, Map<ShopperOutcome, number>> = { gateway: new Map(), direct: new Map() };
  private running = 0;
  private away = 0;

  get inFlight(): number {
    return this.running;
  }

  get turnedAway(): number {
    return this.away;
  }

  came(): void {
    this.running++;
  }

  turnAway(): void {
    this.away++;
  }

  left(way: Way, outcome: ShopperOutcome): void {
    this.running--;
    const counts = this.counts[way];
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }

  outcomes(way: Way): ReadonlyMap<ShopperOutcome, number> {
    return this.counts[way];
  }

  stats(): ShopStats {
    const ways = { gateway: this.wayStats('gateway'), direct: this.wayStats('direct') };
    const total = {
      calls: ways.gateway.calls + ways.direct.calls,
      errors: ways.gateway.errors + ways.direct.errors,
    };
    return { total, inFlight: this.running, turnedAway: this.away, ways };
  }

  private wayStats(way: Way): WayStats {
    const calls = [...this.counts[way].values()].reduce((sum, count) => sum + count, 0);
    const succeeded = this.counts[way].get('ok') ?? 0;
    return { calls, errors: calls - succeeded, outcomes: Object.fromEntries(this.counts[way]) };
  }
}
