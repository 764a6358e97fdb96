import { describe, expect, it } from '@jest/globals';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import type { DiscoveryEvent } from '../discovery-observer.port.js';
import { toInstance } from '../instance.mapper.js';
import { ScriptedAgent } from '../testing/scripted-agent.js';
import type { ConsulClient } from './consul.client.js';
import { type ConsulCheck, LivenessCheck } from './liveness-check.js';
import { Registration } from './registration.js';

const TTL_MS = 9_000;
const BEAT_MS = TTL_MS / 3;

interface Stage {
  readonly time: VirtualTime;
  readonly agent: ScriptedAgent;
  readonly events: DiscoveryEvent[];
  readonly registration: Registration;
}

const TTL: ConsulCheck = { kind: 'ttl', ttlMs: TTL_MS };
const GRPC: ConsulCheck = { kind: 'grpc', intervalMs: BEAT_MS, timeoutMs: 1_000 };
const NEVER = new AbortController().signal;

function stage(seed = 1, check = TTL): Stage {
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
    check: new LivenessCheck(check),
  });
  return { time, agent, events, registration };
}

describe('a registration', () => {
  it('passes its check at once: an agent may hold the failing one of an earlier run, and keeps its status', async () => {
    const { time, agent, registration, events } = stage();
    agent.checks.set('service:a', { isPassing: false });
    const registered = registration.start(NEVER);
    await time.advanceAsync(100);
    await registered;
    expect(events.map(({ type }) => type)).toEqual(['registered']);
  });

  it('beats three times in its TTL', async () => {
    const { time, agent, registration } = stage();
    await registration.start(NEVER);
    const [look, pass] = ['look', 'pass service:a'];
    await time.advanceAsync(TTL_MS);
    expect(agent.log.slice(0, 3)).toEqual(['register service:a 9000ms', 'remove the other check', pass]);
    expect(agent.log.slice(3)).toEqual([look, pass, look, pass, look, pass]);
  });

  it('comes back within one beat and at most 2 s after it was forgotten, each at a time of its own', async () => {
    const delays: number[] = [];
    for (let seed = 1; seed <= 200; seed++) {
      const { time, agent, registration } = stage(seed);
      await registration.start(NEVER);
      agent.forget();
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

  it('comes back when the agent lost only its check', async () => {
    const { time, agent, registration } = stage();
    await registration.start(NEVER);
    agent.checks.clear();
    await time.advanceAsync(BEAT_MS + 2_000);
    expect(agent.checks.get('service:a')).toEqual({ isPassing: true });
  });

  it('keeps beating through an outage and says that it is there again', async () => {
    const { time, agent, events, registration } = stage();
    await registration.start(NEVER);
    agent.isDown = true;
    agent.forget();
    await time.advanceAsync(60_000);
    const failures = events.filter(({ type }) => type === 'beat-failed');
    expect(failures).toHaveLength(60_000 / BEAT_MS);
    agent.isDown = false;
    await time.advanceAsync(BEAT_MS + 2_000);
    expect(agent.registered).toBeDefined();
    expect(events.at(-1)).toEqual({ type: 'registered', instanceId: 'a', isRepeated: true });
  });

  it('leaves alone what another process registered under its id, and says so', async () => {
    const { time, agent, events, registration } = stage();
    await registration.start(NEVER);
    const ours = agent.registered;
    if (ours === undefined) throw new Error('nothing is registered');
    agent.registered = { ...ours, Meta: { ...ours.Meta, incarnation: 'another' } };
    agent.log.length = 0;
    await time.advanceAsync(2 * BEAT_MS);
    expect(agent.log).toEqual(['look', 'look']);
    expect(events.at(-1)).toMatchObject({ type: 'beat-failed', error: { code: 'INSTANCE_ID_TAKEN' }, failures: 2 });
    expect(await registration.isReplaced(1_000)).toBe(true);
    agent.forget();
    await time.advanceAsync(BEAT_MS + 2_000);
    expect(await registration.isReplaced(1_000)).toBe(false);
    expect(agent.registered?.Meta['incarnation']).toBe('i');
  });

  it('does not beat after it stopped, and has no request on its way', async () => {
    const { time, agent, registration } = stage();
    await registration.start(NEVER);
    const release = agent.hold();
    agent.log.length = 0;
    await time.advanceAsync(BEAT_MS);
    let isStopped = false;
    const stopped = registration.stop().then(() => (isStopped = true));
    await time.advanceAsync(60_000);
    expect(isStopped).toBe(false);
    agent.forget();
    release();
    await stopped;
    await time.advanceAsync(60_000);
    expect(agent.log).toEqual(['look']);
    expect(time.pending).toBe(0);
  });

  it('tries again and again at first, with pauses up to 5 s', async () => {
    const { time, agent, events, registration } = stage();
    agent.isDown = true;
    const started = registration.start(NEVER);
    await time.advanceAsync(60_000);
    const tries = events.filter(({ type }) => type === 'registration-failed').length;
    expect(tries).toBeGreaterThan(60_000 / 5_000);
    expect(tries).toBeLessThan(60);
    agent.isDown = false;
    await time.advanceAsync(5_000);
    await started;
  });

  it('fails when the agent forgets it between two steps, and tries again', async () => {
    const { time, agent, events, registration } = stage();
    const release = agent.hold();
    const started = registration.start(NEVER);
    release();
    agent.removeCheck = async () => agent.forget();
    await time.advanceAsync(0);
    expect(events).toMatchObject([{ type: 'registration-failed', failures: 1 }]);
    agent.removeCheck = async () => undefined;
    await time.advanceAsync(5_000);
    await started;
  });
});

describe('a registration out of rotation', () => {
  async function outOfRotation(check = TTL): Promise<Stage> {
    const staged = stage(1, check);
    const started = staged.registration.start(NEVER);
    await staged.time.advanceAsync(0);
    for (const held of staged.agent.checks.values()) held.isPassing = true;
    await staged.time.advanceAsync(2_000);
    await started;
    await staged.registration.setMaintenance(true, 'a new disk', 1_000);
    staged.agent.log.length = 0;
    return staged;
  }

  it('comes back behind a failing check, and passes it with its next beat', async () => {
    const { time, agent } = await outOfRotation();
    agent.forget();
    await time.advanceAsync(2 * BEAT_MS);
    expect(agent.log).toEqual([
      'look',
      'register service:a 1m',
      'maintenance true a new disk',
      'register service:a 9000ms',
      'remove the other check',
      'look',
      'pass service:a',
    ]);
  });

  it('comes back behind a failing check when Consul checks by itself, too', async () => {
    const { time, agent } = await outOfRotation(GRPC);
    agent.forget();
    await time.advanceAsync(2 * BEAT_MS);
    expect(agent.log.slice(0, 5)).toEqual([
      'look',
      'register service:a 1m',
      'maintenance true a new disk',
      'register grpc:a critical',
      'remove the other check',
    ]);
    expect([...agent.checks.keys()]).toEqual(['grpc:a']);
  });

  it('is put there by whoever tells the agent, and comes back there', async () => {
    const { time, agent, registration } = stage();
    await registration.start(NEVER);
    agent.maintenance = 'the operator looks into it';
    await time.advanceAsync(BEAT_MS);
    agent.forget();
    await time.advanceAsync(2 * BEAT_MS);
    expect(agent.maintenance).toBe('the operator looks into it');
    agent.maintenance = undefined;
    await time.advanceAsync(BEAT_MS);
    agent.forget();
    await time.advanceAsync(2 * BEAT_MS);
    expect(agent.maintenance).toBeUndefined();
  });

  it('stays there when only half of its way back succeeded', async () => {
    const { time, agent } = await outOfRotation();
    agent.forget();
    const { setMaintenance } = agent;
    agent.setMaintenance = () => Promise.reject(new Error('refused'));
    await time.advanceAsync(2 * BEAT_MS);
    expect([...agent.checks.values()]).toEqual([{ isPassing: false }]);
    agent.setMaintenance = setMaintenance;
    await time.advanceAsync(2 * BEAT_MS);
    expect(agent.maintenance).toBe('a new disk');
  });

  it('enters so when the agent forgot it just before', async () => {
    const { agent, registration } = stage();
    await registration.start(NEVER);
    agent.forget();
    await registration.setMaintenance(true, 'a new disk', 1_000);
    expect(agent.maintenance).toBe('a new disk');
    expect([...agent.checks.values()]).toEqual([{ isPassing: false }]);
  });

  it('is not undone by a beat that looked before', async () => {
    const { time, agent, registration } = stage();
    await registration.start(NEVER);
    const release = agent.hold();
    await time.advanceAsync(BEAT_MS);
    const out = registration.setMaintenance(true, 'a new disk', 1_000);
    release();
    await out;
    await time.advanceAsync(0);
    agent.forget();
    await time.advanceAsync(2 * BEAT_MS);
    expect(agent.maintenance).toBe('a new disk');
  });
});

describe('a registration that Consul checks by itself', () => {
  it('enters failing, waits for the first verdict, and then only looks whether it is still known', async () => {
    const { time, agent, events, registration } = stage(1, GRPC);
    const started = registration.start(NEVER);
    await time.advanceAsync(1_000);
    expect(events).toEqual([]);
    agent.checks.set('grpc:a', { isPassing: true });
    await time.advanceAsync(1_000);
    await started;
    await time.advanceAsync(2 * BEAT_MS);
    expect(agent.log).toEqual(['register grpc:a critical', 'remove the other check', 'look', 'look']);
    expect(agent.registered?.Check).toEqual({
      CheckID: 'grpc:a',
      GRPC: '127.0.0.1:4000',
      GRPCUseTLS: false,
      TLSSkipVerify: false,
      Interval: '3000ms',
      Timeout: '1000ms',
      DeregisterCriticalServiceAfter: '1m',
    });
  });

  it.each([
    [true, 'passing'],
    [false, 'critical'],
  ])('that passed last: %s, comes back %s', async (isPassing, status) => {
    const { time, agent, registration } = stage(1, GRPC);
    agent.checks.set('grpc:a', { isPassing: true });
    await registration.start(NEVER);
    agent.checks.set('grpc:a', { isPassing });
    await time.advanceAsync(BEAT_MS);
    agent.forget();
    agent.log.length = 0;
    await time.advanceAsync(BEAT_MS + 2_000);
    expect(agent.log).toContain(`register grpc:a ${status}`);
  });
});
