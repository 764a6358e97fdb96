import type { Instance } from '@rookery/discovery';
import { Ewma } from '@rookery/resilience';
import type { Clock, Random } from '@rookery/runtime';
import { Balancer, type Pick, type Picker, type PickRequest } from './balancer.js';
import { InstanceMemory, stateOf, weightOf } from './instance-memory.js';
import { verdictOf } from './outcome.js';
import { WeightedPair } from './weighted-pair.js';

// Where each number comes from, and what was measured with it: docs/decisions/0005-p2c-ewma.md.
const LATENCY_DECAY_MS = 10_000;
const SUCCESS_DECAY_MS = 1000;
/** So that a single failure, however rare calls are, does not make an instance ailing. */
const LARGEST_SUCCESS_SHARE = 0.5;
/** Added to latencies: below this, differences are noise. */
const LATENCY_GRAIN_MS = 1;
/** How many samples the mean of the others is worth for a newcomer, whose first calls are slow while it warms up. */
const NEWCOMER_SAMPLES = 20;
/** Below this rate of success an instance ails: it is taken only as a probe or when all ail, and then like any other. */
const WELL = 0.3;
const PROBE_AFTER_MS = 2000;
/** So many picks go elsewhere between two probes, which bounds an ailing instance's share at 2 % for slow callers too. */
const PROBE_AFTER_PICKS = 50;

export interface P2cEwmaOptions {
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Power of two choices by cost = latency × (in-flight + 1)² ÷ success⁴: of two instances drawn by static weight, the odds
 * of one against the other are the inverse of their costs. The default: it prefers the fast, spares the busy, and an
 * instance that fails fast does not attract calls, because its failures teach no latency and divide by its success.
 *
 * An instance that was passed over for 2 s and 50 picks is probed with one call, so that its recovery is seen. A
 * newcomer starts with the mean latency of the others.
 */
export class P2cEwmaBalancer extends Balancer {
  private readonly count = { picks: 0 };
  private readonly memory: InstanceMemory<ScoredInstance>;
  private readonly random: Random;
  private readonly clock: Clock;

  constructor({ clock, random }: P2cEwmaOptions) {
    super();
    this.clock = clock;
    this.random = random;
    this.memory = new InstanceMemory(clock, (instance, staying) => this.meet(instance, staying));
  }

  update(instances: readonly Instance[]): Picker {
    const scored = this.memory.update(instances);
    const total = scored.reduce((sum, { instance }) => sum + weightOf(instance), 0);
    for (const each of scored) each.relativeWeight = (weightOf(each.instance) * scored.length) / total;
    return new P2cEwmaPicker(scored, new WeightedPair(scored, this.random), this.clock, this.random, this.count);
  }

  private meet(instance: Instance, staying: readonly ScoredInstance[]): ScoredInstance {
    const known = staying.filter(({ latency }) => latency.isKnown);
    const mean = known.reduce((sum, { latency }) => sum + latency.value, 0) / known.length;
    const now = this.clock.monotonic();
    const initial = known.length === 0 ? {} : { now, initial: mean, initialSamples: NEWCOMER_SAMPLES };
    return new ScoredInstance(instance, this.clock, new Ewma(LATENCY_DECAY_MS, initial), this.count.picks);
  }
}

class ScoredInstance implements Pick {
  /** Its static weight as a multiple of the mean. */
  relativeWeight = 1;
  private inFlight = 0;
  private readonly success: Ewma;
  private pickedAt: number;

  constructor(
    public instance: Instance,
    private readonly clock: Clock,
    readonly latency: Ewma,
    private lastPick: number,
  ) {
    this.pickedAt = clock.monotonic();
    this.success = new Ewma(SUCCESS_DECAY_MS, {
      now: this.pickedAt,
      initial: 1,
      largestShare: LARGEST_SUCCESS_SHARE,
    });
  }

  get isWell(): boolean {
    return this.success.value >= WELL;
  }

  started(): void {
    this.inFlight++;
  }

  ended(code: number, durationMs: number, now = this.clock.monotonic()): void {
    if (this.inFlight > 0) this.inFlight--;
    const verdict = verdictOf(code);
    if (verdict === 'silent') return;
    this.success.observe(verdict === 'failed' ? 0 : 1, now);
    if (verdict === 'answered' && durationMs >= 0) this.latency.observe(durationMs, now);
  }

  picked(now: number, pick: number): void {
    this.pickedAt = now;
    this.lastPick = pick;
  }

  isDue(now: number, pick: number): boolean {
    return pick - this.lastPick > PROBE_AFTER_PICKS && now - this.pickedAt >= PROBE_AFTER_MS;
  }

  /** This instance's cost divided by the other's. While one latency is unknown both are taken as equal. */
  costAgainst(other: ScoredInstance): number {
    const burden = this.burden() / other.burden();
    if (!this.latency.isKnown || !other.latency.isKnown) return burden;
    return (burden * (this.latency.value + LATENCY_GRAIN_MS)) / (other.latency.value + LATENCY_GRAIN_MS);
  }

  private burden(): number {
    const load = 1 + this.inFlight / this.relativeWeight;
    const success = this.isWell ? this.success.value : WELL;
    const squared = success * success;
    return (load * load) / (squared * squared);
  }
}

class P2cEwmaPicker implements Picker {
  constructor(
    private readonly scored: readonly ScoredInstance[],
    private readonly pair: WeightedPair<ScoredInstance>,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly count: { picks: number },
  ) {}

  pick(request: PickRequest, now = this.clock.monotonic()): Pick | undefined {
    this.pair.draw(request);
    const { incumbent, challenger } = this.pair;
    if (incumbent === undefined) return undefined;
    const pick = ++this.count.picks;
    const chosen = challenger === undefined ? incumbent : this.choose(incumbent, challenger, request, now, pick);
    chosen.picked(now, pick);
    return chosen;
  }

  /** Passes nobody over, and does for the instance what a probe would do. */
  pickOf(instance: Instance, now = this.clock.monotonic()): Pick | undefined {
    const owner = stateOf(this.scored, instance);
    owner?.picked(now, this.count.picks);
    return owner;
  }

  private choose(
    incumbent: ScoredInstance,
    challenger: ScoredInstance,
    request: PickRequest,
    now: number,
    pick: number,
  ): ScoredInstance {
    const winner = this.winnerOf(incumbent, challenger);
    const loser = winner === incumbent ? challenger : incumbent;
    // A second attempt is no time for experiments.
    const isProbe = (request.tried === undefined || request.tried.length === 0) && loser.isDue(now, pick);
    if (isProbe) return loser;
    return winner.isWell ? winner : (this.wellOne(request) ?? winner);
  }

  private winnerOf(incumbent: ScoredInstance, challenger: ScoredInstance): ScoredInstance {
    const odds = incumbent.costAgainst(challenger) * this.pair.correction;
    return odds >= 1 || this.random.next() < odds ? challenger : incumbent;
  }

  /** Both candidates ail: look at all, so that a service that is mostly down is still served by what is left of it. */
  private wellOne(request: PickRequest): ScoredInstance | undefined {
    this.pair.drawAdmitted(request, isWell);
    const { incumbent, challenger } = this.pair;
    return incumbent === undefined || challenger === undefined ? incumbent : this.winnerOf(incumbent, challenger);
  }
}

function isWell(scored: ScoredInstance): boolean {
  return scored.isWell;
}
