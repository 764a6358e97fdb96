// Generated from proto/ by `npm run generate`; do not edit.

import type { orders } from '../../../../messages/index.js';
import { nest } from '../../../field-violations.js';
import type { FieldViolation } from '../../../service-definition.js';
import { checkOrderLine } from '../../../rookery/orders/v1/orders_service.js';
import { checkMoney } from '../../../rookery/orders/v1/orders_service.js';

export function checkOrderPlaced(value: orders.OrderPlaced): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  for (let index = 0; index < value.lines.length; index++) {
    const entry = value.lines[index]!;
    const inner = checkOrderLine(entry);
    if (inner !== undefined) found = nest(found, `lines[${index}]`, inner);
  }
  return found;
}

export function checkOrderConfirmed(value: orders.OrderConfirmed): FieldViolation[] | undefined {
  let found: FieldViolation[] | undefined;
  if (value.total !== undefined) {
    const totalFound = checkMoney(value.total);
    if (totalFound !== undefined) found = nest(found, 'total', totalFound);
  }

  return found;
}
