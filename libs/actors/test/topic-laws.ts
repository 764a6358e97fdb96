/** What was published under one name, by one actor system. */
interface Published {
  readonly topic: string;
  readonly publisher: string;
}

/** One actor and one topic: whether it wants to hear, and what it has heard. */
interface Ear {
  readonly listener: string;
  readonly topic: string;
  wants: boolean;
  /** The topic has answered what was said to it last. */
  isAgreed: boolean;
  /** What was said to it last has ended, in one way or another. */
  isSettled: boolean;
  readonly heard: Set<number>;
  readonly lastOf: Map<string, number>;
  /** What was published while the topic knew that it listens. */
  readonly due: Set<number>;
}

interface Word {
  readonly what: string;
  readonly deadlineAt: number;
  readonly isExcused: () => boolean;
  isOpen: boolean;
}

const SLACK_MS = 50;

/** Looks at all that topics are told and tell, and says what must not have been. */
export class TopicLaws {
  readonly faults: string[] = [];
  private readonly published: Published[] = [];
  private readonly ears = new Map<string, Ear>();
  private readonly words: Word[] = [];

  /** The number that the message carries. */
  publishes(topic: string, publisher: string): number {
    const number = this.published.push({ topic, publisher }) - 1;
    for (const ear of this.earsOf(topic)) if (ear.wants && ear.isAgreed) ear.due.add(number);
    return number;
  }

  subscribes(listener: string, topic: string, answer: Promise<void>): Promise<void> {
    const ear = this.earOf(listener, topic);
    // Who has subscribed stays so, whatever becomes of the word that says it again.
    if (!ear.wants) ear.isAgreed = false;
    ear.wants = true;
    ear.isSettled = false;
    return answer.then(
      () => {
        if (ear.wants) ear.isAgreed = true;
      },
      () => undefined,
    );
  }

  unsubscribes(listener: string, topic: string, answer: Promise<void>): Promise<void> {
    const ear = this.earOf(listener, topic);
    [ear.wants, ear.isAgreed, ear.isSettled] = [false, false, false];
    ear.due.clear();
    const settle = (): void => void (ear.isSettled = !ear.wants);
    return answer.then(settle, settle);
  }

  /** Nobody waits for an answer longer than it may take. */
  waits(what: string, deadlineAt: number, answer: Promise<void>, isExcused: () => boolean): void {
    const word: Word = { what, deadlineAt, isExcused, isOpen: true };
    this.words.push(word);
    void answer.then(() => (word.isOpen = false));
  }

  hears(listener: string, topic: string, number: number): void {
    const message = this.published[number];
    const words = `${listener} hears ${number} of ${topic}`;
    if (message?.topic !== topic) return void this.faults.push(`${words}, which was never published there`);
    const ear = this.earOf(listener, topic);
    if (ear.heard.has(number)) this.faults.push(`${words} again`);
    const last = ear.lastOf.get(message.publisher) ?? -1;
    if (last > number) this.faults.push(`${words} of ${message.publisher} after ${last}`);
    if (!ear.wants && ear.isSettled) this.faults.push(`${words}, and has unsubscribed`);
    ear.heard.add(number);
    ear.due.delete(number);
    ear.lastOf.set(message.publisher, number);
  }

  /** It has ended. */
  forget(listener: string): void {
    for (const [key, ear] of this.ears) if (ear.listener === listener) this.ears.delete(key);
  }

  look(now: number): void {
    for (const { deadlineAt, isExcused, isOpen, what } of this.words) {
      if (isOpen && now > deadlineAt + SLACK_MS && !isExcused()) this.faults.push(`${what}: no end`);
    }
  }

  /** All that was published since the topic last knew of them has been heard by those who wanted it. */
  lookForMissing(): void {
    for (const { due, listener, topic } of this.ears.values()) {
      if (due.size > 0) this.faults.push(`${listener} never hears ${[...due].join()} of ${topic}`);
    }
  }

  /** Whoever wants to hear is known to all topics by now, and what got lost before is nobody's fault. */
  settle(): void {
    for (const ear of this.ears.values()) {
      ear.due.clear();
      ear.isAgreed = ear.wants;
    }
  }

  private earsOf(topic: string): readonly Ear[] {
    return [...this.ears.values()].filter((ear) => ear.topic === topic);
  }

  private earOf(listener: string, topic: string): Ear {
    const key = `${listener} ${topic}`;
    let ear = this.ears.get(key);
    if (ear === undefined) {
      const state = { wants: false, isAgreed: false, isSettled: true };
      ear = { listener, topic, ...state, heard: new Set(), lastOf: new Map(), due: new Set() };
      this.ears.set(key, ear);
    }
    return ear;
  }
}
