import type { Approval, Decline } from '../domain/payment.commands.js';
import type { AuthorisationRequest, CaptureRequest, VoidRequest } from '../domain/provider-request.js';

/**
 * The payment service provider. It does what a key asks for once, and answers each request with that key alike.
 *
 * Rejects with PROVIDER_TIMED_OUT when it does not answer in time, and with other errors when it cannot be asked: it may have done
 * what it was asked, and is to be asked again.
 */
export abstract class PaymentProviderPort {
  abstract authorise(request: AuthorisationRequest): Promise<Approval | Decline>;
  abstract capture(request: CaptureRequest): Promise<Approval | Decline>;
  /** Of an authorisation that it does not know it remembers that it was voided. */
  abstract void(request: VoidRequest): Promise<void>;
}
