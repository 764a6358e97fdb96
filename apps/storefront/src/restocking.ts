import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { type Cancellable, Clock, Random, Scheduler } from '@rookery/runtime';
import { Drain } from '@rookery/service-kit';
import { GatewayHttpClient } from './gateway-http.client.js';
import { ALL_GOODS, type Goods } from './goods.js';
import { Sale } from './sale.js';
import { newUuid } from './uuid.js';

const LOOK_EVERY_MS = 5000;
const FIRST_LOOK_MS = 1000;

/** Looks after the shelves: what runs low is received, through the gateway, as a shopkeeper would. */
@Injectable()
export class Restocking implements OnApplicationBootstrap {
  private readonly logger = new Logger(Restocking.name);
  /** The keys of deliveries whose receipt was not answered: told again under the same one, they are counted once. */
  private readonly unanswered = new Map<string, string>();
  private units = 0;
  private isStocked = false;
  private isClosed = false;
  private timer: Cancellable | undefined;

  constructor(
    private readonly gateway: GatewayHttpClient,
    private readonly sale: Sale,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly scheduler: Scheduler,
    drain: Drain,
  ) {
    drain.add({ name: 'restocking', stop: () => this.close() });
  }

  /** All shelves were filled once. */
  get hasOpened(): boolean {
    return this.isStocked;
  }

  get unitsReceived(): number {
    return this.units;
  }

  onApplicationBootstrap(): void {
    this.lookAfter(FIRST_LOOK_MS);
  }

  private close(): void {
    this.isClosed = true;
    this.timer?.cancel();
  }

  private lookAfter(delayMs: number): void {
    if (this.isClosed) return;
    this.timer = this.scheduler.timer(delayMs, () => {
      void this.look().then(() => this.lookAfter(this.isStocked ? LOOK_EVERY_MS : FIRST_LOOK_MS));
    });
  }

  private async look(): Promise<void> {
    if (!this.sale.has('inventory')) return;
    try {
      for (const goods of ALL_GOODS) await this.fill(goods);
      this.isStocked = true;
    } catch (error) {
      const text = `the shelves were not looked after: ${(error as Error).message}`;
      // The gateway may be slower to learn of inventory than we are.
      if (this.isStocked) this.logger.warn(text);
      else this.logger.debug(text);
    }
  }

  private async fill({ delivery, lowAt, sku }: Goods): Promise<void> {
    const open = this.unanswered.get(sku);
    if (open === undefined && (await this.availableOf(sku)) >= lowAt) return;
    const idempotencyKey = open ?? newUuid(this.clock.now(), this.random);
    this.unanswered.set(sku, idempotencyKey);
    const [path, template] = [`/v1/stock/${sku}:receive`, '/v1/stock/{sku}:receive'];
    await this.gateway.send({ method: 'POST', path, template, body: { quantity: delivery }, idempotencyKey });
    this.unanswered.delete(sku);
    this.units += delivery;
  }

  private async availableOf(sku: string): Promise<number> {
    const answer = await this.gateway.send({ method: 'GET', path: `/v1/stock/${sku}`, template: '/v1/stock/{sku}' });
    // A count is text in JSON, as all numbers of 64 bits are.
    return Number((answer as { readonly stock?: { readonly available?: string } }).stock?.available ?? 0);
  }
}
