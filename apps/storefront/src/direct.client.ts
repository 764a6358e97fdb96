import { Injectable } from '@nestjs/common';
import type { pricing } from '@rookery/contracts/messages';
import { PricingServiceClient } from '@rookery/contracts/nest';
import { StorefrontConfig } from './app.config.js';
import { TokenClient } from './token.client.js';

/** The way to a quote that services of the house take: an instance found by discovery, called over the link. */
@Injectable()
export class DirectClient {
  constructor(
    private readonly pricing: PricingServiceClient,
    private readonly tokens: TokenClient,
    private readonly config: StorefrontConfig,
  ) {}

  async quote(basket: pricing.QuotePriceRequest): Promise<void> {
    const token = await this.tokens.token();
    await this.pricing.quotePrice(basket, { token, timeoutMs: this.config.CALL_TIMEOUT_MS });
  }
}
