import type { Bench } from '../bench.js';
import type { Cast } from '../cast.js';
import { type ForeignPart, type NodePart, type Participant, participantEntry } from '../participant.js';
import type { Subject } from '../rounds.js';
import type { Sample } from '../series.js';
import { protoactorGo, startOf } from './foreign-program.js';

type Program = Omit<NodePart, 'name'> | Omit<ForeignPart, 'name'>;

interface Programs {
  readonly far: (bench: string) => Program;
  readonly near: (bench: string, port: string) => Program;
}

/** A subject of two processes: the far one says its port, the near one is told it and does the work. */
interface RemoteSubject {
  readonly name: string;
  /** Rejects with the reason when this machine cannot have it. */
  readonly prepare: (cast: Cast) => Promise<Programs>;
}

/** A library of ours is `nodeSubject` of its name. */
const subjects: readonly RemoteSubject[] = [nodeSubject('floor'), goSubject()];

/** Programs `actors/<name>-far` and `actors/<name>-near`. */
function nodeSubject(name: string): RemoteSubject {
  const programs = {
    far: (bench: string) => ({ entry: participantEntry(`actors/${name}-far`), args: [bench] }),
    near: (bench: string, port: string) => ({ entry: participantEntry(`actors/${name}-near`), args: [bench, port] }),
  };
  return { name, prepare: () => Promise.resolve(programs) };
}

function goSubject(): RemoteSubject {
  return {
    name: protoactorGo.name,
    prepare: async (cast) => {
      const [command, ...args] = await startOf(protoactorGo, cast);
      return {
        far: (bench) => ({ command, args: [...args, bench, 'far'] }),
        near: (bench, port) => ({ command, args: [...args, bench, 'near', port] }),
      };
    },
  };
}

/** A bench whose subjects are two processes each. */
export function remoteBench(what: Pick<Bench, 'name' | 'about' | 'seconds' | 'rounds'>): Bench {
  return {
    ...what,
    cost: 'time',
    legend: 'CPU µs: user and system time of both processes for each message; near: the one that starts it',
    reference: 'floor',
    concurrencies: [undefined],
    start: async (cast, leaveOut) => {
      const started: Subject[] = [];
      for (const { name, prepare } of subjects) {
        const programs = await prepare(cast).catch((error: unknown) => {
          leaveOut(name, error instanceof Error ? error.message : String(error));
        });
        if (programs === undefined) continue;
        const far = cast.spawn({ name: `the far side of ${name}`, ...programs.far(what.name) });
        const { port } = await far.ready();
        const near = cast.spawn({ name: `the near side of ${name}`, ...programs.near(what.name, String(port)) });
        await near.ready();
        started.push({ name, measure: (_concurrency, millis) => measure(near, far, millis) });
      }
      return started;
    },
  };
}

async function measure(near: Participant, far: Participant, millis: number): Promise<Sample> {
  const before = await far.cpuMicros();
  const { cpuMicros, millis: spent, operations } = await near.work(millis);
  const parts = { near: cpuMicros / operations, far: ((await far.cpuMicros()) - before) / operations };
  return { perSecond: (operations / spent) * 1000, cpuMicros: parts.near + parts.far, parts };
}
