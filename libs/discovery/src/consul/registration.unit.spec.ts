import { describe, expect, it } from '@jest/globals';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import type { DiscoveryEvent } from '../discovery-observer.port.js';
import { toInstance } from '../instance.mapper.js';
import type { ConsulAnswer, ConsulClient, ConsulRegistration, ConsulServiceEntry } from './consul.client.js';
import { Registration } from './registration.js';

const TTL_MS = 9_000;
const BEAT_MS = TTL_MS / 3;

/** An agent in memory that a test can break. */
class ScriptedAgent {
  readonly log: string[] = [];
  isDown = false;
  /** Holds the failing check of an earlier run, whose status it keeps when it is registered anew, as Consul does. */
  isHoldingOldCheck = false;
  registered: ConsulRegistration | undefined;
  private latency: Promise<void> = Promise.resolve();

  async register(registration: ConsulRegistration): Promise<void> {
    await this.answer(`register ${registration.Check.Status}`);
    this.registered = registration;
  }

  async pass(): Promise<'passed' | 'forgotten'> {
    await this.answer('pass');
    this.isHoldingOldCheck = false;
    return this.registered === undefined ? 'forgotten' : 'passed';
  }

  async setMaintenance(_: string, isEnabled: boolean, reason: string): Promise<void> {
    await this.answer(`maintenance ${isEnabled} ${reason}`.trim());
  }

  async serviceEntries(): Promise<ConsulAnswer<readonly ConsulServiceEntry[]>> {
    if (this.registered === undefined) return { index: 1, content: [] };
    const { ID, Name, Meta } = this.registered;
    const Service = { ID, Service: Name, Meta: { ...Meta } };
    return { index: 2, content: [{ Node: { Node: 'n', Address: '' }, Service, Checks: this.checks() }] };
  }

  private checks(): ConsulServiceEntry['Checks'] {
    return this.isHoldingOldCheck ? [{ CheckID: 'service:a', Status: 'critical' }] : [];
  }

  /** Holds every answer from now on until the returned function is called. */
  hold(): () => void {
    let release = (): void => undefined;
    this.latency = new Promise((resolve) => (release = resolve));
    return release;
  }

  private async answer(request: string): Promise<void> {
    this.log.push(request);
    await this.latency;
    if (this.isDown) throw new Error('refused');
  }
}

interface Stage {
  readonly time: VirtualTime;
  readonly agent: ScriptedAgent;
  readonly events: DiscoveryEvent[];
  readonly registration: Registration;
}

function stage(seed = 1): Stage {
  const time = new VirtualTime();
  const agent = new ScriptedAgent();
  const events: DiscoveryEvent[] = [];
  const endpoints = { grpc: { host: '127.0.0.1', port: 4000 } };
  const registration = new Registration(toInstance({ id: 'a', service: 's', incarnation: 'i', endpoints }), {
    client: agent as unknown as ConsulClient,
    clock: time.clock,
    random: new SeededRandom(seed),
    scheduler: time,
    observer: { observe: (event) => void events.push(event) },
    ttlMs: TTL_MS,
  });
  return { time, agent, events, registration };
}

describe('a registration', () => {
  it('passes its check at once: an agent may hold the failing one of an earlier run, and keeps its status', async () => {
    const { time, agent, registration, events } = stage();
    agent.isHoldingOldCheck = true;
    const registered = registration.start(undefined);
    await time.advanceAsync(100);
    await registered;
    expect(events.map(({ type }) => type)).toEqual(['registered']);
  });

  it('enters passing and beats three times in its TTL', async () => {
    const { time, agent, registration } = stage();
    await registration.start(undefined);
    await time.advanceAsync(TTL_MS);
    expect(agent.log).toEqual(['register passing', 'pass', 'pass', 'pass', 'pass']);
  });

  it('comes back within one beat and at most 2 s after it was forgotten, each at a time of its own', async () => {
    const delays: number[] = [];
    for (let seed = 1; seed <= 200; seed++) {
      const { time, agent, registration } = stage(seed);
      await registration.start(undefined);
      agent.registered = undefined;
      await time.advanceAsync(BEAT_MS);
      const foundOutAt = time.clock.monotonic();
      while (agent.registered === undefined) await time.advanceAsync(10);
      delays.push(time.clock.monotonic() - foundOutAt);
      await registration.stop();
    }
    expect(Math.max(...delays)).toBeLessThanOrEqual(2_010);
    expect(Math.max(...delays)).toBeGreaterThan(1_900);
    expect(Math.min(...delays)).toBeLessThan(100);
  });

  it('keeps beating through an outage and says that it is there again', async () => {
    const { time, agent, events, registration } = stage();
    await registration.start(undefined);
    agent.isDown = true;
    agent.registered = undefined;
    await time.advanceAsync(60_000);
    const failures = events.filter(({ type }) => type === 'beat-failed');
    expect(failures).toHaveLength(60_000 / BEAT_MS);
    agent.isDown = false;
    await time.advanceAsync(BEAT_MS + 2_000);
    expect(agent.registered).toBeDefined();
    expect(events.at(-1)).toEqual({ type: 'registered', instanceId: 'a', isRepeated: true });
  });

  it('comes back failing and out of rotation when it was out of rotation, and passes with its next beat', async () => {
    const { time, agent, registration } = stage();
    await registration.start(undefined);
    await registration.setMaintenance(true, 'a new disk', 1_000);
    agent.registered = undefined;
    agent.log.length = 0;
    await time.advanceAsync(2 * BEAT_MS);
    expect(agent.log).toEqual(['pass', 'register critical', 'maintenance true a new disk', 'pass']);
  });

  it('does not beat after it stopped, and has no request on its way', async () => {
    const { time, agent, registration } = stage();
    await registration.start(undefined);
    agent.registered = undefined;
    const release = agent.hold();
    await time.advanceAsync(BEAT_MS);
    let isStopped = false;
    const stopped = registration.stop().then(() => (isStopped = true));
    await time.advanceAsync(60_000);
    expect(isStopped).toBe(false);
    release();
    await stopped;
    await time.advanceAsync(60_000);
    expect(agent.log).toEqual(['register passing', 'pass', 'pass']);
    expect(time.pending).toBe(0);
  });

  it('tries again and again at first, with pauses up to 5 s', async () => {
    const { time, agent, events, registration } = stage();
    agent.isDown = true;
    const started = registration.start(undefined);
    await time.advanceAsync(60_000);
    const tries = events.filter(({ type }) => type === 'registration-failed').length;
    expect(tries).toBeGreaterThan(60_000 / 5_000);
    expect(tries).toBeLessThan(60);
    agent.isDown = false;
    await time.advanceAsync(5_000);
    await started;
  });
});
