import type { CallOptions, MethodDefinition } from '@rookery/contracts/nest';

import type { ClientClass } from './client-class.js';
import type { ServiceChannel } from './service-channel.js';

type ClientMethod = (request: unknown, options?: CallOptions) => unknown;

/** Gives the abstract client class of a contract its methods, each a call on the channel. */
export function bindClient<T>(type: ClientClass<T>, channel: ServiceChannel): T {
  const client = Object.create(type.prototype as object) as Record<string, ClientMethod>;
  for (const method of type.definition.methods) client[method.property] = bindMethod(method, channel);
  return client as T;
}

function bindMethod(method: MethodDefinition, channel: ServiceChannel): ClientMethod {
  if (method.requestStream) {
    const call = method.responseStream ? 'bidiStream' : 'clientStream';
    return (requests, options) => channel[call](method, requests as AsyncIterable<unknown>, options);
  }
  const call = method.responseStream ? 'serverStream' : 'unary';
  return (request, options) => channel[call](method, request, options);
}
