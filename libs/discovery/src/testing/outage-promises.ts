import { expect, it } from '@jest/globals';
import { EventProbe, type Stage } from './contract-stage.js';

export function describeDeath(stage: Stage): void {
  it('leaves when its process ends', async () => {
    const dying = stage.subject.createRegistrar();
    const probe = stage.probe();
    await stage.registrar.register(stage.instance('a'));
    await dying.register(stage.instance('b'));
    await probe.untilUsable(stage.id('a'), stage.id('b'));
    await stage.killInstance('b', dying);
    await probe.untilUsable(stage.id('a'));
  });

  it('comes back under its id as soon as it is started again, though its check has failed', async () => {
    const dying = stage.subject.createRegistrar();
    const probe = stage.probe();
    await stage.registrar.register(stage.instance('a'));
    await dying.register(stage.instance('b'));
    await probe.untilUsable(stage.id('a'), stage.id('b'));
    await stage.killInstance('b', dying);
    await probe.untilUsable(stage.id('a'));
    await stage.subject.startProcess?.('b');
    const events = new EventProbe();
    const next = stage.instance('b');
    await stage.subject.createRegistrar(events).register(next);
    expect(events.events).toEqual([{ type: 'registered', instanceId: next.id, isRepeated: false }]);
    const { instances } = await probe.untilUsable(stage.id('a'), next.id);
    expect(instances).toContainEqual(next);
  });

  it('stays for a grace when it was the last one, because the registry may be what stood still', async () => {
    const dying = stage.subject.createRegistrar();
    const probe = stage.probe();
    await dying.register(stage.instance('a'));
    await probe.untilUsable(stage.id('a'));
    await stage.killInstance('a', dying);
    expect((await probe.until(({ unconfirmed = [] }) => unconfirmed.length > 0)).unconfirmed).toEqual([stage.id('a')]);
    await probe.untilUsable();
  });
}

export function describeForgetting(stage: Stage): void {
  it('gets back an instance that it forgot', async () => {
    const events = new EventProbe();
    const registrar = stage.subject.createRegistrar(events);
    const instance = stage.instance('a');
    await registrar.register(instance);
    const again = events.next('registered');
    await stage.subject.forget?.(instance.id);
    expect(await again).toMatchObject({ instanceId: instance.id, isRepeated: true });
    const { instances } = await stage.probe().untilUsable(instance.id);
    expect(instances).toEqual([instance]);
  });

  it('gets it back out of rotation when it was', async () => {
    const events = new EventProbe();
    const registrar = stage.subject.createRegistrar(events);
    const id = stage.id('a');
    await registrar.register(stage.instance('a'));
    await registrar.setMaintenance(id, true, 'a new disk');
    const again = events.next('registered');
    await stage.subject.forget?.(id);
    await again;
    expect((await stage.probe().until(({ outOfRotation }) => outOfRotation.includes(id))).instances).toEqual([]);
    await registrar.setMaintenance(id, false, '');
    await stage.probe().untilUsable(id);
  });
}

