import { DomainError } from '@rookery/runtime';
import type { AnsweredCommand } from '../command-outcome.js';
import type { Append, EventStore, LoggedEvent, LogPosition, NewEvent } from '../event-store.port.js';

/** What the promises of a store are asked with. */
export function happened(type: string, data: Readonly<Record<string, unknown>> = {}): NewEvent {
  return { event: { type, ...data }, schema: 1, metadata: {} };
}

export function answered(commandId: string, over: Partial<AnsweredCommand> = {}): AnsweredCommand {
  return {
    principal: 'alice',
    commandId,
    requestHash: 'hash',
    outcome: { answer: { of: commandId } },
    fromVersion: 0,
    toVersion: 1,
    ...over,
  };
}

/** One event behind `expectedVersion`, with the answers of these commands. */
export function one(stream: string, expectedVersion = 0, ...commands: readonly AnsweredCommand[]): Append {
  return { stream, expectedVersion, events: [happened('Added')], commands };
}

/** The code of the error that this ends in. */
export async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

/** Reads a log from its first event, slice by slice, as far as it goes until `isOver`. */
export async function readAll(store: EventStore, limit: number, isOver: () => boolean): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  let after: LogPosition | undefined;
  for (;;) {
    const wasOver = isOver();
    const slice = await store.readLog({ after, limit });
    events.push(...slice.events);
    after = slice.end;
    if (wasOver && after.position === slice.head) return events;
  }
}
