import { randomUUID } from 'node:crypto';
import { InventoryServiceClient } from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';
import { until } from '@rookery/testkit';
import { lasted, PATIENCE_MS } from './patience.js';
import type { SaleCluster } from './sale-cluster.js';

/** What each call may take where nobody says. */
const DEADLINE_MS = 10_000;
const BUYERS = 24;

export interface SaleCall {
  readonly what: 'reserve' | 'commit' | 'look';
  readonly orderId: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** The kind of the failure, or OK. */
  readonly kind: string;
  readonly code: string;
  /** What a look has shown as sold. */
  readonly sold: number | undefined;
}

/** Buyers of one SKU: each order is reserved and sold, and each call is made again until it is answered. Others look. */
export class SaleLoad {
  readonly calls: SaleCall[] = [];
  private readonly client: InventoryServiceClient;
  private readonly buyers: Promise<void>[];
  private isOver = false;
  private isAbandoned = false;
  private problem: Error | undefined;

  constructor(
    private readonly cluster: SaleCluster,
    readonly sku: string,
    /** What each call may take. */
    readonly timeoutMs = DEADLINE_MS,
  ) {
    this.client = cluster.rpc.client(InventoryServiceClient);
    const all = [...Array.from({ length: BUYERS }, () => this.buy()), this.look(), this.look()];
    this.buyers = all.map((one) => one.catch((error: Error) => void (this.problem ??= error)));
  }

  /** Resolves when so many more reservations and sales have been answered well: those are in the database, which looks need not ask. */
  async untilWritten(count: number): Promise<void> {
    const written = (): number => this.calls.filter(({ kind, what }) => kind === 'OK' && what !== 'look').length;
    const enough = written() + count;
    await this.until(
      `${enough} reservations and sales are made, of which ${written()} were`,
      () => written() >= enough,
    );
  }

  /** Resolves when a call that began after this one ends so. */
  async untilTold(kind: string): Promise<void> {
    const now = performance.now();
    const isTold = (): boolean => this.calls.some((call) => call.kind === kind && call.startedAt > now);
    await this.until(`a call ends as ${kind}`, isTold);
  }

  /** Each buyer ends when his order is sold. */
  async end(): Promise<readonly SaleCall[]> {
    this.isOver = true;
    await Promise.all(this.buyers);
    if (this.problem !== undefined) throw this.problem;
    return this.calls;
  }

  /** The buyers go away, whatever becomes of their orders. */
  async abandon(): Promise<void> {
    this.isAbandoned = true;
    this.isOver = true;
    await Promise.all(this.buyers);
  }

  private async until(what: string, isSo: () => boolean): Promise<void> {
    const last = (): string => JSON.stringify(this.calls.slice(-3));
    const look = (): boolean => {
      if (this.problem !== undefined) throw this.problem;
      return isSo();
    };
    await until(() => `${what}; the last calls: ${last()}`, look, PATIENCE_MS);
  }

  private async buy(): Promise<void> {
    const { sku, timeoutMs } = this;
    const options = { timeoutMs };
    while (!this.isOver) {
      const orderId = randomUUID();
      await this.insist('reserve', orderId, () => this.client.reserve({ sku, orderId, quantity: 1 }, options));
      await this.insist('commit', orderId, () => this.client.commit({ sku, orderId }, options));
    }
  }

  private async look(): Promise<void> {
    const { sku, timeoutMs } = this;
    const options = { timeoutMs, token: this.cluster.token };
    while (!this.isOver) {
      await this.record('look', '', async () => (await this.client.getStock({ sku }, options)).stock?.sold);
    }
  }

  private async insist(what: SaleCall['what'], orderId: string, call: () => Promise<unknown>): Promise<void> {
    for (let isDone = false; !isDone && !this.isAbandoned;) {
      isDone = await this.record(what, orderId, async () => {
        await call();
        return undefined;
      });
    }
  }

  /** Whether it was answered. */
  private async record(what: SaleCall['what'], orderId: string, call: () => Promise<number | undefined>) {
    const startedAt = performance.now();
    const end = (kind: string, code: string, sold?: number): void => {
      this.calls.push({ what, orderId, startedAt, endedAt: performance.now(), kind, code, sold });
    };
    try {
      end('OK', 'OK', await call());
      return true;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      end(error.kind, error.code);
      // Calls that fail at once, again and again, would leave the machine no time to recover.
      await lasted(20);
      return false;
    }
  }
}
