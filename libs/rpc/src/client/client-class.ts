import type { ServiceDefinition } from '@rookery/contracts/nest';

/** A typed client's class: both the type and Nest's token. */
export interface ClientClass<T> {
  readonly definition: ServiceDefinition;
  readonly prototype: T;
}
