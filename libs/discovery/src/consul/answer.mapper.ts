import { toError } from '../to-error.js';
import { compareText, type Instance, isSameInstance } from '../instance.js';
import { isSameList, type RegistryAnswer } from '../snapshot-feed.js';
import type { ConsulServiceEntry } from './consul.client.js';
import { toInstance } from './instance.mapper.js';
import { isInMaintenance } from './maintenance.js';

/**
 * Sorts a service's entries: in maintenance (the service or its node), failing, or usable, which takes every check to pass,
 * as Consul's own `passing` filter has it. Entries that make no sense are given to `refuse` and left out.
 */
export function toAnswer(
  entries: readonly ConsulServiceEntry[],
  refuse: (instanceId: string, error: Error) => void,
): RegistryAnswer {
  const usable = new Map<string, Instance>();
  const failing = new Set<string>();
  const outOfRotation = new Set<string>();
  for (const entry of entries) {
    const id = entry.Service.ID;
    if (isInMaintenance(entry.Checks)) outOfRotation.add(id);
    else if (entry.Checks.some(({ Status }) => Status !== 'passing')) failing.add(id);
    else addUsable(usable, entry, refuse);
  }
  const sorted = [...usable.values()].sort((one, other) => compareText(one.id, other.id));
  const absent = (ids: ReadonlySet<string>): readonly string[] => [...ids].filter((id) => !usable.has(id)).sort();
  return { usable: sorted, failing: absent(failing), outOfRotation: absent(outOfRotation) };
}

export function isSameAnswer(one: RegistryAnswer, other: RegistryAnswer): boolean {
  return (
    one.usable.length === other.usable.length &&
    one.usable.every((instance, index) => isSameInstance(instance, other.usable[index] ?? instance)) &&
    isSameList(one.failing, other.failing) &&
    isSameList(one.outOfRotation, other.outOfRotation)
  );
}

/** Consul's ids are unique for each agent only; of two instances under one id the one that started last is meant. */
function addUsable(
  usable: Map<string, Instance>,
  entry: ConsulServiceEntry,
  refuse: (instanceId: string, error: Error) => void,
): void {
  try {
    const instance = toInstance(entry);
    const other = usable.get(instance.id);
    if (other === undefined || other.startedAt < instance.startedAt) usable.set(instance.id, instance);
  } catch (error) {
    refuse(entry.Service.ID, toError(error));
  }
}
