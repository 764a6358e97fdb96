import type {
  DueTimer,
  EventSource,
  FiredCall,
  RecordedEvent,
  TimedReaction,
  TimerChange,
} from '@rookery/eventsourcing';

/** A provider that extends this is run, by one instance of the service: see `TimedReaction`. */
export abstract class Reaction implements TimedReaction {
  abstract readonly name: string;
  abstract readonly sources: readonly EventSource[];
  abstract on(event: RecordedEvent): TimerChange | undefined;
  abstract fire(timer: Pick<DueTimer, 'key' | 'payload' | 'foundAt'>, call: FiredCall): Promise<void>;
}