export function describeOutage(stage: Stage): void {
  it('costs nobody a single instance or name, though it comes back empty', async () => {
    const [a, b] = [stage.id('a'), stage.id('b')];
    const names: (readonly string[])[] = [];
    stage.resolver.watchServices((services) => names.push(services));
    const probe = stage.probe();
    await stage.registrar.register(stage.instance('a'));
    await stage.subject.createRegistrar().register(stage.instance('b'));
    const full = probe.snapshots.indexOf(await probe.untilUsable(a, b));
    await stage.subject.kill?.();
    await probe.until(({ source }) => source === 'last-known-good');
    await stage.subject.restartEmpty?.();
    await probe.untilUsable(a, b);
    for (const { instances } of probe.snapshots.slice(full)) expect(instances.map(({ id }) => id)).toEqual([a, b]);
    const named = names.findIndex((services) => services.includes(stage.service));
    for (const services of names.slice(named)) expect(services).toContain(stage.service);
  });

  it('says which instances it has not seen again, and lets go of them after a grace', async () => {
    const [a, b] = [stage.id('a'), stage.id('b')];
    const dying = stage.subject.createRegistrar();
    const probe = stage.probe();
    await stage.registrar.register(stage.instance('a'));
    await dying.register(stage.instance('b'));
    await probe.untilUsable(a, b);
    await stage.subject.kill?.();
    await probe.until(({ source }) => source === 'last-known-good');
    await dying.close();
    await stage.subject.restartEmpty?.();
    const doubtful = await probe.until(({ unconfirmed = [] }) => unconfirmed.join() === b);
    expect(doubtful.instances.map(({ id }) => id)).toEqual([a, b]);
    await probe.untilUsable(a);
  });

  it('believes at once that an instance left which it had seen again', async () => {
    const [a, b, c] = [stage.id('a'), stage.id('b'), stage.id('c')];
    const dying = stage.subject.createRegistrar();
    const probe = stage.probe();
    await stage.registrar.register(stage.instance('a'));
    await stage.registrar.register(stage.instance('b'));
    await dying.register(stage.instance('c'));
    await probe.untilUsable(a, b, c);
    await stage.subject.kill?.();
    await probe.until(({ source }) => source === 'last-known-good');
    await dying.close();
    await stage.subject.restartEmpty?.();
    await probe.until(({ unconfirmed = [] }) => unconfirmed.join() === c);
    await stage.registrar.deregister(a);
    const { instances } = await probe.until(({ instances: now }) => !now.some(({ id }) => id === a));
    expect(instances.map(({ id }) => id)).toContain(b);
  });

  it('fails a lookup and a deregistration, by name and within bounds', async () => {
    await stage.registrar.register(stage.instance('a'));
    await stage.subject.kill?.();
    await expect(stage.resolver.lookup(stage.service)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    await expect(stage.registrar.setMaintenance(stage.id('a'), true, '')).rejects.toMatchObject({
      code: 'REGISTRY_UNAVAILABLE',
    });
    await expect(stage.registrar.deregister(stage.id('a'))).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  });
}

export function describeColdStart(stage: Stage): void {
  it('registers as soon as it is there', async () => {
    await stage.subject.kill?.();
    const events = new EventProbe();
    const failed = events.next('registration-failed');
    const registering = stage.subject.createRegistrar(events).register(stage.instance('a'));
    await failed;
    await stage.subject.restartEmpty?.();
    await registering;
    await stage.probe().untilUsable(stage.id('a'));
  });

  it('gives up registering when told to', async () => {
    await stage.subject.kill?.();
    const events = new EventProbe();
    const failed = events.next('registration-failed');
    const patience = new AbortController();
    const registering = stage.subject.createRegistrar(events).register(stage.instance('a'), patience.signal);
    await failed;
    patience.abort();
    await expect(registering).rejects.toMatchObject({ code: 'REGISTRATION_ABORTED' });
  });

  it('begins with what an earlier process wrote to disk', async () => {
    const snapshotDirectory = (await stage.subject.makeDirectory?.()) ?? '';
    const instance = stage.instance('a');
    const earlier = stage.subject.createResolver({ snapshotDirectory });
    await stage.registrar.register(instance);
    const named = new Promise<void>((resolve) => {
      earlier.watchServices((services) => {
        if (services.includes(stage.service)) resolve();
      });
    });
    await stage.probe(earlier).untilUsable(instance.id);
    await named;
    await earlier.close();
    await stage.subject.kill?.();

    const later = stage.subject.createResolver({ snapshotDirectory });
    const probe = stage.probe(later);
    const remembered = await probe.until(({ source }) => source === 'disk');
    expect(remembered.instances).toEqual([instance]);
    expect(remembered.confirmedAt).toBeGreaterThan(0);
    await new Promise<void>((resolve) => {
      later.watchServices((services) => {
        if (services.includes(stage.service)) resolve();
      });
    });
    await stage.subject.restartEmpty?.();
    await probe.untilUsable(instance.id);
    for (const { instances } of probe.snapshots) expect(instances).toHaveLength(1);
  });

  it('tells of instances as soon as it is there, without a memory of them', async () => {
    await stage.subject.kill?.();
    const probe = stage.probe();
    const registering = stage.registrar.register(stage.instance('a'));
    await stage.subject.restartEmpty?.();
    await registering;
    await probe.untilUsable(stage.id('a'));
  });
}
