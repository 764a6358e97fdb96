import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type DiscoveryAbilities, type DiscoverySubject, Stage } from './contract-stage.js';
import { describeColdStart, describeDeath, describeForgetting, describeOutage } from './outage-promises.js';

/** What every driver promises. `open` is called for each test. */
export function describeDiscovery(
  name: string,
  open: () => Promise<DiscoverySubject>,
  abilities: DiscoveryAbilities,
): void {
  describe(`discovery through ${name}`, () => {
    const stage = new Stage();
    beforeEach(async () => stage.begin(await open()));
    afterEach(() => stage.end());
    describe('registration', () => describeRegistration(stage));
    describe('rotation', () => describeRotation(stage));
    describe('watches', () => describeWatches(stage));
    describe('service names', () => describeNames(stage));
    if (abilities.hasChecks) describe('a dead instance', () => describeDeath(stage));
    if (abilities.canForget) describe('a forgetful registry', () => describeForgetting(stage));
    if (abilities.canDie) {
      describe('a registry that dies', () => describeOutage(stage));
      describe('a start while the registry is down', () => describeColdStart(stage));
    }
  });
}

function describeRegistration(stage: Stage): void {
  it('lists an instance with everything it said of itself', async () => {
    const instance = stage.instance('a', {
      weight: 7,
      endpoints: {
        ...stage.instance('a').endpoints,
        admin: { host: '::1', port: 4001, isSecure: true },
        http: { host: 'pricing.internal', port: 4002, isSecure: false },
      },
      capabilities: Array.from({ length: 40 }, (_, index) => `grain:a-kind-with-a-long-name-${index}`),
    });
    const probe = stage.probe();
    await stage.registrar.register(instance);
    expect((await probe.untilUsable(instance.id)).instances).toEqual([instance]);
  });

  it('resolves when consumers see the instance, not before', async () => {
    await stage.registrar.register(stage.instance('a'));
    const { instances, source } = await stage.resolver.lookup(stage.service);
    expect(instances.map(({ id }) => id)).toEqual([stage.id('a')]);
    expect(source).toBe('registry');
  });

  it('orders instances by id, whenever they came', async () => {
    const probe = stage.probe();
    for (const name of ['c', 'a', 'b']) await stage.registrar.register(stage.instance(name));
    const { instances } = await probe.untilUsable(stage.id('a'), stage.id('b'), stage.id('c'));
    expect(instances.map(({ id }) => id)).toEqual(['a', 'b', 'c'].map((name) => stage.id(name)));
  });

  it('replaces an id that comes back as another incarnation', async () => {
    const probe = stage.probe();
    await stage.registrar.register(stage.instance('a'));
    const next = stage.instance('a', { version: '2.0.0' });
    await stage.subject.createRegistrar().register(next);
    const { instances } = await probe.until(({ instances: [only] }) => only?.incarnation === next.incarnation);
    expect(instances).toEqual([next]);
  });

  it('takes back what it deregisters, and does not mind an id nobody knows', async () => {
    const probe = stage.probe();
    await stage.registrar.register(stage.instance('a'));
    await stage.registrar.register(stage.instance('b'));
    await probe.untilUsable(stage.id('a'), stage.id('b'));
    await stage.registrar.deregister(stage.id('a'));
    await probe.untilUsable(stage.id('b'));
    await stage.registrar.deregister(stage.id('b'));
    await probe.untilUsable();
    await stage.registrar.deregister(stage.id('b'));
  });

  it('refuses an instance that makes no sense and names the field', async () => {
    const broken = stage.instance('a', { weight: 0 });
    await expect(stage.registrar.register(broken)).rejects.toMatchObject({
      code: 'INSTANCE_INVALID',
      violations: [{ field: 'weight' }],
    });
  });

  it('gives up when told to', async () => {
    const registering = stage.registrar.register(stage.instance('a'), AbortSignal.abort());
    await expect(registering).rejects.toMatchObject({ code: 'REGISTRATION_ABORTED' });
  });
}

