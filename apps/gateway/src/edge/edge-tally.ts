import type { Metrics } from '@rookery/telemetry';

import { StreamTally } from '../streams/stream-tally.js';

interface Cell {
  readonly route: string;
  readonly status: string;
  count: number;
  seconds: number;
}

const MOST_SERIES = 5000;
const NO_ROUTE = 'none';

/** Counts requests by route and status. A route is named by its template, so that no caller can make a new series. */
export class EdgeTally {
  private readonly cells = new Map<string, Map<number, Cell>>();
  private seriesCount = 0;
  readonly streams = new StreamTally();
  /** Requests being worked on. */
  inFlight = 0;
  /** Requests accepted so far. */
  accepted = 0;

  begin(): void {
    this.inFlight++;
    this.accepted++;
  }

  end(route: string | undefined, status: number, durationMs: number): void {
    this.inFlight--;
    const cell = this.cellOf(route ?? NO_ROUTE, status);
    cell.count++;
    cell.seconds += durationMs / 1000;
  }

  register(metrics: Metrics): void {
    this.streams.register(metrics);
    const labels = ['route', 'status'];
    metrics.registerCounter({
      name: 'rookery_gateway_requests_total',
      help: 'Answered HTTP requests by route and status.',
      labels,
      read: () => this.read((cell) => cell.count),
      maxReadings: MOST_SERIES,
    });
    metrics.registerCounter({
      name: 'rookery_gateway_request_seconds_total',
      help: 'Time from the head of a request to its answer, summed.',
      labels,
      read: () => this.read((cell) => cell.seconds),
      maxReadings: MOST_SERIES,
    });
    metrics.registerGauge({
      name: 'rookery_gateway_requests_in_flight',
      help: 'HTTP requests being worked on.',
      read: () => this.inFlight,
    });
  }

  private *read(valueOf: (cell: Cell) => number): Iterable<{ labels: Record<string, string>; value: number }> {
    for (const byStatus of this.cells.values()) {
      for (const cell of byStatus.values()) {
        yield { labels: { route: cell.route, status: cell.status }, value: valueOf(cell) };
      }
    }
  }

  private cellOf(route: string, status: number): Cell {
    const known = this.cells.get(route)?.get(status);
    if (known !== undefined) return known;
    // Routes come and go with contracts; a process that has seen thousands counts the rest together.
    if (this.seriesCount >= MOST_SERIES && route !== NO_ROUTE) return this.cellOf(NO_ROUTE, status);
    const byStatus = this.cells.get(route) ?? new Map<number, Cell>();
    this.cells.set(route, byStatus);
    const cell = { route, status: String(status), count: 0, seconds: 0 };
    byStatus.set(status, cell);
    this.seriesCount++;
    return cell;
  }
}
