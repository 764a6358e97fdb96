import type { ChannelCallOptions } from '@rookery/rpc';

import type { ProviderMethod } from '../routing/provider-method.js';

/** The way from the gateway to the providers. */
export abstract class ProviderCaller {
  /** Calls a method of a service with an encoded message and gives the answer as JSON text. Rejects with DomainError. */
  abstract call(
    service: string,
    method: ProviderMethod,
    message: Uint8Array,
    options: ChannelCallOptions,
  ): Promise<string>;

  /**
   * Calls a method that answers with a stream, and gives each message as JSON text when it is asked for it. Who stops asking
   * ends the call, and so does the signal. Throws DomainError.
   */
  abstract stream(
    service: string,
    method: ProviderMethod,
    message: Uint8Array,
    options: ChannelCallOptions,
  ): AsyncIterable<string>;

  /** Calls to this service are to be expected: connect already. */
  abstract expect(service: string): void;
}
