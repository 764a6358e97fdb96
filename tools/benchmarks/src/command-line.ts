import { parseArgs } from 'node:util';

import type { Bench } from './bench.js';

export interface BenchOptions {
  readonly bench: Bench;
  readonly isJson: boolean;
  readonly seconds: number;
  readonly rounds: number;
}

/** What is wrong with a command line, in words for who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const options = {
  json: { type: 'boolean', default: false },
  seconds: { type: 'string' },
  rounds: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** Undefined when help is wanted, or no bench is named. Throws UsageError. */
export function readCommandLine(args: readonly string[], benches: readonly Bench[]): BenchOptions | undefined {
  const { values, positionals } = parse(args);
  const [name, ...rest] = positionals;
  if (name === undefined || values.help) return undefined;
  if (rest.length > 0) throw new UsageError(`one bench at a time, not also ${rest.join(', ')}`);
  const bench = benches.find((known) => known.name === name);
  if (bench === undefined) {
    throw new UsageError(`there is no bench ${name}; there are ${benches.map((known) => known.name).join(', ')}`);
  }
  return {
    bench,
    isJson: values.json,
    seconds: numberOf('--seconds', values.seconds, bench.seconds, 0.05, 600),
    rounds: whole('--rounds', numberOf('--rounds', values.rounds, bench.rounds, 1, 1000)),
  };
}

export function usage(benches: readonly Bench[]): string {
  const lines = benches.map(({ name, about, seconds, rounds }) => {
    return `  ${name.padEnd(10)}${about}\n${' '.repeat(12)}(${rounds} rounds of ${seconds} s for each subject and concurrency)`;
  });
  return [
    'npm run bench -- <name> [--json] [--seconds N] [--rounds N]',
    '',
    ...lines,
    '',
    '  --json      rows for programs: { bench, subject, concurrency, perSecond, cpuMicros, p50Millis, p99Millis }',
    '  --seconds   how long one measurement lasts',
    '  --rounds    how often all subjects are measured in turn',
  ].join('\n');
}

function parse(
  args: readonly string[],
): ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function numberOf(name: string, text: string | undefined, usual: number, min: number, max: number): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  throw new UsageError(`${name} takes a number from ${min} to ${max}, not ${JSON.stringify(text)}`);
}

function whole(name: string, value: number): number {
  if (Number.isInteger(value)) return value;
  throw new UsageError(`${name} takes a whole number`);
}
