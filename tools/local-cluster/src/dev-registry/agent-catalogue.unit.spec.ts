import { describe, expect, it } from '@jest/globals';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { AgentCatalogue } from './agent-catalogue.js';
import { type HealthCall, HealthProbe } from './health-probe.port.js';
import { parseRegistration, type ServiceRegistration } from './service-registration.js';

function pricing(ttl = '10s'): ServiceRegistration {
  const check = { CheckID: 'service:pricing-1', TTL: ttl, Status: 'passing', DeregisterCriticalServiceAfter: '1s' };
  const parsed = parseRegistration(JSON.stringify({ ID: 'pricing-1', Name: 'pricing', Check: check }));
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
}

/** Answers health calls as the test says, and keeps them. */
class ScriptedProbe extends HealthProbe {
  readonly calls: HealthCall[] = [];
  isServing = true;

  async call(call: HealthCall): ReturnType<HealthProbe['call']> {
    this.calls.push(call);
    return { isServing: this.isServing, output: this.isServing ? 'success' : 'refused' };
  }
}

function opened(probe = new ScriptedProbe()): { time: VirtualTime; catalogue: AgentCatalogue } {
  const time = new VirtualTime();
  return { time, catalogue: new AgentCatalogue(time.clock, new SeededRandom(1), time, probe) };
}

describe('the catalogue of the dev registry', () => {
  it('begins with index 1, and no change ever lowers an index', () => {
    const { catalogue } = opened();
    expect([catalogue.serviceIndex('pricing'), catalogue.servicesIndex]).toEqual([1, 1]);
    const indexes: number[] = [];
    const changes = [
      () => catalogue.register(pricing(), true),
      () => catalogue.setMaintenance('pricing-1', true, ''),
      () => catalogue.setMaintenance('pricing-1', false, ''),
      () => catalogue.updateCheck('service:pricing-1', 'critical', ''),
      () => catalogue.deregister('pricing-1'),
      () => catalogue.register(pricing(), true),
    ];
    for (const change of changes) {
      change();
      indexes.push(catalogue.serviceIndex('pricing'));
    }
    expect(indexes).toEqual([...new Set(indexes)].sort((one, other) => one - other));
  });

  it('says nothing when a beat changes nothing', () => {
    const { catalogue } = opened();
    catalogue.register(pricing(), true);
    let changes = 0;
    catalogue.onChange(() => changes++);
    expect(catalogue.updateCheck('service:pricing-1', 'passing', '')).toBe(true);
    expect(changes).toBe(0);
  });

  it('turns a check critical when no beat came within its TTL', () => {
    const { time, catalogue } = opened();
    catalogue.register(pricing(), true);
    time.advance(9_999);
    catalogue.updateCheck('service:pricing-1', 'passing', '');
    time.advance(9_999);
    expect(catalogue.checks.get('service:pricing-1')?.status).toBe('passing');
    time.advance(1);
    expect(catalogue.checks.get('service:pricing-1')).toMatchObject({ status: 'critical', output: 'TTL expired' });
  });

  it('drops a service that stayed critical for a minute, whatever shorter time it asked for', () => {
    const { time, catalogue } = opened();
    catalogue.register(pricing(), true);
    time.advance(10_000 + 59_000);
    expect(catalogue.services.size).toBe(1);
    // The reaper comes every 30 s.
    time.advance(31_000);
    expect(catalogue.services.size).toBe(0);
    expect(catalogue.checks.size).toBe(0);
  });

  it('knows checks by their own ids only', () => {
    const { catalogue } = opened();
    catalogue.register(pricing(), true);
    expect(catalogue.updateCheck('pricing-1', 'passing', '')).toBe(false);
    expect(catalogue.setMaintenance('pricing-2', true, '')).toBe(false);
    expect(catalogue.deregister('pricing-2')).toBe(false);
  });

  it('keeps the state of a check that is registered again, as the TTL begins anew', () => {
    const { time, catalogue } = opened();
    catalogue.register(pricing(), true);
    time.advance(10_000);
    catalogue.register(pricing(), true);
    expect(catalogue.checks.get('service:pricing-1')).toMatchObject({ status: 'critical', output: 'TTL expired' });
    catalogue.updateCheck('service:pricing-1', 'passing', '');
    catalogue.register(pricing(), true);
    time.advance(9_999);
    expect(catalogue.checks.get('service:pricing-1')?.status).toBe('passing');
  });

  it('tells the askers of both names when a service changes its name', () => {
    const { catalogue } = opened();
    catalogue.register(pricing(), true);
    const before = catalogue.serviceIndex('pricing');
    catalogue.register({ ...pricing(), Name: 'prices' }, true);
    expect(catalogue.serviceIndex('pricing')).toBeGreaterThan(before);
    expect(catalogue.serviceIndex('prices')).toBeGreaterThan(before);
    expect(catalogue.checks.get('service:pricing-1')?.status).toBe('passing');
  });

  it('calls for a gRPC check once in its interval, and believes what it hears', async () => {
    const probe = new ScriptedProbe();
    const { time, catalogue } = opened(probe);
    const check = { CheckID: 'grpc:pricing-1', GRPC: '127.0.0.1:4000', Interval: '5s', Timeout: '2s' };
    const parsed = parseRegistration(JSON.stringify({ ID: 'pricing-1', Name: 'pricing', Check: check }));
    if ('problem' in parsed) throw new Error(parsed.problem);
    catalogue.register(parsed, false);
    expect(catalogue.checks.get('grpc:pricing-1')?.status).toBe('critical');
    expect(catalogue.updateCheck('grpc:pricing-1', 'passing', '')).toBe(false);
    await time.advanceAsync(5_000);
    expect(catalogue.checks.get('grpc:pricing-1')).toMatchObject({ status: 'passing', output: 'success' });
    probe.isServing = false;
    await time.advanceAsync(5_000);
    expect(catalogue.checks.get('grpc:pricing-1')).toMatchObject({ status: 'critical', output: 'refused' });
    catalogue.deregister('pricing-1');
    await time.advanceAsync(60_000);
    const call = { target: '127.0.0.1:4000', usesTls: false, skipsVerification: false, timeoutMs: 2_000 };
    expect(probe.calls).toEqual([call, call]);
  });

  it('leaves no timer behind', () => {
    const { time, catalogue } = opened();
    catalogue.register(pricing(), true);
    catalogue.close();
    expect(time.pending).toBe(0);
  });
});

describe('a registration sent to the dev registry', () => {
  it.each([
    ['{bad', /^Request decode failed/],
    ['{"ID":"x"}', /^Missing service name$/],
    ['{"Name":"x","Check":{"TTL":"soon"}}', /invalid duration "soon"/],
    ['{"Name":"x","Check":{"HTTP":"http://x","Interval":"1s"}}', /unknown field "HTTP"/],
  ])('%s is refused', (body, reason) => {
    expect(parseRegistration(body)).toMatchObject({ problem: expect.stringMatching(reason) });
  });
});
