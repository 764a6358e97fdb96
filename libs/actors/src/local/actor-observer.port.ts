import type { DeadLetter } from './dead-letter.js';
import type { AnyPid } from './pid.js';

/** Hears what happens in an actor system, for metrics. Called in the actors' turns, so it must be quick and not throw. */
export abstract class ActorObserver {
  abstract spawned(pid: AnyPid): void;
  abstract restarted(pid: AnyPid): void;
  abstract stopped(pid: AnyPid): void;
  abstract deadLetter(letter: DeadLetter): void;
}

export class SilentActorObserver extends ActorObserver {
  spawned(): void {
    // Nobody counts.
  }

  restarted(): void {
    // Nobody counts.
  }

  stopped(): void {
    // Nobody counts.
  }

  deadLetter(): void {
    // Nobody counts.
  }
}
