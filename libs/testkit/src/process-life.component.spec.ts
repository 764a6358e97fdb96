import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { isAlive } from './process-life.js';
import { untilFound } from './until.js';

describe('a process', () => {
  it('is alive until it has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1e6)']);
    const pid = child.pid ?? NaN;
    expect(isAlive(pid)).toBe(true);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    expect(isAlive(pid)).toBe(false);
  });

  it('is not alive when it has ended and nobody has waited for it', async () => {
    // A shell that becomes another program forgets its children, which stay as they ended.
    const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 60']);
    try {
      const [said] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(said.toString());
      expect(await untilFound('it has ended', () => !isAlive(pid) || undefined)).toBe(true);
    } finally {
      parent.kill('SIGKILL');
    }
  });
});
