import { cpus } from 'node:os';

import type { Bench } from './bench.js';
import type { BenchOptions } from './command-line.js';
import { Cast } from './participant.js';
import { resultTable } from './result-table.js';
import { type RoundPlan, runRounds } from './rounds.js';
import { rowOf, type Series } from './series.js';

/**
 * On a busy machine a gateway becomes cheaper for some 20,000 requests until V8 has compiled it; a service runs far longer.
 * A bench that is cut short warms up in proportion.
 */
const WARM_UP_MS = 5000;
const WARM_UP_SHARE = 5;

/**
 * Runs a bench and gives what is to be printed. All its processes have ended when this settles. Rejects when one of them
 * fails or does not answer in time, or with the reason of `signal` when that aborts.
 */
export async function runBench(
  { bench, isJson, seconds, rounds }: BenchOptions,
  onProgress: (text: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const millis = seconds * 1000;
  const warmUpMillis = Math.min(WARM_UP_MS, WARM_UP_SHARE * millis);
  const plan: RoundPlan = { concurrencies: bench.concurrencies, rounds, millis, warmUpMillis };
  const cast = new Cast();
  try {
    const series = await untilAborted(signal, measure(bench, cast, plan, onProgress));
    if (isJson)
      return JSON.stringify(
        series.map((one) => rowOf(bench.name, one)),
        null,
        2,
      );
    return `${headline(bench, seconds, rounds)}\n\n${resultTable(bench.name, series, bench.reference)}`;
  } finally {
    await cast.stop();
  }
}

async function measure(
  bench: Bench,
  cast: Cast,
  plan: RoundPlan,
  onProgress: (text: string) => void,
): Promise<readonly Series[]> {
  onProgress('starting');
  return runRounds(await bench.start(cast), plan, onProgress);
}

function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function headline({ name, about, legend }: Bench, seconds: number, rounds: number): string {
  const how = `Medians of ${rounds} interleaved rounds of ${seconds} s; the ratio of CPU is the median of each round's.`;
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, Node ${process.versions.node}`;
  return `${name}: ${about}\n${legend}\n${how}\n${machine}`;
}
