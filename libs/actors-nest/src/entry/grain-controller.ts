import { Controller, Inject, type Type } from '@nestjs/common';
import { bindController, type CallContext, type ServiceDefinition } from '@rookery/contracts/nest';
import { GrainEntry } from './grain-entry.js';

/** What the compiler knows of such a controller: its methods come with the contract. */
interface Entry {
  readonly entry: GrainEntry;
}

/**
 * The controller by which a grain's contract is served over rpc: like one that is written by hand it has guards, interceptors,
 * scopes and a place in reflection.
 */
export function grainController(definition: ServiceDefinition): Type {
  @Controller()
  class GrainController implements Entry {
    constructor(@Inject(GrainEntry) readonly entry: GrainEntry) {}
  }
  Object.defineProperty(GrainController, 'name', { value: `${definition.name} (entry)` });
  for (const method of definition.methods) {
    Object.defineProperty(GrainController.prototype, method.property, {
      value(this: Entry, request: unknown, context: CallContext): Promise<unknown> {
        return this.entry.call(definition, method, request, context);
      },
    });
  }
  bindController(definition, GrainController);
  return GrainController;
}
