import type { AnsweredCommand, CommandKey } from '../command-outcome.js';

/** The last answers, so that most repeats are answered without a question to the store. The store knows them all. */
export class RecentAnswers {
  private young = new Map<string, AnsweredCommand>();
  /** Dropped as a whole: a Map that loses its oldest entry with each new one takes long to find it. */
  private old: ReadonlyMap<string, AnsweredCommand> = new Map();

  /** @param limit so many are remembered for sure, and up to twice as many */
  constructor(private readonly limit: number) {}

  find(name: string): AnsweredCommand | undefined {
    return this.young.get(name) ?? this.old.get(name);
  }

  add(name: string, answered: AnsweredCommand): void {
    if (this.young.size >= this.limit) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(name, answered);
  }
}

/** No two keys have the same. */
export function nameOf({ commandId, principal }: CommandKey): string {
  return `${principal.length}:${principal}${commandId}`;
}
