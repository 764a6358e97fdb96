import type { Bench, LeaveOut } from '../bench.js';
import type { Cast } from '../cast.js';
import { type Participant, participantEntry } from '../participant.js';
import type { Subject } from '../rounds.js';
import type { Sample } from '../series.js';
import { erlang, type ForeignProgram, protoactorGo, startOf } from './foreign-program.js';

const libraries = ['rookery', 'xstate', 'nact', 'floor'];
/** By bench and library. */
const tooSlow: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  skynet: { nact: 'a single run takes it 40 s' },
};
const foreign: readonly ForeignProgram[] = [erlang, protoactorGo];

export type LocalBench = Pick<Bench, 'name' | 'about' | 'seconds' | 'rounds'> & Partial<Pick<Bench, 'cost'>>;

/** A bench whose subjects are one process each. Compared by time unless `what` says otherwise. */
export function localBench(what: LocalBench): Bench {
  return {
    cost: 'time',
    ...what,
    legend: 'CPU µs: user and system time of the process for each operation',
    reference: 'rookery',
    concurrencies: [undefined],
    start: async (cast, leaveOut) => {
      const subjects: Subject[] = [];
      for (const library of libraries) {
        const why = tooSlow[what.name]?.[library];
        if (why === undefined) subjects.push(await startLibrary(cast, what.name, library));
        else leaveOut(library, why);
      }
      for (const program of foreign) subjects.push(...(await startForeign(cast, what.name, program, leaveOut)));
      return subjects;
    },
  };
}

async function startLibrary(cast: Cast, bench: string, name: string): Promise<Subject> {
  const entry = participantEntry(`actors/${name}-actors`);
  return subjectOf(name, cast.spawn({ name, entry, args: [bench] }));
}

/** None where this machine cannot have it. */
async function startForeign(
  cast: Cast,
  bench: string,
  program: ForeignProgram,
  leaveOut: LeaveOut,
): Promise<readonly Subject[]> {
  const { name } = program;
  const start = await startOf(program, cast).catch((error: unknown) => {
    leaveOut(name, error instanceof Error ? error.message : String(error));
  });
  if (start === undefined) return [];
  const [command, ...args] = start;
  return [await subjectOf(name, cast.spawn({ name, command, args: [...args, bench] }))];
}

async function subjectOf(name: string, participant: Participant): Promise<Subject> {
  await participant.ready();
  return { name, measure: (_concurrency, millis) => measure(participant, millis) };
}

async function measure(participant: Participant, millis: number): Promise<Sample> {
  const { bytesPerActor, cpuMicros, millis: spent, operations } = await participant.work(millis);
  return {
    perSecond: (operations / spent) * 1000,
    cpuMicros: cpuMicros / operations,
    ...(bytesPerActor === undefined ? {} : { bytesPerActor }),
    parts: {},
  };
}
