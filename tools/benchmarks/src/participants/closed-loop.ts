import { type Answer, isQuestion, type Load } from '../messages.js';
import { quantile } from '../statistics.js';

/** Says that this process can take part. */
export function announce(details: Readonly<Record<string, unknown>>): void {
  tell({ type: 'ready', ...details });
}

/** Makes calls whenever the bench asks for load. A call that rejects fails the bench. */
export function callOnDemand(call: () => Promise<unknown>): void {
  process.on('message', (message) => {
    if (!isQuestion(message) || message.ask !== 'load') return;
    closedLoop(call, message.concurrency, message.millis).then(
      (load) => tell({ type: 'load', load }),
      (error: unknown) => tell({ type: 'failed', reason: error instanceof Error ? error.message : String(error) }),
    );
  });
}

function tell(answer: Answer): void {
  process.send?.(answer);
}

/** `concurrency` callers, each with its next call as soon as its last one was answered. */
async function closedLoop(call: () => Promise<unknown>, concurrency: number, millis: number): Promise<Load> {
  const durations = new Durations();
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const until = startedAt + millis;
  const caller = async (): Promise<void> => {
    for (let now = performance.now(); now < until;) {
      await call();
      const end = performance.now();
      durations.push(end - now);
      now = end;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  const spent = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  const sorted = durations.sorted();
  return {
    calls: sorted.length,
    millis: spent,
    cpuMicros: user + system,
    p50Millis: quantile(sorted, 0.5),
    p99Millis: quantile(sorted, 0.99),
  };
}

/** A list of numbers that costs next to nothing to add to. */
class Durations {
  private values = new Float64Array(1 << 16);
  private size = 0;

  push(value: number): void {
    if (this.size === this.values.length) {
      const larger = new Float64Array(2 * this.size);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.size++] = value;
  }

  sorted(): Float64Array {
    return this.values.slice(0, this.size).sort();
  }
}
