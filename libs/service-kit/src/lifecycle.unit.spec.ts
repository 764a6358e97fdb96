import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import { type LifecycleLimits, type LifecyclePorts, ServiceLifecycle } from './lifecycle.js';

const limits: LifecycleLimits = { deregisterMs: 2000, propagationMs: 1000, flushMs: 1000, drainLimitMs: 10_000 };

class RecordedPorts implements LifecyclePorts {
  readonly steps: string[] = [];
  registration: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  deregistration: () => Promise<void> = () => Promise.resolve();

  setServing(isServing: boolean): void {
    this.steps.push(isServing ? 'serving' : 'not serving');
  }

  register(signal: AbortSignal): Promise<void> {
    this.steps.push('register');
    return this.registration(signal);
  }

  deregister(): Promise<void> {
    this.steps.push('deregister');
    return this.deregistration();
  }

  sayGoodbye(): void {
    this.steps.push('goodbye');
  }

  async close(): Promise<void> {
    this.steps.push('close');
  }

  async flush(): Promise<void> {
    this.steps.push('flush');
  }

  warn(step: string): void {
    this.steps.push(`warn ${step}`);
  }
}

function started(change: Partial<LifecycleLimits> = {}): {
  time: VirtualTime;
  ports: RecordedPorts;
  life: ServiceLifecycle;
} {
  const time = new VirtualTime();
  const ports = new RecordedPorts();
  return { time, ports, life: new ServiceLifecycle(ports, { ...limits, ...change }, time.clock, time) };
}

describe('ServiceLifecycle', () => {
  it('registers only when every requirement is met', async () => {
    const { time, ports, life } = started();
    const routes = life.require('routes');
    const start = life.start();
    await time.advanceAsync(100);
    expect(ports.steps).toEqual([]);
    expect(life.reasons()).toEqual(['starting', 'routes: not yet there']);
    routes.met();
    expect(await start).toBe('ready');
    expect(ports.steps).toEqual(['serving', 'register']);
    expect(life.reasons()).toEqual([]);
  });

  it('stops serving while a requirement is lost', async () => {
    const { ports, life } = started();
    const database = life.require('database');
    database.met();
    await life.start();
    database.unmet('connection refused');
    expect(life.reasons()).toEqual(['database: connection refused']);
    database.met();
    expect(ports.steps.slice(2)).toEqual(['not serving', 'serving']);
  });

  it('stops in order, and deregisters before it closes', async () => {
    const { time, ports, life } = started();
    life.add({
      name: 'edge',
      stop: () => ports.steps.push('stop edge'),
      handOver: async () => void ports.steps.push('hand over edge'),
      drain: async () => void ports.steps.push('drain edge'),
      finish: async () => void ports.steps.push('finish edge'),
    });
    await life.start();
    const stop = life.stop();
    await time.advanceAsync(3000);
    expect(await stop).toMatchObject({ isClean: true, cutCalls: 0 });
    expect(ports.steps.slice(2)).toEqual([
      'not serving',
      'stop edge',
      'deregister',
      'goodbye',
      'hand over edge',
      'drain edge',
      'finish edge',
      'flush',
      'close',
    ]);
    expect(life.phase).toBe('stopped');
  });

  it('goes on when a part of the app fails to stop', async () => {
    const { time, ports, life } = started();
    life.add({
      name: 'loop',
      stop: () => {
        throw new Error('a defect');
      },
      drain: () => Promise.reject(new Error('another')),
    });
    life.add({ name: 'edge', stop: () => ports.steps.push('stop edge') });
    await life.start();
    const stop = life.stop();
    await time.advanceAsync(3000);
    expect(await stop).toMatchObject({ isClean: true });
    expect(ports.steps.slice(2)).toEqual([
      'not serving',
      'warn stop loop',
      'stop edge',
      'deregister',
      'goodbye',
      'warn drain loop',
      'flush',
      'close',
    ]);
  });

  it('ends the wait for callers early when no new call comes', async () => {
    const { time, life } = started();
    await life.start();
    const stop = life.stop();
    await time.advanceAsync(600);
    expect((await stop).durationMs).toBeLessThanOrEqual(600);
  });

  it('waits the whole propagation time while new calls keep coming', async () => {
    const { time, ports, life } = started();
    let accepted = 0;
    const traffic = time.interval(100, () => accepted++);
    life.add({ name: 'rpc', accepted: () => accepted });
    await life.start();
    const stop = life.stop();
    await time.advanceAsync(950);
    expect(ports.steps).not.toContain('close');
    await time.advanceAsync(200);
    traffic.cancel();
    expect((await stop).durationMs).toBeGreaterThanOrEqual(1000);
  });

  it('cuts what is still running at the limit and says how much', async () => {
    const { time, life } = started();
    life.add({ name: 'rpc', inFlight: () => 3 });
    await life.start();
    const stop = life.stop();
    await time.advanceAsync(10_000);
    expect(await stop).toMatchObject({ isClean: false, cutCalls: 3, step: 'drain' });
  });

  it('goes on when the registry does not answer the deregistration', async () => {
    const { time, ports, life } = started();
    ports.deregistration = () => new Promise(() => undefined);
    await life.start();
    const stop = life.stop();
    await time.advanceAsync(5000);
    expect(await stop).toMatchObject({ isClean: true });
    expect(ports.steps).toContain('warn deregister');
  });

  it('gives up registering when the stop comes first, and never calls itself ready', async () => {
    const { time, ports, life } = started();
    ports.registration = (signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    const start = life.start();
    await time.advanceAsync(10);
    const stop = life.stop();
    await time.advanceAsync(2000);
    expect(await start).not.toBe('ready');
    expect(await stop).toMatchObject({ isClean: true });
  });

  it('runs one stop however often it is asked', async () => {
    const { time, ports, life } = started();
    await life.start();
    const both = Promise.all([life.stop(), life.stop()]);
    await time.advanceAsync(3000);
    const [first, second] = await both;
    expect(first).toBe(second);
    expect(ports.steps.filter((step) => step === 'close')).toHaveLength(1);
  });

  it('fails the start when the registrar refuses for good', async () => {
    const { ports, life } = started();
    ports.registration = () => Promise.reject(new Error('no such permission'));
    await expect(life.start()).rejects.toThrow('no such permission');
  });
});
