import { Injectable } from '@nestjs/common';
import { Metrics, type Reading } from '@rookery/telemetry';
import { LiveActors } from '../life/live-actors.js';
import type { KindCounts } from './grain-tally.js';

/** Puts the grains of this process on /metrics. */
@Injectable()
export class GrainMetrics {
  constructor(
    private readonly metrics: Metrics,
    private readonly live: LiveActors,
  ) {
    this.countActivations();
    this.countHandOvers();
  }

  private countActivations(): void {
    const { grainTally: tally } = this.live;
    this.metrics.registerGauge({
      name: 'rookery_grains_active',
      help: 'Grains that are active in this process.',
      labels: ['kind'],
      read: () => byKind(this.live.current?.cluster.activationCounts ?? new Map<string, number>()),
    });
    this.metrics.registerCounter({
      name: 'rookery_grains_activations_total',
      help: 'Grains that were activated.',
      labels: ['kind'],
      read: () => byKind(tally.activations),
    });
    this.metrics.registerCounter({
      name: 'rookery_grains_passivations_total',
      help: 'Activations that ended: idle, moved to another instance, failed to start, stepped-down for another, or crashed.',
      labels: ['kind', 'reason'],
      read: () => byReason(tally.passivations),
    });
    this.metrics.registerCounter({
      name: 'rookery_grains_refusals_total',
      help: 'Calls that were not begun: another instance owns the grain, or too many wait for it or for too long.',
      labels: ['kind', 'reason'],
      read: () => byReason(tally.refusals),
    });
  }

  private countHandOvers(): void {
    const { grainTally: tally } = this.live;
    this.metrics.registerCounter({
      name: 'rookery_grains_hand_overs_total',
      help: 'Changes of the cluster after which all others have said what they still run (confirmed), or some have not in time (given-up).',
      labels: ['outcome'],
      read: () => Object.entries(tally.rounds).map(([outcome, value]) => ({ labels: { outcome }, value })),
    });
    this.metrics.registerCounter({
      name: 'rookery_grains_hand_over_seconds_total',
      help: 'How long that took, summed.',
      read: () => tally.handOverSeconds,
    });
  }
}

function byKind(counts: ReadonlyMap<string, number>): readonly Reading[] {
  return Array.from(counts, ([kind, value]) => ({ labels: { kind }, value }));
}

function byReason(counts: KindCounts<string>): readonly Reading[] {
  return Array.from(counts, ([kind, reason, value]) => ({ labels: { kind, reason }, value }));
}
