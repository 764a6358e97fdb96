import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import type { DiscoveryEvent } from './discovery-observer.port.js';
import type { Snapshot } from './snapshot.js';
import { SnapshotStore } from './snapshot.store.js';
import { toInstance } from './instance.mapper.js';

const MAX_AGE_MS = 600_000;
const time = new VirtualTime();
let directory = '';
let events: DiscoveryEvent[] = [];

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'rookery-store-')), 'made', 'on', 'demand');
  events = [];
});
afterEach(() => rm(join(directory, '..', '..', '..'), { recursive: true }));

function open(at = directory): SnapshotStore {
  const observer = { observe: (event: DiscoveryEvent) => void events.push(event) };
  return new SnapshotStore({ directory: at, maxAgeMs: MAX_AGE_MS, clock: time.clock, observer });
}

function snapshot(weight = 100): Snapshot {
  const endpoints = { grpc: { host: '127.0.0.1', port: 4000 } };
  const instances = [toInstance({ id: 'pricing-1', service: 'pricing', weight, endpoints })];
  return {
    service: 'pricing',
    instances,
    outOfRotation: ['pricing-2'],
    confirmedAt: time.clock.now(),
    source: 'registry',
  };
}

describe('the store of snapshots', () => {
  it('gives back what it was given, from disk', async () => {
    const store = open();
    store.saveSnapshot(snapshot(), true);
    store.saveNames({ names: ['pricing'], confirmedAt: time.clock.now() }, true);
    await store.close();
    expect(await open().readSnapshot('pricing')).toEqual({ ...snapshot(), source: 'disk' });
    expect((await open().readNames())?.names).toEqual(['pricing']);
  });

  it('writes files that only their owner reads, whole ones, and leaves nothing else', async () => {
    const store = open();
    for (let weight = 1; weight <= 20; weight++) store.saveSnapshot(snapshot(weight), true);
    await store.close();
    expect(await readdir(directory)).toEqual(['service-pricing.json']);
    expect((await stat(join(directory, 'service-pricing.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await open().readSnapshot('pricing'))?.instances[0]?.weight).toBe(20);
  });

  it('writes an unchanged content again after a minute, so that its age stays true', async () => {
    const store = open();
    store.saveSnapshot(snapshot(), true);
    await time.advanceAsync(59_000);
    store.saveSnapshot(snapshot(), false);
    await store.close();
    expect((await store.readSnapshot('pricing'))?.confirmedAt).toBe(time.clock.now() - 59_000);
    await time.advanceAsync(1_000);
    store.saveSnapshot(snapshot(), false);
    await store.close();
    expect((await store.readSnapshot('pricing'))?.confirmedAt).toBe(time.clock.now());
  });

  it('keeps silent about a service it never saw', async () => {
    expect(await open().readSnapshot('pricing')).toBeUndefined();
    expect(events).toEqual([]);
  });

  it('reports a memory that is too old, and does without', async () => {
    const store = open();
    store.saveSnapshot(snapshot(), true);
    await store.close();
    await time.advanceAsync(MAX_AGE_MS + 1_000);
    expect(await store.readSnapshot('pricing')).toBeUndefined();
    expect(events).toMatchObject([{ type: 'disk-failed', service: 'pricing', error: { code: 'SNAPSHOT_UNUSABLE' } }]);
  });

  it.each([
    ['half a file', (text: string) => text.slice(0, text.length / 2)],
    ['another layout', (text: string) => text.replace('"layout":1', '"layout":2')],
    ['another service', (text: string) => text.replace('"service":"pricing","conf', '"service":"orders","conf')],
    ['an instance that makes no sense', (text: string) => text.replace('4000', '400000')],
    ['an empty file', () => ''],
  ])('reports %s, and does without', async (_, damage) => {
    const store = open();
    store.saveSnapshot(snapshot(), true);
    await store.close();
    const path = join(directory, 'service-pricing.json');
    await writeFile(path, damage(await readFile(path, 'utf8')));
    expect(await store.readSnapshot('pricing')).toBeUndefined();
    expect(events).toMatchObject([{ type: 'disk-failed', error: { code: 'SNAPSHOT_UNUSABLE' } }]);
  });

  it('reports a directory that cannot be made, and goes on', async () => {
    const file = join(directory, '..', '..', '..', 'file');
    await writeFile(file, '');
    const store = open(join(file, 'directory'));
    store.saveSnapshot(snapshot(), true);
    await store.close();
    expect(events).toMatchObject([{ type: 'disk-failed', service: 'pricing' }]);
  });

  it('keeps a service whose name is a path inside its directory', async () => {
    const store = open();
    store.saveSnapshot({ ...snapshot(), service: '../../escape' }, true);
    await store.close();
    expect(await readdir(directory)).toEqual(['service-..%2F..%2Fescape.json']);
  });
});
