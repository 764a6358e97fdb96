import { describe, expect, it } from '@jest/globals';
import { scripted } from '../../test/scripted.js';
import { createTestSystem, TestProbe } from './index.js';

describe('a test probe', () => {
  it('remembers what it was sent and by whom, until a test has looked', async () => {
    const { settle, system } = createTestSystem();
    const probe = new TestProbe<string>(system, 'probe');
    const pid = system.spawn(scripted());
    system.tell(pid, (context) => {
      context.tell(probe.pid, 'a');
      context.tell(probe.pid, 'b');
    });
    await settle();
    expect(() => probe.expectNothing()).toThrow('probe has got a message: "a"');
    expect(probe.next()).toBe('a');
    expect(probe.lastSender).toBe(pid);
    expect(probe.all()).toEqual(['b']);
    probe.expectNothing();
    expect(() => probe.next()).toThrow('probe has got no further message');
  });

  it('speaks for itself', async () => {
    const { settle, system } = createTestSystem();
    const [asking, asked] = [new TestProbe<string>(system), new TestProbe<string>(system)];
    expect(() => asking.tell(asked.pid, 'too early')).toThrow('let the system settle first');
    await settle();
    asking.tell(asked.pid, 'question');
    await settle();
    expect(() => asking.reply('nobody asked')).toThrow('the last message has no sender');
    expect(asked.next()).toBe('question');
    asked.reply('answer');
    await settle();
    expect(asking.next()).toBe('answer');
  });

  it('watches', async () => {
    const { settle, system } = createTestSystem();
    const probe = new TestProbe<string>(system);
    const [watched, unwatched] = [system.spawn(scripted()), system.spawn(scripted())];
    await settle();
    for (const pid of [watched, unwatched]) probe.watch(pid);
    probe.unwatch(unwatched);
    for (const pid of [watched, unwatched]) system.stop(pid);
    await settle();
    expect(probe.all()).toEqual([{ type: 'Terminated', who: watched, reason: 'stopped' }]);
  });
});

describe('a test system', () => {
  it('gives equal runs for equal seeds', async () => {
    const run = async (seed: number): Promise<string> => {
      const { settle, system } = createTestSystem({ seed });
      const pid = system.spawn(scripted());
      await settle();
      return pid.toString();
    };
    expect(await run(1)).toBe(await run(1));
    expect(await run(1)).not.toBe(await run(2));
  });

  it('lets time stand still until the test moves it', async () => {
    const { system, time } = createTestSystem();
    const probe = new TestProbe<string>(system);
    system.tellAfter(1000, probe.pid, 'later');
    await time.advanceAsync(999);
    probe.expectNothing();
    await time.advanceAsync(1);
    expect(probe.next()).toBe('later');
  });
});
