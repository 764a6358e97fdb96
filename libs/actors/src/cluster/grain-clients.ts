import type { GrainCallOptions } from './grain-caller.js';
import type { GrainClientClass, GrainContract, GrainMethod } from './grain-contract.js';

interface Addressed {
  readonly identity: string;
}

/** Calls one method of one grain. */
export type GrainCall = (
  contract: GrainContract,
  identity: string,
  method: GrainMethod,
  request: unknown,
  options?: GrainCallOptions,
) => Promise<unknown>;

/** Typed clients of grains: what the methods of a generated class do is the same for all its objects, and made once. */
export class GrainClients {
  private readonly prototypes = new WeakMap<object, object>();

  constructor(private readonly call: GrainCall) {}

  client<Client extends object>(clientClass: GrainClientClass<Client>, identity: string): Client {
    let prototype = this.prototypes.get(clientClass);
    if (prototype === undefined) {
      prototype = this.prototypeOf(clientClass);
      this.prototypes.set(clientClass, prototype);
    }
    return Object.create(prototype, { identity: { value: identity } }) as Client;
  }

  private prototypeOf({ definition, prototype }: GrainClientClass<object>): object {
    const { call } = this;
    const methods = definition.methods.map((method) => [
      method.property,
      {
        value(this: Addressed, request: unknown, options?: GrainCallOptions): Promise<unknown> {
          return call(definition, this.identity, method, request, options);
        },
      },
    ]);
    return Object.create(prototype, Object.fromEntries(methods) as PropertyDescriptorMap) as object;
  }
}
