import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readCommandLine } from './command-line.js';

const databases = { inventory: 'postgres://i', orders: 'postgres://o', payments: 'postgres://p' };
const running = ['--url', 'http://127.0.0.1:8080/', '--token', 't'];

describe('the command line of the flash sale', () => {
  it('has defaults', () => {
    expect(readCommandLine([])).toEqual({
      ...{ orders: 10_000, shoppers: 200, units: 1000, kills: 5 },
      ...{ isMixed: false, isJson: false, running: undefined },
    });
  });

  it('takes a running system, and kills nothing there', () => {
    const options = readCommandLine([...running, '--databases', JSON.stringify(databases), '--kills', '3']);
    expect(options).toMatchObject({ kills: 0, running: { gateway: 'http://127.0.0.1:8080', token: 't', databases } });
  });

  it('takes the databases from the file of a cluster', () => {
    const folder = mkdtempSync(join(tmpdir(), 'flash-sale-'));
    try {
      const file = join(folder, 'cluster.json');
      writeFileSync(file, JSON.stringify({ gateway: 'x', databases }));
      expect(readCommandLine([...running, '--databases', file])?.running?.databases).toEqual(databases);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('shows its help', () => {
    expect(readCommandLine(['--help'])).toBeUndefined();
  });

  it.each([
    [['--orders', '0'], '--orders is "0": it must be a whole number from 1 to 10000000'],
    [['--units', 'many'], '--units is "many"'],
    [['--colour'], "Unknown option '--colour'"],
    [['--token', 't'], '--token and --databases belong to --url'],
    [['--url', 'http://x'], '--url needs --token and --databases'],
    [['--url', 'x', '--token', 't', '--databases', '{}'], '--url is "x": no http URL'],
    [[...running, '--databases', '{"orders":"x"}'], '--databases names no database of inventory'],
    [[...running, '--databases', '{'], '--databases is no JSON'],
    [[...running, '--databases', '/nowhere'], '--databases: ENOENT'],
  ])('refuses %j', (words, message) => {
    expect(() => readCommandLine(words)).toThrow(message);
  });
});
