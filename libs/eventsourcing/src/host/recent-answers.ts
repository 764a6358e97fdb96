import type { AnsweredCommand, CommandKey } from '../command-outcome.js';

/** The last answers, so that most repeats are answered without a question to the store. The store knows them all. */
export class RecentAnswers {
  private readonly answers = new Map<string, AnsweredCommand>();

  constructor(private readonly limit: number) {}

  find(name: string): AnsweredCommand | undefined {
    return this.answers.get(name);
  }

  add(name: string, answered: AnsweredCommand): void {
    this.answers.set(name, answered);
    if (this.answers.size <= this.limit) return;
    const { done, value } = this.answers.keys().next();
    if (done !== true) this.answers.delete(value);
  }
}

/** No two keys have the same. */
export function nameOf({ commandId, principal }: CommandKey): string {
  return `${principal.length}:${principal}${commandId}`;
}
