import { Logger } from '@nestjs/common';
import { ActorLog } from '@rookery/actors';

/** What an actor system has to say, in the service's log. */
export class NestActorLog extends ActorLog {
  private readonly logger = new Logger('Actors');

  warn(message: string, facts: Readonly<Record<string, unknown>>): void {
    this.logger.warn(message, { ...facts });
  }
}
