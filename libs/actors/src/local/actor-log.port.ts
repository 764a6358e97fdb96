/** Where an actor system says what a person should know. */
export abstract class ActorLog {
  abstract warn(message: string, facts: Readonly<Record<string, unknown>>): void;
}

export class SilentActorLog extends ActorLog {
  warn(): void {
    // Whoever wants to hear something gives another log.
  }
}
