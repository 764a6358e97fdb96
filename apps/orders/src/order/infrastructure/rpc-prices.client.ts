import { Injectable } from '@nestjs/common';
import { PricingServiceClient } from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';
import { TokenClient } from '@rookery/service-kit';
import type { OrderCall } from '../application/order-call.js';
import { PricesPort } from '../application/prices.port.js';
import type { Money, OrderLine } from '../domain/order.events.js';
import { NeighbourCall } from './neighbour-call.js';

@Injectable()
export class RpcPricesClient extends PricesPort {
  constructor(
    private readonly pricing: PricingServiceClient,
    private readonly tokens: TokenClient,
    private readonly neighbour: NeighbourCall,
  ) {
    super();
  }

  async quote(lines: readonly OrderLine[], currency: string, call: OrderCall): Promise<Money> {
    const token = await this.tokens.token();
    const options = { ...this.neighbour.options(call), token };
    const { total } = await this.pricing.quotePrice({ currency, lines: [...lines] }, options);
    if (total === undefined) throw new DomainError('QUOTE_INCOMPLETE', 'a quote without a total', { kind: 'internal' });
    return total;
  }
}
