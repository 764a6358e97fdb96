import { access, constants } from 'node:fs/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Cast } from '../cast.js';

/** A subject on another platform, which not every machine has. */
export interface ForeignProgram {
  readonly name: string;
  /** Programs that have to be on the PATH. */
  readonly tools: readonly string[];
  /** Builds it into a folder of its own and gives what starts it. */
  build(cast: Cast, folder: string): Promise<Words>;
}

/** What is typed to start a program. */
export type Words = readonly [command: string, ...args: string[]];

export const erlang: ForeignProgram = {
  name: 'erlang',
  tools: ['erl', 'erlc'],
  build: async (cast, folder) => {
    await cast.run('erlc', ['-o', folder, 'actor_bench.erl'], sourceFolder('erlang'));
    // The usual limit of processes is far below a million.
    return ['erl', '-noshell', '+P', '4000000', '-pa', folder, '-run', 'actor_bench', 'main'];
  },
};

export const protoactorGo: ForeignProgram = {
  name: 'protoactor-go',
  tools: ['go'],
  build: async (cast, folder) => {
    const program = join(folder, 'actor-bench');
    await cast.run('go', ['build', '-o', program, '.'], sourceFolder('protoactor-go'));
    return [program];
  },
};

const built = new Map<ForeignProgram, Promise<Words>>();

/** What starts the program, which is built at first use. Rejects with the reason when this machine cannot have it. */
export function startOf(program: ForeignProgram, cast: Cast): Promise<Words> {
  const known = built.get(program);
  if (known !== undefined) return known;
  const words = buildIn(program, cast);
  built.set(program, words);
  return words;
}

async function buildIn(program: ForeignProgram, cast: Cast): Promise<Words> {
  for (const tool of program.tools) {
    if (!(await isOnPath(tool))) throw new Error(`${tool} is not installed`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'rookery-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return program.build(cast, folder);
}

async function isOnPath(tool: string): Promise<boolean> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (folder !== '' && (await isExecutable(join(folder, tool)))) return true;
  }
  return false;
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function sourceFolder(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}
