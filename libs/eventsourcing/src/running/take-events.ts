import { DomainError } from '@rookery/runtime';
import type { LogPosition } from '../event-store.port.js';
import { isPassing } from './passing.js';

/** A piece of a log. */
interface LogPiece<E> {
  readonly events: readonly E[];
  /** The position that needs nothing more when these events are taken. */
  readonly end: LogPosition;
}

/** Who takes events, each once and in their order. */
export interface EventTaker<E> {
  /** For people. */
  readonly name: string;
  /** Of the error that says which event it cannot get past. */
  readonly code: 'EVENT_NOT_APPLIED' | 'EVENT_NOT_HANDLED';
  /** The checkpoint. Undefined: it has not begun. */
  from(): LogPosition | undefined;
  /** What events lead to, and the checkpoint at `end`: both or neither. False when somebody else has moved the checkpoint. */
  advance(events: readonly E[], end: LogPosition): Promise<boolean>;
  /** An event in few words, for people. */
  describe(event: E): string;
}

/**
 * Takes events all at once; where one of them cannot be taken, and undid the others, one by one, so that the checkpoint comes to
 * stand right before it. False when somebody else has moved the checkpoint.
 */
export async function takeEvents<E extends { readonly position: number }>(
  taker: EventTaker<E>,
  { end, events }: LogPiece<E>,
): Promise<boolean> {
  // So that there is a checkpoint, whatever becomes of the first event: an operator may have to move it.
  if (taker.from() === undefined && !(await taker.advance([], { ...end, position: 0 }))) return false;
  const from = taker.from();
  if (end.position === from?.position && end.epoch === from.epoch) return true;
  try {
    return await taker.advance(events, end);
  } catch (error) {
    const [first, second] = events;
    if (first === undefined || isPassing(error)) throw error;
    if (second === undefined) throw cannotPass(taker, first, error);
  }
  return takeSingly(taker, { events, end });
}

async function takeSingly<E extends { readonly position: number }>(
  taker: EventTaker<E>,
  { end, events }: LogPiece<E>,
): Promise<boolean> {
  for (const event of events) {
    if (!(await takeEvents(taker, { events: [event], end: { ...end, position: event.position } }))) return false;
  }
  return takeEvents(taker, { events: [], end });
}

/** All that an operator must know to decide about an event. */
function cannotPass<E extends { readonly position: number }>(taker: EventTaker<E>, event: E, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  const where = `its checkpoint at ${taker.from()?.position ?? 0}, waits at position ${event.position}`;
  const message = `${taker.name}, ${where} (${taker.describe(event)}): ${why}`;
  return new DomainError(taker.code, message, { kind: 'internal', cause });
}
