import { DomainError, type Random } from '@rookery/runtime';
import type { VirtualTime } from '@rookery/runtime/testing';
import {
  type AnsweredCommand,
  type Append,
  type AppendOutcome,
  type CommandKey,
  EventStore,
  type LogSlice,
  type Snapshot,
  type StreamSlice,
} from '../src/index.js';
import type { Breach, Chronicle } from './chronicle.js';

/** What lies between hosts and their store. */
export interface Weather {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly log: Chronicle;
  readonly breach: Breach | undefined;
  /** Nobody reaches the store. */
  isAway: boolean;
  /** Nothing goes wrong any more. */
  isCalm: boolean;
}

/** When whoever has asked hears of an answer: later than it comes, or never. */
export type Hearing = (hear: () => void) => void;

type Fate = 'done' | 'not-done' | 'done-unheard' | 'never-done' | 'done-late';

const FATES: readonly Fate[] = ['not-done', 'done-unheard', 'never-done', 'done-late'];
/** The longest that an append is on its way that nobody waits for any longer. */
export const STRAY_MS = 4000;

/** The store as one host sees it: from afar, by a way on which everything happens. */
export class DistantStore extends EventStore {
  constructor(
    private readonly weather: Weather,
    private readonly name: string,
    private readonly hearing: Hearing,
  ) {
    super();
  }

  append(append: Append): Promise<AppendOutcome> {
    return this.heard(this.weather.breach === 'acknowledges-early' ? this.acknowledged(append) : this.sent(append));
  }

  readStream(stream: string, afterVersion: number, limit: number): Promise<StreamSlice> {
    return this.asked(() => this.weather.log.readStream(stream, afterVersion, limit));
  }

  readLog(): Promise<LogSlice> {
    throw new Error('hosts do not read the log');
  }

  findAnswers(stream: string, keys: readonly CommandKey[]): Promise<readonly AnsweredCommand[]> {
    return this.asked(() => this.weather.log.findAnswers(stream, keys));
  }

  forgetAnswers(): Promise<number> {
    throw new Error('hosts forget no answers');
  }

  loadSnapshot(stream: string): Promise<Snapshot | undefined> {
    return this.asked(() => this.weather.log.loadSnapshot(stream));
  }

  saveSnapshot(snapshot: Snapshot): Promise<number> {
    return this.asked(() => this.weather.log.saveSnapshot(snapshot));
  }

  private async sent(append: Append): Promise<AppendOutcome> {
    const { breach, log } = this.weather;
    const fate = this.fateOf();
    await this.travel();
    if (this.weather.isAway || fate === 'not-done') throw unavailable();
    if (fate === 'done-late') void this.stray(append);
    const outcome = fate === 'done' || fate === 'done-unheard' ? await log.write(append, this.name) : undefined;
    await this.travel();
    if (fate === 'done' && outcome !== undefined) return outcome;
    if (breach === 'takes-unknown-for-done') return done(append);
    throw breach === 'takes-unknown-for-failed' ? unavailable() : unknown();
  }

  private async acknowledged(append: Append): Promise<AppendOutcome> {
    void this.travel().then(() => this.weather.log.write(append, this.name));
    return done(append);
  }

  /** Nobody waits for it, and it arrives all the same. */
  private async stray(append: Append): Promise<void> {
    await this.passed(this.weather.random.int(STRAY_MS));
    await this.weather.log.write(append, this.name);
  }

  private asked<T>(answer: () => Promise<T>): Promise<T> {
    const fails = this.isStruck(30);
    return this.heard(
      (async () => {
        await this.travel();
        if (fails || this.weather.isAway) throw unavailable();
        const answered = await answer();
        await this.travel();
        return answered;
      })(),
    );
  }

  private heard<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      answer.then(
        (value) => this.hearing(() => resolve(value)),
        (error: Error) => this.hearing(() => reject(error)),
      );
    });
  }

  private fateOf(): Fate {
    if (!this.isStruck(5)) return 'done';
    return FATES[this.weather.random.int(FATES.length)] ?? 'done';
  }

  private isStruck(oneOf: number): boolean {
    return !this.weather.isCalm && this.weather.random.int(oneOf) === 0;
  }

  private travel(): Promise<void> {
    return this.passed(1 + this.weather.random.int(this.isStruck(15) ? 3000 : 20));
  }

  private passed(durationMs: number): Promise<void> {
    return new Promise((resolve) => this.weather.time.timer(durationMs, resolve));
  }
}

function done({ events, expectedVersion }: Append): AppendOutcome {
  return { status: 'appended', version: expectedVersion + events.length };
}

function unavailable(): DomainError {
  return new DomainError('STORE_UNAVAILABLE', 'the store is away', { kind: 'unavailable' });
}

function unknown(): DomainError {
  return new DomainError('STORE_OUTCOME_UNKNOWN', 'nobody knows', { kind: 'unavailable' });
}
