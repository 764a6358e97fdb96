import { describe, expect, it } from '@jest/globals';
import type { ProcessManager } from '@rookery/eventsourcing';
import type { LedTasks } from './led-tasks.js';
import { Process } from './process.js';
import { Reaction } from './reaction.js';
import { Runners } from './runners.js';

class Reminders extends Process<unknown, never, never, never> {
  readonly manager = { name: 'reminder', sources: [] } as unknown as ProcessManager<unknown, never, never, never>;

  perform(): Promise<never> {
    return Promise.reject(new Error('it has no steps'));
  }
}

class Reminder extends Reaction {
  readonly sources = [];

  constructor(readonly name: string) {
    super();
  }

  on(): undefined {
    return undefined;
  }

  fire(): Promise<void> {
    return Promise.reject(new Error('nothing is due'));
  }
}

/** The tasks that are found among these providers. */
async function found(...providers: readonly object[]): Promise<readonly string[]> {
  const names: string[] = [];
  const nothing = {} as never;
  const runners = new Runners(
    { getProviders: () => providers.map((instance) => ({ instance })) } as never,
    { add: (name: string) => names.push(name) } as unknown as LedTasks,
    ...([nothing, nothing, nothing, nothing, nothing, nothing, nothing] as const),
    { require: () => ({ met: () => undefined, unmet: () => undefined }) },
    { add: () => undefined },
  );
  await runners.onApplicationBootstrap();
  return names;
}

describe('the runners of a service', () => {
  it('are of its processes and reactions', async () => {
    expect(await found(new Reminders(), new Reminder('birthday'), {})).toEqual([
      'process reminder',
      'reaction birthday',
    ]);
  });

  it('refuse a process and a reaction of one name: each would pass over what the other has read', async () => {
    await expect(found(new Reminders(), new Reminder('reminder'))).rejects.toThrow('two tasks are called reminder');
  });
});
