import type { CallContext, MethodDefinition } from '@rookery/contracts/nest';

/**
 * What serves one method. Unary and client-streaming handlers give a value, a promise, or an Observable whose last value
 * counts; the others give an AsyncIterable or an Observable. Methods with a request stream get an AsyncIterable.
 */
export type Handler = (request: unknown, context: CallContext) => unknown;

/** A method as a server offers it. */
export interface ServerMethod {
  readonly definition: MethodDefinition<unknown, unknown>;
  readonly handler: Handler;
  /** Served whatever the load and until the end, and not waited for: health and reflection. */
  readonly isUncounted?: boolean;
}
