import { describe, expect, it } from '@jest/globals';
import { runChild } from './child.mjs';

const node = (script: string): readonly string[] => [process.execPath, '-e', script];

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
      left.unref();`;
    // It holds the pipes of the child, and as long as anybody does there is no result.
    const { code, isTimedOut } = await runChild(node(script), { timeLimitMs: 20_000 });
    expect({ code, isTimedOut }).toEqual({ code: 0, isTimedOut: false });
  });

  it('that cannot be started is an error', async () => {
    await expect(runChild(['/no/such/program'], { timeLimitMs: 1_000 })).rejects.toThrow('ENOENT');
  });
});
