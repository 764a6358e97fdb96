import { parseArgs } from 'node:util';

import type { Bench, Suite } from './bench.js';

export interface BenchOptions {
  readonly benches: readonly Bench[];
  readonly isJson: boolean;
  /** Undefined: as each bench has it. */
  readonly seconds: number | undefined;
  readonly rounds: number | undefined;
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

/** Undefined when help is wanted, or nothing is named. Throws UsageError. */
export function readCommandLine(args: readonly string[], suites: readonly Suite[]): BenchOptions | undefined {
  const { values, positionals } = parse(args);
  const [name, ...parts] = positionals;
  if (name === undefined || values.help) return undefined;
  const suite = suites.find((known) => known.name === name);
  if (suite === undefined) throw new UsageError(`there is no bench ${name}; there are ${namesOf(suites)}`);
  return {
    benches: partsOf(suite, parts),
    isJson: values.json,
    seconds: numberOf('--seconds', values.seconds, 0.05, 600),
    rounds: whole('--rounds', numberOf('--rounds', values.rounds, 1, 1000)),
  };
}

export function usage(suites: readonly Suite[]): string {
  const lines = suites.map(({ name, about, benches }) => {
    const [first, second] = benches;
    if (first !== undefined && second === undefined) return `${line(name, about)}\n${line('', durations(first))}`;
    const parts = benches.map((bench) => `${line('', `${bench.name.padEnd(18)}${bench.about}`)}`);
    return [line(name, about), ...parts].join('\n');
  });
  return [
    'npm run bench -- <name> [<part>…] [--json] [--seconds N] [--rounds N]',
    '',
    ...lines,
    '',
    '  --json      rows for programs: { bench, subject, perSecond, cpuMicros }, and as far as they have a meaning there',
    '              concurrency, grains, p50Millis, p99Millis and bytesPerActor',
    '  --seconds   how long one measurement lasts',
    '  --rounds    how often all subjects are measured in turn',
  ].join('\n');
}

function line(name: string, text: string): string {
  return `  ${name.padEnd(12)}${text}`;
}

function durations({ seconds, rounds }: Bench): string {
  return `(${rounds} rounds of ${seconds} s for each subject and concurrency)`;
}

function namesOf(named: readonly { readonly name: string }[]): string {
  return named.map(({ name }) => name).join(', ');
}

function partsOf({ name, benches }: Suite, parts: readonly string[]): readonly Bench[] {
  const strange = parts.filter((part) => !benches.some((bench) => bench.name === part));
  if (strange.length === 0) return benches.filter((bench) => parts.length === 0 || parts.includes(bench.name));
  if (benches.length === 1) throw new UsageError(`one bench at a time, not also ${strange.join(', ')}`);
  throw new UsageError(`${name} has no part ${strange.join(', ')}; it has ${namesOf(benches)}`);
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

function numberOf(name: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  throw new UsageError(`${name} takes a number from ${min} to ${max}, not ${JSON.stringify(text)}`);
}

function whole(name: string, value: number | undefined): number | undefined {
  if (value === undefined || Number.isInteger(value)) return value;
  throw new UsageError(`${name} takes a whole number`);
}
