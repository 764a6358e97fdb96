import { until } from '@rookery/testkit';
import type { ClusterDescription } from '../src/cluster-file.js';
import { PATIENCE_MS } from './running-cluster.js';

const CALLERS = 8;
/** So that the callers together make some hundred calls in a second where the machine has time for that. */
const PAUSE_MS = 60;

interface Answer {
  /** 0 when there was none. */
  readonly status: number;
  readonly text: string;
}

/** Sends the sample call and resolves with the status of the answer; 0 when there was none. */
export async function callSample(description: ClusterDescription): Promise<number> {
  return (await answerOf(description)).status;
}

/** Calls the sample, on several connections at once, until it is ended. */
export class SampleLoad {
  /** What calls were told that failed. */
  readonly failures: string[] = [];
  private answered = 0;
  private isOver = false;
  private readonly callers: readonly Promise<void>[];

  constructor(private readonly description: ClusterDescription) {
    this.callers = Array.from({ length: CALLERS }, () => this.call());
  }

  /** Resolves when so many more calls have been answered, with whatever. */
  async untilAnswered(count: number): Promise<void> {
    const enough = this.answered + count;
    const state = (): string => `${count} more calls are answered; these failed: ${this.failures.join('; ')}`;
    await until(state, () => this.answered >= enough, PATIENCE_MS);
  }

  /** Resolves when each call was answered. */
  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.callers);
  }

  private async call(): Promise<void> {
    while (!this.isOver) {
      const { status, text } = await answerOf(this.description);
      this.answered++;
      if (status !== 200) this.failures.push(`${status} ${text}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

async function answerOf({ gateway, sample, token }: ClusterDescription): Promise<Answer> {
  try {
    const response = await fetch(`${gateway}${sample.path}`, {
      method: sample.method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(sample.body),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    const { cause, message } = error as Error & { readonly cause?: Error };
    return { status: 0, text: `${message}: ${cause?.message}` };
  }
}
