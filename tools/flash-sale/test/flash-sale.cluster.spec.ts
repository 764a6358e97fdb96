import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { OwnCluster } from '../src/own-cluster.js';

const script = join(import.meta.dirname, '../dist/main.js');

/** A sale that is told to end stops its cluster first. */
const STOP_LIMIT_MS = 90_000;
const sales = new Set<ChildProcess>();

afterEach(async () => {
  await Promise.all([...sales].map(end));
});

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await ended;
  clearTimeout(limit);
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** `onErrors` hears what was said on stderr so far, each time there is more. */
function sale(
  words: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  onErrors?: (errors: string, child: ChildProcess) => void,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    sales.add(child);
    let [output, errors] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
      onErrors?.(errors, child);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      sales.delete(child);
      resolve({ code, output, errors });
    });
  });
}

describe('npm run flash-sale', () => {
  it('sells every unit once and has every order end, while one copy of each service is killed', async () => {
    const words = '--orders 150 --shoppers 20 --units 30 --kills 1 --mixed --json';
    const { code, errors, output } = await sale(words.split(' '));
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    const result = JSON.parse(output) as Readonly<Record<string, number>>;
    expect(result).toMatchObject({ confirmed: 30, captured: 30, unitsSold: 30, reservedAtEnd: 0, kills: 3 });
    expect(result['accepted']).toBe((result['confirmed'] ?? 0) + (result['cancelled'] ?? 0));
    expect(result['orders']).toBeGreaterThanOrEqual(150);
  });

  it('holds a sale again and again on a system that runs already, and counts itself alone', async () => {
    const cluster = new OwnCluster();
    try {
      const { databases, gateway, token } = await cluster.ready();
      const words = '--orders 60 --shoppers 10 --units 15 --json'.split(' ');
      const running = ['--url', gateway, '--token', token, '--databases', JSON.stringify(databases)];
      for (const round of ['first', 'second']) {
        const { code, errors, output } = await sale([...words, ...running]);
        expect({ round, code, errors }).toEqual({ round, code: 0, errors: '' });
        expect(JSON.parse(output)).toMatchObject({ confirmed: 15, captured: 15, unitsSold: 15, kills: 0 });
      }
    } finally {
      await cluster.stop();
    }
  });

  it('ends its cluster when it is interrupted, leaves nothing behind and says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'interrupted-sale-'));
    let isInterrupted = false;
    const { code, errors, output } = await sale(['--kills', '0'], { ...process.env, TMPDIR: folder }, (said, child) => {
      if (isInterrupted || !said.includes('selling')) return;
      isInterrupted = true;
      child.kill('SIGINT');
    });
    const left = readdirSync(folder);
    rmSync(folder, { recursive: true, force: true });
    const said = expect.stringContaining('flash-sale: interrupted');
    expect({ code, errors, left, output }).toEqual({ code: 130, errors: said, left: [], output: '' });
  });
});
