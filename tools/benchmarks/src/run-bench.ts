import { cpus } from 'node:os';

import type { Bench, LeaveOut } from './bench.js';
import type { BenchOptions } from './command-line.js';
import { Cast } from './cast.js';
import { resultTable } from './result-table.js';
import { type RoundPlan, runRounds } from './rounds.js';
import { rowOf, type Series } from './series.js';

/**
 * On a busy machine a gateway becomes cheaper for some 20,000 requests until V8 has compiled it; a service runs far longer.
 * A bench that is cut short warms up in proportion.
 */
const WARM_UP_MS = 5000;
const WARM_UP_SHARE = 5;

/** Whom a bench tells how it gets on. */
export interface Onlooker {
  progress(text: string): void;
  /** Something that the reader of the result has to know. */
  notice(text: string): void;
}

/**
 * Runs benches one after the other and gives what is to be printed. All their processes have ended when this settles. Rejects
 * when one of them fails or does not answer in time, or with the reason of `signal` when that aborts.
 */
export async function runBenches(options: BenchOptions, onlooker: Onlooker, signal: AbortSignal): Promise<string> {
  const results: BenchResult[] = [];
  for (const bench of options.benches) results.push(await runBench(bench, options, onlooker, signal));
  if (!options.isJson) return results.map(textOf).join('\n\n');
  const rows = results.flatMap(({ bench, series }) => series.map((one) => rowOf(bench.name, one)));
  return JSON.stringify(rows, null, 2);
}

interface BenchResult {
  readonly bench: Bench;
  readonly seconds: number;
  readonly rounds: number;
  readonly series: readonly Series[];
}

async function runBench(
  bench: Bench,
  options: BenchOptions,
  onlooker: Onlooker,
  signal: AbortSignal,
): Promise<BenchResult> {
  const { seconds = bench.seconds, rounds = bench.rounds } = options;
  const millis = seconds * 1000;
  const warmUpMillis = Math.min(WARM_UP_MS, WARM_UP_SHARE * millis);
  const plan: RoundPlan = { concurrencies: bench.concurrencies, rounds, millis, warmUpMillis };
  const cast = new Cast();
  try {
    return { bench, seconds, rounds, series: await untilAborted(signal, measure(bench, cast, plan, onlooker)) };
  } finally {
    await cast.stop();
  }
}

async function measure(bench: Bench, cast: Cast, plan: RoundPlan, onlooker: Onlooker): Promise<readonly Series[]> {
  const onProgress = (text: string): void => onlooker.progress(`${bench.name}: ${text}`);
  const leaveOut: LeaveOut = (subject, why) => onlooker.notice(`${bench.name}: ${subject} is left out: ${why}`);
  onProgress('starting');
  return runRounds(await bench.start(cast, leaveOut), plan, onProgress);
}

function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function textOf({ bench, seconds, rounds, series }: BenchResult): string {
  const { name, about, legend, reference, cost } = bench;
  const compared = { cpu: 'CPU', time: 'time', memory: 'bytes' }[cost];
  const how = `Medians of ${rounds} interleaved rounds of ${seconds} s; the ratio of ${compared} is the median of each round's.`;
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, Node ${process.versions.node}`;
  return `${name}: ${about}\n${legend}\n${how}\n${machine}\n\n${resultTable(name, series, reference, cost)}`;
}
