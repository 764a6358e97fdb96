import type { Money } from './payment.events.js';

/** What can be asked of the payment of one order, and what the provider is found to have done. All may be repeated. */
export type PaymentCommand = Authorise | Capture | Void | GiveUp | RecordAuthorisation | RecordCapture | RecordVoid;

export interface Authorise {
  readonly type: 'Authorise';
  readonly orderId: string;
  readonly amount: Money;
  readonly card: string;
}

export interface Capture {
  readonly type: 'Capture';
}

export interface Void {
  readonly type: 'Void';
  readonly orderId: string;
}

/** From the timer of an authorisation that the provider has not answered for long; meanwhile it may have. */
export interface GiveUp {
  readonly type: 'GiveUp';
}

export interface RecordAuthorisation {
  readonly type: 'RecordAuthorisation';
  readonly answer: Approval | Decline;
}

export interface RecordCapture {
  readonly type: 'RecordCapture';
  readonly answer: Approval | Decline;
}

export interface RecordVoid {
  readonly type: 'RecordVoid';
}

export interface Approval {
  readonly isApproved: true;
  /** The provider's name for what it has set aside. */
  readonly reference: string;
}

export interface Decline {
  readonly isApproved: false;
  readonly reason: string;
}
