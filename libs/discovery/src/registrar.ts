import type { Instance } from './instance.js';

/** Tells the registry that an instance exists, keeps it told, and takes it back. */
export abstract class Registrar {
  /**
   * Registers and keeps registered: beats, and registers again when the registry forgot. Resolves when the registry has
   * accepted the instance as usable; while the registry is down it keeps trying until `signal` aborts.
   */
  abstract register(instance: Instance, signal?: AbortSignal): Promise<void>;

  /** Takes the instance out of rotation without ending it, or puts it back. */
  abstract setMaintenance(instanceId: string, isInMaintenance: boolean, reason: string): Promise<void>;

  /** Stops beating and deregisters. Resolves when the registry confirmed, or rejects after a bounded number of tries. */
  abstract deregister(instanceId: string): Promise<void>;

  /** Stops all beats without deregistering. */
  abstract close(): Promise<void>;
}
