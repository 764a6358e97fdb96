/** What can have happened to the payment of one order. */
export type PaymentEvent =
  | AuthorisationRequested
  | PaymentAuthorised
  | PaymentDeclined
  | CaptureRequested
  | PaymentCaptured
  | CaptureDeclined
  | VoidRequested
  | PaymentVoided
  | PaymentForestalled;

/** Recorded before the provider is asked: whoever finds it without an answer asks again, under the same key. */
interface AuthorisationRequested {
  readonly type: 'AuthorisationRequested';
  readonly orderId: string;
  readonly amount: Money;
  readonly card: string;
}

interface PaymentAuthorised {
  readonly type: 'PaymentAuthorised';
  /** The provider's name for what it has set aside. */
  readonly reference: string;
}

interface PaymentDeclined {
  readonly type: 'PaymentDeclined';
  readonly reason: string;
}

interface CaptureRequested {
  readonly type: 'CaptureRequested';
}

interface PaymentCaptured {
  readonly type: 'PaymentCaptured';
  readonly amount: Money;
}

/** For good: the provider will not hand over what it had set aside. */
interface CaptureDeclined {
  readonly type: 'CaptureDeclined';
  readonly reason: string;
}

interface VoidRequested {
  readonly type: 'VoidRequested';
}

interface PaymentVoided {
  readonly type: 'PaymentVoided';
}

/** Voided before it was asked for: the tombstone that refuses the authorisation when it arrives. */
interface PaymentForestalled {
  readonly type: 'PaymentForestalled';
  readonly orderId: string;
}

/** In minor units. */
export interface Money {
  readonly currency: string;
  readonly minorUnits: number;
}

export type PaymentStatus =
  | 'none'
  | 'authorising'
  | 'authorised'
  | 'declined'
  | 'capturing'
  | 'captured'
  | 'capture-declined'
  | 'voiding'
  | 'voided';

export interface PaymentState {
  readonly status: PaymentStatus;
  /** Empty as long as there is no payment. */
  readonly orderId: string;
  readonly amount?: Money;
  readonly card?: string;
  readonly reference?: string;
  readonly declineReason?: string;
}
