import type { InstanceRef } from '../traffic/report.js';
import type { Reporters } from '../traffic/reporters.js';
import type { Member } from '../presence/fleet.js';
import type { Evidence } from './evidence.js';
import type { Unplaced } from './unplaced.js';

export const CAUSES = ['silence', 'failing', 'refusing', 'slow', 'link', 'overload', 'service', 'task'] as const;
export type Cause = (typeof CAUSES)[number];

/** What a rule says of one subject now. A subject it does not mention is unknown: neither bad nor good. */
export interface Finding {
  /** The instance that the alarm names; empty where it names a whole service. */
  readonly service: string;
  readonly instance: string;
  readonly verdict: 'bad' | 'good';
  /** When the trouble began, if the evidence tells; monotonic. */
  readonly since?: number;
  /** One sentence for people. */
  readonly summary: string;
  /** Further facts, by name. */
  readonly facts: Readonly<Record<string, string>>;
}

/** All that rules may look at. */
export interface Scene {
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly members: readonly Member[];
  readonly evidence: readonly Evidence[];
  readonly unplaced: readonly Unplaced[];
  readonly reporters: Reporters;
  /** Whether calls to the instance were the subject of an alarm within the last minute. */
  readonly wasInTrouble: (ref: Pick<InstanceRef, 'service' | 'instanceId'>) => boolean;
}

/** A rule as data: what it looks for, and for how long that must be so. */
export interface AlarmRule {
  readonly name: string;
  readonly cause: Cause;
  readonly severity: 'critical' | 'warning';
  /** A bad verdict must have lasted this long before the alarm fires. */
  readonly forMs: number;
  /** A good verdict must have lasted this long before a firing alarm resolves. */
  readonly keepFiringMs: number;
  /** Without any bad verdict for this long a firing alarm resolves, because its subject is no longer seen. */
  readonly forgetMs: number;
  examine(scene: Scene): readonly Finding[];
}
