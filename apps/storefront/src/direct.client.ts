import { Injectable } from '@nestjs/common';
import type { pricing } from '@rookery/contracts/messages';
import { PricingServiceClient } from '@rookery/contracts/nest';
import { TokenClient } from '@rookery/service-kit';
import { StorefrontConfig } from './app.config.js';

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
