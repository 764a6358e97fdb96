import type { HttpProbe } from './http-probe.js';
import type { LocalCluster } from './local-cluster.js';
import { type ClusterStatus, statusLine } from './status.js';
import type { Terminal } from './terminal.js';

const LIVE_EVERY_MS = 1000;
const LINE_EVERY_MS = 10_000;

/** Keeps the status line true: each second on a terminal, a line each ten seconds elsewhere. */
export class StatusReport {
  readonly startedAt = Date.now();
  private timer: NodeJS.Timeout | undefined;
  private previous: ClusterStatus | undefined;
  private previousAt = 0;
  private isLooking = false;

  constructor(
    private readonly cluster: LocalCluster,
    private readonly terminal: Terminal,
    private readonly probe: HttpProbe,
    private readonly monitor: string,
  ) {}

  start(): void {
    const everyMs = this.terminal.isLive ? LIVE_EVERY_MS : LINE_EVERY_MS;
    this.timer = setInterval(() => void this.look(), everyMs);
    void this.look();
  }

  stop(): void {
    clearInterval(this.timer);
    this.terminal.clearStatus();
  }

  private async look(): Promise<void> {
    if (this.isLooking || this.cluster.isStopping) return;
    this.isLooking = true;
    const now = await this.status();
    const at = performance.now();
    this.isLooking = false;
    if (this.cluster.isStopping) return;
    this.terminal.showStatus(statusLine(now, this.previous, at - this.previousAt));
    this.previous = now;
    this.previousAt = at;
  }

  private async status(): Promise<ClusterStatus> {
    const storefront = this.cluster.httpOf('storefront');
    const [shoppers, alarms] = await Promise.all([
      storefront === undefined ? undefined : this.probe.shoppers(storefront),
      this.probe.alarms(this.monitor),
    ]);
    const { up, expected } = this.cluster;
    return { up, expected, calls: shoppers?.calls, errors: shoppers?.errors, orders: shoppers?.orders, alarms };
  }
}
