import { DomainError } from '@rookery/runtime';
import type { Instance } from '../instance.js';
import { toInstance } from '../instance.mapper.js';
import { Registrar } from '../registrar.js';
import type { StaticCatalogue } from './catalogue.js';

/** Puts instances into a catalogue of this process: other processes do not learn of them. */
export class StaticRegistrar extends Registrar {
  constructor(private readonly catalogue: StaticCatalogue) {
    super();
  }

  async register(instance: Instance, signal?: AbortSignal): Promise<void> {
    const valid = toInstance(instance);
    if (signal?.aborted === true) {
      throw new DomainError('REGISTRATION_ABORTED', `${instance.id}: aborted before it began`, { kind: 'cancelled' });
    }
    this.catalogue.put(valid);
  }

  async setMaintenance(instanceId: string, isInMaintenance: boolean): Promise<void> {
    if (this.catalogue.setMaintenance(instanceId, isInMaintenance)) return;
    throw new DomainError('INSTANCE_NOT_REGISTERED', `${instanceId} is not registered`, { kind: 'not-found' });
  }

  async deregister(instanceId: string): Promise<void> {
    this.catalogue.remove(instanceId);
  }

  async close(): Promise<void> {
    // Nothing beats here.
  }
}
