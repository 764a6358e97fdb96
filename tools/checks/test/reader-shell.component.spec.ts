import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isAlive, until } from '@rookery/testkit';
import { ReaderShell } from './reader-shell.js';

let shell: ReaderShell;

beforeEach(() => {
  shell = new ReaderShell({ PATH: process.env['PATH'] });
});

afterEach(() => shell.end());

describe('the shell of a reader', () => {
  it('knows in one command what the one before has set', async () => {
    expect(await shell.run('token=$(printf secret); say() { printf "%s" "$1 $token"; }')).toMatchObject({ code: 0 });
    expect(await shell.run('say the')).toEqual({ code: 0, output: 'the secret', errors: '' });
  });

  it('says how a command ended, and what it said on which channel', async () => {
    expect(await shell.run('echo out; echo err >&2; (exit 3)')).toEqual({ code: 3, output: 'out\n', errors: 'err\n' });
  });

  it('gives a command nothing to read', async () => {
    expect(await shell.run('cat')).toEqual({ code: 0, output: '', errors: '' });
  });

  it('ends a service in order as soon as it is ready', async () => {
    const ready = 'process.on("SIGTERM", () => process.exit(0)); console.log(`{"event":"service.ready"}`)';
    const { code, output } = await shell.runUntilReady(`node -e '${ready}; setInterval(() => 0, 1e6)'`);
    expect({ code, output }).toEqual({ code: 0, output: '{"event":"service.ready"}\n' });
  });

  it('ends with whatever it has started', async () => {
    const { output } = await shell.run('sleep 1000 & echo $! $$');
    const pids = output.trim().split(' ').map(Number);
    expect(pids.map(isAlive)).toEqual([true, true]);
    shell.end();
    await until('both have ended', () => !pids.some(isAlive));
  });

  it('says how a service ended that was never ready', async () => {
    await expect(shell.runUntilReady('node -e "process.exit(78)"')).rejects.toThrow('it ended with 78');
  });
});