function describeRotation(stage: Stage): void {
  it('takes an instance out of rotation by name and puts it back', async () => {
    const probe = stage.probe();
    await stage.registrar.register(stage.instance('a'));
    await stage.registrar.register(stage.instance('b'));
    await probe.untilUsable(stage.id('a'), stage.id('b'));
    await stage.registrar.setMaintenance(stage.id('a'), true, 'a new disk');
    expect((await probe.untilUsable(stage.id('b'))).outOfRotation).toEqual([stage.id('a')]);
    await stage.registrar.setMaintenance(stage.id('a'), false, '');
    expect((await probe.untilUsable(stage.id('a'), stage.id('b'))).outOfRotation).toEqual([]);
  });

  it('takes the last instance out of rotation too', async () => {
    const probe = stage.probe();
    await stage.registrar.register(stage.instance('a'));
    await probe.untilUsable(stage.id('a'));
    await stage.registrar.setMaintenance(stage.id('a'), true, 'a new disk');
    expect((await probe.untilUsable()).outOfRotation).toEqual([stage.id('a')]);
  });

  it('keeps out of rotation what is registered again, as the same process or as the next one', async () => {
    const id = stage.id('a');
    const earlier = stage.subject.createRegistrar();
    await earlier.register(stage.instance('a'));
    await earlier.setMaintenance(id, true, 'a new disk');
    const probe = stage.probe();
    await probe.until(({ outOfRotation }) => outOfRotation.includes(id));
    await earlier.register(stage.instance('a'));
    await earlier.close();
    const next = stage.instance('a');
    await stage.registrar.register(next);
    expect((await stage.resolver.lookup(stage.service)).outOfRotation).toEqual([id]);
    for (const { instances } of probe.snapshots) expect(instances).toEqual([]);
    await stage.registrar.setMaintenance(id, false, '');
    expect((await probe.untilUsable(id)).instances).toEqual([next]);
  });

  it('knows only what it registered', async () => {
    const unknown = stage.registrar.setMaintenance(stage.id('a'), true, '');
    await expect(unknown).rejects.toMatchObject({ code: 'INSTANCE_NOT_REGISTERED' });
  });
}

function describeWatches(stage: Stage): void {
  it('tells a second watch at once what the first one knows', async () => {
    await stage.registrar.register(stage.instance('a'));
    await stage.probe().untilUsable(stage.id('a'));
    expect(stage.probe().ids).toEqual([stage.id('a')]);
  });

  it('tells every watch, and none that is closed', async () => {
    const [closed, open] = [stage.probe(), stage.probe()];
    await stage.registrar.register(stage.instance('a'));
    await Promise.all([closed.untilUsable(stage.id('a')), open.untilUsable(stage.id('a'))]);
    closed.close();
    await stage.registrar.register(stage.instance('b'));
    await open.untilUsable(stage.id('a'), stage.id('b'));
    expect(closed.ids).toEqual([stage.id('a')]);
  });

  it('is silent when nothing has changed', async () => {
    const probe = stage.probe();
    const instance = stage.instance('a');
    await stage.registrar.register(instance);
    await probe.untilUsable(stage.id('a'));
    const before = probe.snapshots.length;
    await stage.registrar.register(instance);
    await stage.registrar.register(stage.instance('b'));
    await probe.untilUsable(stage.id('a'), stage.id('b'));
    expect(probe.snapshots).toHaveLength(before + 1);
    expect(probe.last?.instances[0]).toBe(probe.snapshots[before - 1]?.instances[0]);
  });

  it('survives a callback that throws', async () => {
    stage.resolver.watch(stage.service, () => {
      throw new Error('the callback is broken');
    });
    const probe = stage.probe();
    await stage.registrar.register(stage.instance('a'));
    await probe.untilUsable(stage.id('a'));
  });

  it('starts again after the last watch of a service has closed', async () => {
    await stage.registrar.register(stage.instance('a'));
    const first = stage.probe();
    await first.untilUsable(stage.id('a'));
    first.close();
    await stage.registrar.register(stage.instance('b'));
    await stage.probe().untilUsable(stage.id('a'), stage.id('b'));
  });
}

function describeNames(stage: Stage): void {
  it('tells which services exist, as they come and go', async () => {
    const seen: (readonly string[])[] = [];
    const arrived = new Promise<void>((resolve) => {
      stage.resolver.watchServices((names) => {
        seen.push(names);
        if (names.includes(stage.service)) resolve();
      });
    });
    await stage.registrar.register(stage.instance('a'));
    await arrived;
    expect(seen.at(-1)).toEqual([...(seen.at(-1) ?? [])].sort());
    expect(seen.at(-1)).not.toContain('consul');
    const left = new Promise<void>((resolve) => {
      stage.resolver.watchServices((names) => {
        if (!names.includes(stage.service)) resolve();
      });
    });
    await stage.registrar.deregister(stage.id('a'));
    await left;
  });
}
