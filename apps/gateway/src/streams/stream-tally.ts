import type { Metrics } from '@rookery/telemetry';

import type { StreamOutcome } from './stream-progress.js';

/** Counts streams and what went through them. */
export class StreamTally {
  /** Streams that have begun and not ended, those that wait for their first message included. */
  open = 0;
  messages = 0;
  private readonly ended = new Map<StreamOutcome, number>();

  end(outcome: StreamOutcome): void {
    this.open--;
    this.ended.set(outcome, (this.ended.get(outcome) ?? 0) + 1);
  }

  register(metrics: Metrics): void {
    metrics.registerGauge({
      name: 'rookery_gateway_streams_open',
      help: 'Streams that are open to clients.',
      read: () => this.open,
    });
    metrics.registerCounter({
      name: 'rookery_gateway_streams_total',
      help: 'Streams that have ended, by how.',
      labels: ['outcome'],
      read: () => [...this.ended].map(([outcome, value]) => ({ labels: { outcome }, value })),
    });
    metrics.registerCounter({
      name: 'rookery_gateway_stream_messages_total',
      help: 'Messages written to streams.',
      read: () => this.messages,
    });
  }
}
