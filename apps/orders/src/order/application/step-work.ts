import { Injectable } from '@nestjs/common';
import type { Step } from '../domain/fulfilment-steps.js';
import type { Money } from '../domain/order.events.js';
import type { OrderCall } from './order-call.js';
import { OrderPort } from './order.port.js';
import { PaymentsPort } from './payments.port.js';
import { PricesPort } from './prices.port.js';
import { StockPort } from './stock.port.js';

type StepOf<Kind extends Step['kind']> = Step & { readonly kind: Kind };

type Ways = {
  readonly [Kind in Step['kind']]: (step: StepOf<Kind>, call: OrderCall) => Promise<Money | void>;
};

/** What each step of fulfilment means, and to whom. */
@Injectable()
export class StepWork {
  private readonly ways: Ways;

  constructor(prices: PricesPort, stock: StockPort, payments: PaymentsPort, order: OrderPort) {
    this.ways = {
      quote: ({ currency, lines }, call) => prices.quote(lines, currency, call),
      reserve: ({ line }, call) => stock.reserve(line, call),
      authorise: ({ amount, card }, call) => payments.authorise(amount, card, call),
      seal: ({ total }, call) => order.seal(total, call),
      commit: ({ sku }, call) => stock.commit(sku, call),
      capture: (_step, call) => payments.capture(call),
      confirm: (_step, call) => order.confirm(call),
      release: ({ sku }, call) => stock.release(sku, call),
      return: ({ sku }, call) => stock.returnStock(sku, call),
      void: (_step, call) => payments.void(call),
      abandon: ({ reason }, call) => order.abandon(reason, call),
    };
  }

  /** Gives the total of a quote, and nothing else. Rejects as the ports say. */
  async carryOut(step: Step, call: OrderCall): Promise<Money | undefined> {
    // The way is the one of this kind of step, which the compiler cannot see.
    const way = this.ways[step.kind] as (step: Step, call: OrderCall) => Promise<Money | void>;
    return (await way(step, call)) ?? undefined;
  }
}
