import type { StoredEvent, Upcasters } from './aggregate.js';
import type { DomainEvent } from './event.js';

/** The schema in which an event of this type is written today. */
export function schemaOf(upcasters: Upcasters | undefined, type: string): number {
  return (ownOf(upcasters, type)?.length ?? 0) + 1;
}

/**
 * Today's form of an event that was stored with `schema`. One that is of a later schema than this code knows comes back as it
 * is: it was written by the next version of the service, which may only add to what is there.
 */
export function upcast<E extends DomainEvent>(
  upcasters: Upcasters | undefined,
  { event, schema }: { readonly event: StoredEvent; readonly schema: number },
): E {
  let current = event;
  let next = schema;
  for (let step = stepOf(upcasters, current, next); step !== undefined; step = stepOf(upcasters, current, next)) {
    const made = step(current);
    // Under another name it begins at that name's first schema that the step could have meant: today's.
    next = made.type === current.type ? next + 1 : schemaOf(upcasters, made.type);
    current = made;
  }
  return current as unknown as E;
}

function stepOf(upcasters: Upcasters | undefined, { type }: StoredEvent, schema: number) {
  return ownOf(upcasters, type)?.[schema - 1];
}

function ownOf(upcasters: Upcasters | undefined, type: string) {
  return upcasters !== undefined && Object.hasOwn(upcasters, type) ? upcasters[type] : undefined;
}
