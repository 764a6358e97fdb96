import { ActorObserver, type DeadLetter, type DeadLetterReason } from '@rookery/actors';

/** Counts what happens to the actors of this process, over all of its actor systems. */
export class ActorTally extends ActorObserver {
  spawnedCount = 0;
  restartedCount = 0;
  stoppedCount = 0;
  readonly letters = new Map<DeadLetterReason, number>();

  spawned(): void {
    this.spawnedCount++;
  }

  restarted(): void {
    this.restartedCount++;
  }

  stopped(): void {
    this.stoppedCount++;
  }

  deadLetter({ reason }: DeadLetter): void {
    this.letters.set(reason, (this.letters.get(reason) ?? 0) + 1);
  }
}
