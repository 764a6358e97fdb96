import { P2cEwmaBalancer, type Pick, type Picker } from '@rookery/rpc';
import type { Random } from '@rookery/runtime';
import type { VirtualTime } from '@rookery/runtime/testing';
import type { CallerEntry, LinkEntry, LinkState } from '../src/traffic/report.js';
import { Counted, instanceOf, type Process } from './simulated-process.js';

export const METHOD = '/rookery.pricing.v1.PricingService/QuotePrice';
const DEADLINE_MS = 5000;
const UNAVAILABLE = 14;
const DEADLINE_EXCEEDED = 4;
/** Silence after which a link is suspect, and after which it is closed. */
const SUSPECT_AFTER_MS = 2500;
const DOWN_AFTER_MS = 4750;
const CHECK_EVERY_MS = 250;

/** What lies between callers and targets, by `caller>target`. */
export interface Ways {
  /** Pairs that no packet passes, with the time since when. */
  readonly cuts: ReadonlyMap<string, number>;
  /** How much longer packets take. */
  readonly delays: ReadonlyMap<string, number>;
}

interface Link {
  readonly target: Process;
  state: LinkState;
  since: number;
  readonly counted: Counted;
  /** Calls that wait for an answer that may never come; each ends at once when the link is given up. */
  readonly waiting: Set<() => void>;
}

/** One caller's side: links, the real balancer, calls with one retry. */
export class SimulatedCaller {
  private readonly links = new Map<string, Link>();
  private readonly balancer: P2cEwmaBalancer;
  private picker: Picker | undefined;
  private usable = '';

  constructor(
    private readonly self: Process,
    private readonly time: VirtualTime,
    private readonly random: Random,
    private readonly ways: Ways,
  ) {
    this.balancer = new P2cEwmaBalancer({ clock: time.clock, random });
    this.time.interval(CHECK_EVERY_MS, () => this.checkLinks());
  }

  /** Takes in who is listed. */
  meet(targets: readonly Process[]): void {
    for (const target of targets) {
      const key = target.ref.incarnation;
      if (this.links.has(key) || !target.isRunning) continue;
      const since = this.time.clock.monotonic();
      this.links.set(key, { target, state: 'up', since, counted: new Counted(), waiting: new Set() });
    }
    this.checkLinks();
  }

  call(tried: readonly Link[] = []): void {
    const pick = this.picker?.pick({ tried: tried.map(({ target }) => instanceOf(target)) });
    const link = pick && this.links.get(pick.instance.incarnation);
    if (link === undefined || link.state !== 'up') return;
    this.attempt(pick as Pick, link, (code) => {
      const canRetry = code !== 0 && code !== DEADLINE_EXCEEDED && tried.length === 0;
      if (canRetry) this.call([link]);
    });
  }

  callerEntries(): CallerEntry[] {
    return [...this.links.values()].flatMap(({ target, counted }) => {
      const counts = counted.take();
      return counts === undefined ? [] : [{ target: target.ref, method: METHOD, counts }];
    });
  }

  linkEntries(): LinkEntry[] {
    const now = this.time.clock.monotonic();
    return [...this.links.values()].map(({ target, state, since }) => ({
      target: target.ref,
      state,
      lastedMs: now - since,
    }));
  }

  private attempt(pick: Pick, link: Link, done: (code: number) => void): void {
    const { target, counted, waiting } = link;
    const startedAt = this.time.clock.monotonic();
    pick.started();
    counted.begin();
    const end = (code: number) => {
      if (!waiting.delete(give)) return;
      deadline.cancel();
      const latencyMs = this.time.clock.monotonic() - startedAt;
      pick.ended(code, latencyMs);
      counted.ended(code, latencyMs);
      done(code);
    };
    const give = () => end(UNAVAILABLE);
    const deadline = this.time.timer(DEADLINE_MS, () => end(DEADLINE_EXCEEDED));
    waiting.add(give);
    if (this.silentSince(target) === undefined) this.serve(target, end);
  }

  private serve(target: Process, end: (code: number) => void): void {
    const { code, share = 1, latencyMs } = target.answers;
    const ownMs = Math.min(DEADLINE_MS, latencyMs * (0.5 + this.random.next() + (this.random.next() < 0.02 ? 5 : 0)));
    const outcome = this.random.next() < share ? code : 0;
    target.served.begin();
    this.time.timer(ownMs, () => {
      target.served.ended(outcome, ownMs);
      const isLost = !target.isRunning || this.silentSince(target) !== undefined;
      const wayMs = this.ways.delays.get(`${this.self.ref.instanceId}>${target.ref.instanceId}`) ?? 0;
      if (!isLost) this.time.timer(wayMs, () => end(outcome));
    });
  }

  /** Since when nothing has come from the target. */
  private silentSince(target: Process): number | undefined {
    return this.ways.cuts.get(`${this.self.ref.instanceId}>${target.ref.instanceId}`) ?? target.frozenAt;
  }

  private checkLinks(): void {
    if (this.self.frozenAt !== undefined) return;
    const now = this.time.clock.monotonic();
    for (const link of this.links.values()) {
      const state = this.stateOf(link.target, now);
      if (state === link.state) continue;
      link.state = state;
      link.since = now;
      if (state !== 'up') for (const give of [...link.waiting]) give();
    }
    this.choose();
  }

  private stateOf(target: Process, now: number): LinkState {
    if (!target.isRunning) return 'down';
    const silentMs = now - (this.silentSince(target) ?? now);
    if (silentMs >= DOWN_AFTER_MS) return 'down';
    return silentMs >= SUSPECT_AFTER_MS ? 'suspect' : 'up';
  }

  private choose(): void {
    const usable = [...this.links.values()].filter(({ target, state }) => state === 'up' && target.isListed);
    const key = usable.map(({ target }) => target.ref.incarnation).join();
    if (key === this.usable && this.picker !== undefined) return;
    this.usable = key;
    this.picker = this.balancer.update(usable.map(({ target }) => instanceOf(target)));
  }
}
