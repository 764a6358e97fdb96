import type { GrainContext } from '@rookery/actors';
import { callerOf } from '@rookery/actors-nest';
import { DomainError } from '@rookery/runtime';

/** Who orders: the subject of the caller's token. */
export function customerOf(context: GrainContext): string {
  return requireCustomer(callerOf(context));
}

/** By contract no method of customers is called without a token; who calls past the contract is nobody's customer. */
export function requireCustomer(caller: { readonly subject: string } | undefined): string {
  if (caller !== undefined) return caller.subject;
  throw new DomainError('CUSTOMER_UNKNOWN', 'an order is placed, seen and cancelled with the token of its customer', {
    kind: 'unauthenticated',
  });
}
