import type { Aggregate } from '@rookery/eventsourcing';
import type { PaymentCommand } from './payment.commands.js';
import {
  authorise,
  capture,
  giveUp,
  recordAuthorisation,
  recordCapture,
  recordVoid,
  voidPayment,
} from './payment.decisions.js';
import type { PaymentEvent, PaymentState } from './payment.events.js';

/** The rules of the payment of one order. An answer is the payment as it is behind the command. */
export const paymentAggregate: Aggregate<PaymentState, PaymentCommand, PaymentEvent, PaymentState> = {
  name: 'payment',
  initialState: () => ({ status: 'none', orderId: '' }),
  decide(state, command) {
    switch (command.type) {
      case 'Authorise':
        return authorise(state, command);
      case 'Capture':
        return capture(state);
      case 'Void':
        return voidPayment(state, command);
      case 'GiveUp':
        return giveUp(state);
      case 'RecordAuthorisation':
        return recordAuthorisation(state, command);
      case 'RecordCapture':
        return recordCapture(state, command);
      case 'RecordVoid':
        return recordVoid(state);
    }
  },
  evolve,
  answer: (state) => state,
};

function evolve(state: PaymentState, event: PaymentEvent): PaymentState {
  switch (event.type) {
    case 'AuthorisationRequested':
      return { status: 'authorising', orderId: event.orderId, amount: event.amount, card: event.card };
    case 'PaymentAuthorised':
      return { ...state, status: 'authorised', reference: event.reference };
    case 'PaymentDeclined':
      return { ...state, status: 'declined', declineReason: event.reason };
    case 'CaptureRequested':
      return { ...state, status: 'capturing' };
    case 'PaymentCaptured':
      return { ...state, status: 'captured' };
    case 'CaptureDeclined':
      return { ...state, status: 'capture-declined', declineReason: event.reason };
    case 'VoidRequested':
      return { ...state, status: 'voiding' };
    case 'PaymentVoided':
      return { ...state, status: 'voided' };
    case 'PaymentForestalled':
      return { status: 'voided', orderId: event.orderId };
  }
}
