import type { Instance } from '@rookery/discovery';

/**
 * `connecting`: never usable yet, or between two tries; `ready`: takes calls; `suspect`: silent, not picked; `leaving`: said
 * goodbye, finishes what is in flight; `down`: the last try failed.
 */
export type ConnectionState = 'connecting' | 'ready' | 'suspect' | 'leaving' | 'down';

/** What a channel knows of one instance. */
export interface InstanceState {
  readonly instance: Instance;
  readonly state: ConnectionState;
  readonly isUsable: boolean;
  readonly transport: 'link' | 'grpc';
}
