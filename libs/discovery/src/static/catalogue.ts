import { compareText, type Instance } from '../instance.js';
import { FanOut } from '../fan-out.js';
import { toError } from '../to-error.js';
import type { Watch } from '../resolver.js';
import type { RegistryAnswer } from '../snapshot-feed.js';

/**
 * A registry that is nothing but data in this process: given at the start, changed by `StaticRegistrar`s of the same process,
 * and never down.
 */
export class StaticCatalogue {
  private readonly instances = new Map<string, Instance>();
  private readonly maintained = new Set<string>();
  private readonly changes: FanOut<string>;

  constructor(instances: readonly Instance[] = []) {
    for (const instance of instances) this.instances.set(instance.id, instance);
    this.changes = new FanOut(
      (error) => {
        throw toError(error);
      },
      () => undefined,
    );
  }

  put(instance: Instance): void {
    const previous = this.instances.get(instance.id);
    this.instances.set(instance.id, instance);
    if (previous !== undefined && previous.service !== instance.service) this.changes.publish(previous.service);
    this.changes.publish(instance.service);
  }

  /** Whether the instance is known; if so it is now in or out of rotation. */
  setMaintenance(instanceId: string, isInMaintenance: boolean): boolean {
    const instance = this.instances.get(instanceId);
    if (instance === undefined) return false;
    if (isInMaintenance) this.maintained.add(instanceId);
    else this.maintained.delete(instanceId);
    this.changes.publish(instance.service);
    return true;
  }

  remove(instanceId: string): void {
    const instance = this.instances.get(instanceId);
    this.instances.delete(instanceId);
    this.maintained.delete(instanceId);
    if (instance !== undefined) this.changes.publish(instance.service);
  }

  answer(service: string): RegistryAnswer {
    const all = [...this.instances.values()].filter((instance) => instance.service === service);
    const ids = all.map(({ id }) => id);
    return {
      usable: all.filter(({ id }) => !this.maintained.has(id)).sort((one, other) => compareText(one.id, other.id)),
      failing: [],
      outOfRotation: ids.filter((id) => this.maintained.has(id)).sort(),
    };
  }

  get services(): readonly string[] {
    return [...new Set([...this.instances.values()].map(({ service }) => service))].sort();
  }

  /** Calls `onChange` with the service that changed. */
  onChange(onChange: (service: string) => void): Watch {
    return this.changes.add(onChange, undefined);
  }
}
