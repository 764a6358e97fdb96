import type { Instance } from './instance.js';

/** Tells the registry that an instance exists, keeps it told, and takes it back. */
export abstract class Registrar {
  /**
   * Registers and keeps registered: beats, and registers again when the registry forgot. Resolves when the registry lists
   * the instance as usable; while the registry is down it keeps trying until `signal` aborts (rejects with DomainError
   * REGISTRATION_ABORTED). An id that is registered already is replaced. Rejects at once with INSTANCE_INVALID.
   */
  abstract register(instance: Instance, signal?: AbortSignal): Promise<void>;

  /**
   * Takes the instance out of rotation without ending it, or puts it back; survives a re-registration. Rejects with
   * INSTANCE_NOT_REGISTERED, or with REGISTRY_UNAVAILABLE after a bounded number of tries: then nothing has changed.
   */
  abstract setMaintenance(instanceId: string, isInMaintenance: boolean, reason: string): Promise<void>;

  /**
   * Stops beating and deregisters. Resolves when the registry confirmed (also when it did not know the instance), or rejects
   * with REGISTRY_UNAVAILABLE after a bounded number of tries: then the entry dies with its TTL.
   */
  abstract deregister(instanceId: string): Promise<void>;

  /** Stops all beats without deregistering. */
  abstract close(): Promise<void>;
}
