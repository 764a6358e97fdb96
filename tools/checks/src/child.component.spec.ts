import { describe, expect, it } from '@jest/globals';
import { runChild } from './child.mjs';

const node = (script: string): readonly string[] => [process.execPath, '-e', script];

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: there is no such process.
    return false;
  }
}

/** Until the kernel has put away a process that was killed: a turn of the event loop per look. */
async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
}

describe('a child', () => {
  it('gives back its exit code and all it said', async () => {
    const result = await runChild(node("console.log('out'); console.error('err'); process.exitCode = 3"), {
      timeLimitMs: 20_000,
    });
    expect(result).toMatchObject({ code: 3, isTimedOut: false });
    expect(result.output).toContain('out');
    expect(result.output).toContain('err');
  });

  it('that takes too long is ended', async () => {
    const result = await runChild(node('setInterval(() => undefined, 1e6)'), { timeLimitMs: 300 });
    expect(result).toMatchObject({ code: 1, isTimedOut: true });
  });

  it('leaves no grandchild behind', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const left = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1e6)'], { stdio: 'inherit' });
      console.log(left.pid);
      left.unref();`;
    const { code, output } = await runChild(node(script), { timeLimitMs: 20_000 });
    expect(code).toBe(0);
    await untilGone(Number(output));
  });

  it('that cannot be started is an error', async () => {
    await expect(runChild(['/no/such/program'], { timeLimitMs: 1_000 })).rejects.toThrow('ENOENT');
  });
});
