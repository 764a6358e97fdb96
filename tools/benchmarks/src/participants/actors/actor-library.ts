/** Actors that bat messages to and fro, and each other's count of them. */
export const PAIRS = 4;
/** Messages of a pair that are on their way at once, in a ping-pong. */
export const BATCH = 100;
/** Messages that a flooding actor sends before it lets others have their turn. */
export const BURST = 1000;
/** Of a pair, in one pass. */
export const MESSAGES = 100_000;
export const ASKS = 20_000;
export const SPAWNS = 100_000;
export const IDLE_ACTORS = 200_000;
export const SKYNET_LEAVES = 1_000_000;
export const SKYNET_BRANCHES = 10;

/** What a library of actors does in the benches, each time in the way that its own users would do it. */
export interface ActorLibrary {
  /**
   * Two actors: the first sends `BATCH` messages, the second answers each; when all answers are there the next batch
   * follows, up to `score.goal`.
   */
  startPingPong(score: Score): Starter;
  /** Two actors: the first sends messages up to `score.goal`, `BURST` in a turn, the second takes them. */
  startFlood(score: Score): Starter;
  /** An actor that answers, and how it is asked from outside. */
  startAnswerer(score: Score): () => Promise<unknown>;
  /** Starts so many actors, each of which calls `crowd.started` and `crowd.stopped`. The answer stops them all. */
  spawn(count: number, crowd: Crowd): () => void;
  readonly skynet?: Skynet;
}

/** A tree of actors that add up numbers. Each ends when it has told its part. */
export interface Skynet {
  /** The sum of `SKYNET_LEAVES` numbers. */
  sum(): Promise<number>;
  /** Resolves when no actor is left. */
  untilEnded(): Promise<void>;
}

export type Starter = () => void;

/** What both actors of a pair have counted, each on its own side. */
export class Score {
  goal = 0;
  /** By the first actor. */
  sent = 0;
  returned = 0;
  /** By the second. */
  arrived = 0;
  answered = 0;
  /** Called by whoever handles the last message. */
  done: () => void = () => undefined;

  /** Throws unless both actors agree about what has been sent up to now. */
  check(areAnswered: boolean): void {
    const { answered, arrived, goal, returned, sent } = this;
    const backward = areAnswered ? goal : 0;
    if (sent === goal && arrived === goal && answered === backward && returned === backward) return;
    throw new Error(
      `of ${goal} messages ${sent} were sent, ${arrived} came, ${answered} answered, ${returned} returned`,
    );
  }
}

/** Counts actors that start and stop. */
export class Crowd {
  started = 0;
  stopped = 0;
  private wanted = Infinity;
  private reached: () => void = () => undefined;

  untilStarted(count: number): Promise<void> {
    return this.until('started', count);
  }

  untilStopped(count: number): Promise<void> {
    return this.until('stopped', count);
  }

  actorStarted(): void {
    if (++this.started === this.wanted) this.reached();
  }

  actorStopped(): void {
    if (++this.stopped === this.wanted) this.reached();
  }

  private until(what: 'started' | 'stopped', count: number): Promise<void> {
    if (this[what] >= count) return Promise.resolve();
    this.wanted = count;
    return new Promise((resolve) => (this.reached = resolve));
  }
}
