import { describe, expect, it } from '@jest/globals';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { type Child, type ChildListener, type ProcessPlan, Spawner, SupervisedProcess } from './supervised-process.js';

const plan: ProcessPlan = { id: 'pricing-1', service: 'pricing', entry: 'main.js', environment: {}, stage: 3 };

class FakeSpawner extends Spawner {
  readonly children: (Child & { listener: ChildListener; signals: string[] })[] = [];

  spawn(_plan: ProcessPlan, listener: ChildListener): Child {
    const signals: string[] = [];
    const child = {
      pid: 100 + this.children.length,
      listener,
      signals,
      kill: (signal: string) => signals.push(signal),
    };
    this.children.push(child);
    return child;
  }

  get last() {
    const child = this.children.at(-1);
    if (child === undefined) throw new Error('nothing was spawned');
    return child;
  }
}

function supervised() {
  const time = new VirtualTime();
  const spawner = new FakeSpawner();
  const notices: string[] = [];
  const observer = {
    line: () => undefined,
    notice: (_plan: ProcessPlan, text: string) => void notices.push(text),
    changed: () => undefined,
  };
  const one = new SupervisedProcess(plan, spawner, observer, time.clock, new SeededRandom(1), time);
  const becomeReady = (): void =>
    spawner.last.listener.onReady({ type: 'ready', service: 'pricing', id: plan.id, pid: spawner.last.pid });
  return { time, spawner, notices, one, becomeReady };
}

describe('SupervisedProcess', () => {
  it('is ready when the process says so', () => {
    const { one, becomeReady } = supervised();
    one.start();
    expect(one.state).toBe('starting');
    becomeReady();
    expect(one).toMatchObject({ state: 'ready', pid: 100, ready: { id: 'pricing-1' } });
  });

  it('starts what was killed again, soon', () => {
    const { time, spawner, notices, one, becomeReady } = supervised();
    one.start();
    becomeReady();
    spawner.last.listener.onExit('was ended by SIGKILL', undefined);
    expect(one).toMatchObject({ state: 'waiting', pid: undefined, ready: undefined });
    time.advance(200);
    expect(spawner.children).toHaveLength(2);
    becomeReady();
    expect(notices).toEqual([expect.stringMatching(/^was ended by SIGKILL; starting it again in \d+ ms$/), 'is back']);
  });

  it('waits longer with each failure in a row, and never gives up', () => {
    const { time, spawner, one } = supervised();
    one.start();
    for (let failure = 1; failure <= 30; failure++) {
      spawner.last.listener.onExit('ended with exit code 1', 1);
      time.advance(10_000);
      expect(spawner.children).toHaveLength(failure + 1);
    }
  });

  it('forgets failures when the process was ready for long', () => {
    const { time, spawner, one, becomeReady } = supervised();
    one.start();
    for (let failure = 1; failure <= 8; failure++) {
      spawner.last.listener.onExit('ended with exit code 1', 1);
      time.advance(10_000);
    }
    becomeReady();
    time.advance(20_000);
    spawner.last.listener.onExit('ended with exit code 1', 1);
    time.advance(200);
    expect(one.state).toBe('starting');
  });

  it('does not repeat a start that its settings forbid', () => {
    const { time, spawner, notices, one } = supervised();
    one.start();
    spawner.last.listener.onExit('ended with exit code 78', 78);
    time.advance(60_000);
    expect(one.state).toBe('refused');
    expect(spawner.children).toHaveLength(1);
    expect(notices[0]).toContain('settings are wrong');
  });

  it('stops by SIGTERM and does not start again', async () => {
    const { time, spawner, one, becomeReady } = supervised();
    one.start();
    becomeReady();
    const stopped = one.stop(5000);
    spawner.last.listener.onExit('ended with exit code 0', 0);
    await stopped;
    time.advance(60_000);
    expect(one.state).toBe('stopped');
    expect(spawner.last.signals).toEqual(['SIGTERM']);
    expect(spawner.children).toHaveLength(1);
  });

  it('kills what does not stop in time', async () => {
    const { time, spawner, one } = supervised();
    one.start();
    const stopped = one.stop(5000);
    time.advance(5000);
    expect(spawner.last.signals).toEqual(['SIGTERM', 'SIGKILL']);
    spawner.last.listener.onExit('was ended by SIGKILL', undefined);
    await stopped;
  });

  it('stops while it waits to start again', async () => {
    const { time, spawner, one } = supervised();
    one.start();
    spawner.last.listener.onExit('ended with exit code 1', 1);
    await one.stop(5000);
    time.advance(60_000);
    expect(spawner.children).toHaveLength(1);
  });
});
