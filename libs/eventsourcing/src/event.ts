/**
 * A fact about one aggregate: plain data that survives JSON as it is (numbers, strings, booleans, null, arrays, objects; no
 * Date, no bigint, no undefined entry of an array). `type` is its name for ever.
 */
export interface DomainEvent {
  readonly type: string;
}

/** Why an event is there: never needed to build a state, always needed to explain one. */
export interface EventMetadata {
  /** The command that led to it, as its sender named it. */
  readonly commandId?: string;
  /** The event or step that a process noted it for. Elsewhere `commandId` says it: that of a step names the event that it follows from. */
  readonly causationId?: string;
  /** Shared by all that followed from one request of the outside: the id of its trace. */
  readonly correlationId?: string;
  /** Who asked: a subject, or the name of a process. */
  readonly principal?: string;
  /** W3C trace context of the call in which it happened. */
  readonly traceparent?: string;
}

/** An event as it is in the log. */
export interface RecordedEvent<E extends DomainEvent = DomainEvent> {
  readonly stream: string;
  /** Its place in its stream, from 1, without gaps. */
  readonly version: number;
  /** Its place in the log of all streams, from 1; in the order in which transactions committed. */
  readonly position: number;
  readonly event: E;
  readonly metadata: EventMetadata;
  /** When it was recorded, in ms since the epoch, by the clock of the store. */
  readonly recordedAt: number;
}

/** One name for one event in the whole service, known to whoever has the event. */
export function eventIdOf({ stream, version }: Pick<RecordedEvent, 'stream' | 'version'>): string {
  return `${stream}@${version}`;
}
