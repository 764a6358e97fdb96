import type { Money, PaymentState } from './payment.events.js';

/**
 * What the provider is to be asked. It does what one key asks once, however often it is asked, so the answer to a request
 * that may have arrived is found out by asking again.
 */
export type ProviderRequest = AuthorisationRequest | CaptureRequest | VoidRequest;

export interface AuthorisationRequest {
  readonly kind: 'authorise';
  readonly key: string;
  readonly amount: Money;
  readonly card: string;
}

export interface CaptureRequest {
  readonly kind: 'capture';
  readonly key: string;
  readonly authorisationKey: string;
}

export interface VoidRequest {
  readonly kind: 'void';
  readonly key: string;
  readonly authorisationKey: string;
}

/** What has been asked for and is not known to be done; undefined when nothing is. */
export function openRequestOf({ status, orderId, amount, card }: PaymentState): ProviderRequest | undefined {
  const authorisationKey = `authorise-${orderId}`;
  switch (status) {
    case 'authorising':
      if (amount === undefined || card === undefined) return undefined;
      return { kind: 'authorise', key: authorisationKey, amount, card };
    case 'capturing':
      return { kind: 'capture', key: `capture-${orderId}`, authorisationKey };
    case 'voiding':
      return { kind: 'void', key: `void-${orderId}`, authorisationKey };
    default:
      return undefined;
  }
}
