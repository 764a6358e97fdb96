import { Injectable } from '@nestjs/common';
import { Random, Scheduler } from '@rookery/runtime';
import { PaymentsConfig } from '../../../app.config.js';
import type { ProviderRequest } from '../../domain/provider-request.js';
import { handle, type Handling, keyOf, type ProviderAnswer } from './booking.js';
import { BookingStore } from './booking.store.js';

/** A stand-in for a payment service provider that is slow, silent or says things twice, as the card wants it; but keeps books. */
@Injectable()
export class SimulatedProvider {
  constructor(
    private readonly bookings: BookingStore,
    private readonly random: Random,
    private readonly scheduler: Scheduler,
    private readonly config: PaymentsConfig,
  ) {}

  /**
   * Settles when the request has arrived and is done; its answers arrive later, if at all. Rejects when the provider cannot be
   * reached: it may have done it all the same.
   */
  async send(request: ProviderRequest, deliver: (answer: ProviderAnswer) => void): Promise<void> {
    const { answers, isSlow } = await this.carryOut(request);
    const delayMs = isSlow ? this.config.PROVIDER_TIMEOUT_MS / 2 : this.latencyMs();
    this.scheduler.timer(delayMs, () => answers.forEach(deliver));
  }

  private async carryOut(request: ProviderRequest): Promise<Handling> {
    for (;;) {
      const found = await this.bookings.find(keyOf(request));
      const handling = handle(found?.booking, request, this.newReference());
      if (await this.bookings.save(handling.booking, found)) return handling;
    }
  }

  private latencyMs(): number {
    return this.config.PROVIDER_LATENCY_MS * (0.5 + this.random.next());
  }

  private newReference(): string {
    return `sim-${this.random.int(2 ** 48).toString(36)}`;
  }
}
