import type { Writable } from 'node:stream';

/** Resolves when the stream takes more, or never will. Leaves no listener behind. */
export function drained(stream: Writable): Promise<void> {
  if (stream.destroyed || !stream.writableNeedDrain) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of ENDINGS) stream.off(event, done);
      resolve();
    };
    for (const event of ENDINGS) stream.on(event, done);
  });
}

const ENDINGS = ['drain', 'close', 'error'] as const;
