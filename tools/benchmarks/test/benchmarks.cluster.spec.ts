import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { afterEach, describe, expect, it } from '@jest/globals';
import { isAlive, until, untilFound } from '@rookery/testkit';

import type { Row } from '../src/series.js';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
let running: ChildProcess | undefined;

afterEach(() => {
  running?.kill('SIGKILL');
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

const PATIENCE_MS = 60_000;
const QUICKLY = ['--json', '--seconds', '0.05', '--rounds', '1'];

function run(...args: string[]): Promise<Ended> {
  return runIn({}, ...args);
}

async function runIn(environment: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> {
  const env = { ...process.env, ...environment };
  const child = (running = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env }));
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output, errors };
}

function childrenOf(pid: number | undefined): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []));
}

/** Resolves with the processes that the bench has started, once they are so many. */
function untilChildren(bench: ChildProcess, count: number): Promise<readonly number[]> {
  const look = (): readonly number[] | undefined => {
    if (bench.exitCode !== null) throw new Error(`the bench ended with ${bench.exitCode}`);
    const children = childrenOf(bench.pid);
    return children.length >= count ? children : undefined;
  };
  return untilFound(`the bench has started ${count} processes`, look, PATIENCE_MS);
}

describe('npm run bench', () => {
  it.each([
    ['rpc', ['rookery', 'nest-grpc', 'grpc-js', 'moleculer-tcp'], [1, 32, 128]],
    ['gateway', ['rookery', 'nest-fastify-grpc', 'moleculer-web'], [64]],
  ])('%s measures every subject', async (bench, subjects, concurrencies) => {
    const { code, output, errors } = await run(bench, '--json', '--seconds', '0.2', '--rounds', '1');
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    const rows = JSON.parse(output) as Row[];
    expect(rows.map(({ subject, concurrency }) => [subject, concurrency])).toEqual(
      concurrencies.flatMap((concurrency) => subjects.map((subject) => [subject, concurrency])),
    );
    for (const row of rows) {
      const { bench: name, subject: _subject, concurrency: _concurrency, ...figures } = row;
      expect(name).toBe(bench);
      expect(Object.keys(figures)).toEqual(['perSecond', 'cpuMicros', 'p50Millis', 'p99Millis']);
      for (const figure of Object.values(figures)) expect(figure).toBeGreaterThan(0);
    }
  });

  it('actors measures every library, and says which platforms are not installed', async () => {
    const parts = ['ping-pong', 'flood', 'ask', 'spawn', 'memory', 'remote-flood', 'remote-ping-pong'];
    const { code, output, errors } = await runIn({ PATH: '' }, 'actors', ...parts, ...QUICKLY);
    expect(code === 0 ? '' : errors).toBe('');
    const rows = JSON.parse(output) as Row[];
    for (const part of parts) {
      const isRemote = part.startsWith('remote');
      const subjects = rows.filter(({ bench }) => bench === part).map(({ subject }) => subject);
      expect(subjects).toEqual(isRemote ? ['rookery', 'floor'] : ['rookery', 'xstate', 'nact', 'floor']);
      expect(errors).toContain(`${part}: protoactor-go is left out: go is not installed\n`);
      if (!isRemote) expect(errors).toContain(`${part}: erlang is left out: erl is not installed\n`);
    }
    for (const { bench, bytesPerActor = 0, cpuMicros, perSecond, subject } of rows) {
      const measured = { bench, subject, isTimed: Math.min(perSecond, cpuMicros) > 0, isWeighed: bytesPerActor > 0 };
      expect(measured).toEqual({ bench, subject, isTimed: true, isWeighed: bench === 'memory' });
    }
  });

  it.each(['commands', 'projection', 'replay'])('%s starts a PostgreSQL where none is named', async (bench) => {
    const { code, output, errors } = await runIn({ DATABASE_URL: '' }, bench, ...QUICKLY);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    const rows = JSON.parse(output) as Row[];
    expect(rows.length).toBeGreaterThan(1);
    for (const { perSecond } of rows) expect(perSecond).toBeGreaterThan(0);
  });

  it('leaves no process behind when it is interrupted, nor when it is killed', async () => {
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      const ended = run('rpc', '--seconds', '30');
      const bench = running as ChildProcess;
      const children = await untilChildren(bench, 2);
      bench.kill(signal);
      const { code, errors } = await ended;
      if (signal === 'SIGINT') expect({ code, errors }).toEqual({ code: 1, errors: 'stopped by SIGINT\n' });
      const remaining = (): readonly number[] => children.filter(isAlive);
      const state = (): string => `none of its processes is left (${remaining().join(', ')} are)`;
      await until(state, () => remaining().length === 0, PATIENCE_MS);
    }
  });
});
