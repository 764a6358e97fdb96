import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { EventStore, Pause } from '@rookery/eventsourcing';
import { PostgresEventStore } from '@rookery/postgres';
import { Scheduler } from '@rookery/runtime';
import { LedTasks } from '../running/led-tasks.js';
import { DatabaseConfig } from './database-settings.js';

const LOOK_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Forgets how commands were answered when their time is over: a repeat that comes later is another command. */
@Injectable()
export class AnswerRetention implements OnApplicationBootstrap {
  constructor(
    private readonly store: EventStore,
    private readonly tasks: LedTasks,
    private readonly config: DatabaseConfig,
    private readonly scheduler: Scheduler,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.add('answer retention', { follow: (signal, wentWell) => this.follow(signal, wentWell) });
  }

  private async follow(signal: AbortSignal, wentWell: () => void): Promise<void> {
    const pause = new Pause(this.scheduler, signal);
    const { store } = this;
    while (!signal.aborted) {
      if (store instanceof PostgresEventStore) await store.forgetAnswers(this.config.COMMAND_ANSWER_HOURS * HOUR_MS);
      wentWell();
      await pause.wait(LOOK_MS);
    }
  }
}
