// Generated from proto/ by `npm run generate`; do not edit.

import type { payments } from '../../../../messages/index.js';
import { nest } from '../../../field-violations.js';
import type { FieldViolation } from '../../../service-definition.js';
import { checkMoney } from '../../../rookery/payments/v1/payments_service.js';

export function checkPaymentCaptured(value: payments.PaymentCaptured): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.amount !== undefined) {
    const amountFound = checkMoney(value.amount);
    if (amountFound !== undefined) found = nest(found, 'amount', amountFound);
  }

  return found;
}
