import type { Random } from '@rookery/runtime';
import type { PickRequest } from './balancer.js';
import { type Remembered, wasTried, weightOf } from './instance-memory.js';

/**
 * Draws two different candidates, each by its static weight. Whoever keeps the incumbent when nothing speaks against it
 * gives each candidate exactly its share; a challenger that wins with probability min(1, merit × `correction`) keeps it so.
 *
 * A draw leaves its result in the fields, so that it allocates nothing; it is read before the next draw.
 */
export class WeightedPair<Candidate extends Remembered> {
  incumbent: Candidate | undefined;
  challenger: Candidate | undefined;
  /**
   * The odds that keep drawing fair (Metropolis and Hastings): a heavy candidate is proposed as challenger more often
   * than it is challenged. 1 among equal weights.
   */
  correction = 1;

  private readonly weights: Float64Array;
  private readonly cumulative: Float64Array;

  constructor(
    private readonly candidates: readonly Candidate[],
    private readonly random: Random,
  ) {
    this.weights = Float64Array.from(candidates, (candidate) => weightOf(candidate.instance));
    let sum = 0;
    this.cumulative = this.weights.map((weight) => (sum += weight));
  }

  /** Draws among the eligible candidates, without those tried unless nothing else is left. */
  draw(request: PickRequest): void {
    if (request.eligible === undefined && (request.tried === undefined || request.tried.length === 0)) {
      this.drawFromAll();
      return;
    }
    this.scan(request, true);
    if (this.incumbent === undefined && request.tried !== undefined) this.scan(request, false);
  }

  /** Draws among the eligible, untried candidates that `admit` takes. Costs a pass over all of them. */
  drawAdmitted(request: PickRequest, admit: (candidate: Candidate) => boolean): void {
    this.scan(request, true, admit);
  }

  private drawFromAll(): void {
    const count = this.candidates.length;
    const total = this.cumulative[count - 1] ?? 0;
    const first = this.indexAt(this.random.next() * total);
    this.incumbent = this.candidates[first];
    this.challenger = undefined;
    if (count < 2) return;
    const weight = this.weights[first] ?? 0;
    const point = this.random.next() * (total - weight);
    // The incumbent's own stretch of the line is jumped over, so one draw is enough.
    const second = this.indexAt(point < (this.cumulative[first] ?? 0) - weight ? point : point + weight);
    this.challenger = this.candidates[second];
    this.correction = (total - weight) / (total - (this.weights[second] ?? 0));
  }

  private indexAt(point: number): number {
    let low = 0;
    let high = this.cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.cumulative[middle] ?? 0) > point) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Exponential races: the two earliest arrivals at rates equal to the weights are a draw by weight without return. */
  private scan(request: PickRequest, avoidsTried: boolean, admit?: (candidate: Candidate) => boolean): void {
    let earliest = Infinity;
    let next = Infinity;
    let total = 0;
    let firstWeight = 0;
    let secondWeight = 0;
    this.incumbent = undefined;
    this.challenger = undefined;
    for (let index = 0; index < this.candidates.length; index++) {
      const candidate = this.candidates[index];
      const weight = this.weights[index];
      if (candidate === undefined || weight === undefined) continue;
      if (!isWanted(candidate, request, avoidsTried) || admit?.(candidate) === false) continue;
      const arrival = -Math.log(1 - this.random.next()) / weight;
      total += weight;
      if (arrival < earliest) {
        next = earliest;
        this.challenger = this.incumbent;
        secondWeight = firstWeight;
        earliest = arrival;
        this.incumbent = candidate;
        firstWeight = weight;
      } else if (arrival < next) {
        next = arrival;
        this.challenger = candidate;
        secondWeight = weight;
      }
    }
    this.correction = (total - firstWeight) / (total - secondWeight);
  }
}

function isWanted(candidate: Remembered, { eligible, tried }: PickRequest, avoidsTried: boolean): boolean {
  if (eligible !== undefined && !eligible(candidate.instance)) return false;
  return !avoidsTried || !wasTried(candidate.instance, tried);
}
