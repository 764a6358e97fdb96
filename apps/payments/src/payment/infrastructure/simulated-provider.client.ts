import { Injectable } from '@nestjs/common';
import { type Cancellable, DomainError, Scheduler } from '@rookery/runtime';
import { PaymentsConfig } from '../../app.config.js';
import { PaymentProviderPort } from '../application/payment-provider.port.js';
import type { Approval, Decline } from '../domain/payment.commands.js';
import type { AuthorisationRequest, CaptureRequest, ProviderRequest, VoidRequest } from '../domain/provider-request.js';
import type { ProviderAnswer } from './provider-simulation/booking.js';
import { SimulatedProvider } from './provider-simulation/simulated-provider.js';

/**
 * Speaks with the provider, and makes its answers into what payments knows. An answer that nobody waits for,
 * because it comes late or a second time, is dropped: whoever wants it asks again.
 */
@Injectable()
export class SimulatedProviderClient extends PaymentProviderPort {
  constructor(
    private readonly provider: SimulatedProvider,
    private readonly scheduler: Scheduler,
    private readonly config: PaymentsConfig,
  ) {
    super();
  }

  async authorise(request: AuthorisationRequest): Promise<Approval | Decline> {
    return verdictOf(await this.ask(request));
  }

  async capture(request: CaptureRequest): Promise<Approval | Decline> {
    return verdictOf(await this.ask(request));
  }

  async void(request: VoidRequest): Promise<void> {
    const { outcome } = await this.ask(request);
    if (outcome !== 'given-up') throw new Error(`the provider answered ${outcome} to ${request.key}`);
  }

  private ask(request: ProviderRequest): Promise<ProviderAnswer> {
    const { key } = request;
    let limit: Cancellable | undefined;
    const answer = new Promise<ProviderAnswer>((resolve, reject) => {
      limit = this.scheduler.timer(this.config.PROVIDER_TIMEOUT_MS, () => reject(timedOut(key)));
      // The first word counts, so that what is said too late or twice is lost here.
      this.provider.send(request, resolve).catch(reject);
    });
    return answer.finally(() => limit?.cancel());
  }
}

function verdictOf(answer: ProviderAnswer): Approval | Decline {
  switch (answer.outcome) {
    case 'done':
      return { isApproved: true, reference: answer.reference };
    case 'declined':
      return { isApproved: false, reason: answer.reason };
    case 'given-up':
      return { isApproved: false, reason: 'given_up' };
  }
}

/** No repeat by the platform: it would keep the caller for as long again, who knows better whether to wait. */
function timedOut(key: string): DomainError {
  const message = 'the payment service provider does not answer; what it did is not known until it is asked again';
  const facts = { request: key };
  return new DomainError('PROVIDER_TIMED_OUT', message, { kind: 'unavailable', metadata: facts, retryAfterMs: -1 });
}
