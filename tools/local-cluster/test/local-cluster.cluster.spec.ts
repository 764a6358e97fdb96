import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isAlive, until, untilFound } from '@rookery/testkit';
import type { ClusterDescription } from '../src/cluster-file.js';
import { PATIENCE_MS, RunningCluster } from './running-cluster.js';
import { callSample, SampleLoad } from './sample-load.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Enough for a sample call. */
const FEW = ['--no-traffic', '--copies', 'pricing=1,inventory=0,orders=0,payments=0'];

/** What calls were told that failed while something was done to the cluster: there are calls before, during and after. */
async function failuresWhile(description: ClusterDescription, act: () => Promise<void>): Promise<readonly string[]> {
  const load = new SampleLoad(description);
  try {
    await load.untilAnswered(20);
    await act();
    await load.untilAnswered(20);
  } finally {
    await load.end();
  }
  return load.failures;
}

describe('a running cluster', () => {
  let cluster: RunningCluster;
  let description: ClusterDescription;

  beforeAll(async () => {
    cluster = new RunningCluster(['--rate', '10']);
    description = await cluster.ready();
  });

  afterAll(() => cluster.cleanUp());

  it('answers the call that it prints', async () => {
    expect(await callSample(description)).toBe(200);
    expect(cluster.text).toContain(`curl -s ${description.gateway}${description.sample.path}`);
  });

  it('describes itself to its owner alone', () => {
    expect(statSync(join(cluster.directory, 'cluster.json')).mode & 0o777).toBe(0o600);
    const services = description.instances.map(({ service }) => service).sort();
    expect(services).toEqual(expect.arrayContaining(['gateway', 'monitor', 'pricing', 'pricing', 'storefront']));
    expect(services.filter((service) => service === 'inventory')).toHaveLength(2);
    for (const { pid } of description.instances) expect(isAlive(pid)).toBe(true);
    expect(description.supervisor).toBe(cluster.pid);
    expect(Object.keys(description.databases)).toEqual(['inventory', 'orders', 'payments', 'storefront']);
  });

  it('serves every call while an instance is killed, and brings it back', async () => {
    const failures = await failuresWhile(description, async () => {
      const killed = await cluster.strike('pricing-1', 'SIGKILL');
      const back = await cluster.replacementOf(killed);
      expect(isAlive(back.pid)).toBe(true);
    });
    expect(failures).toEqual([]);
  });

  it('serves every call while an instance stops in order', async () => {
    const failures = await failuresWhile(description, async () => {
      const stopped = await cluster.strike('pricing-2', 'SIGTERM');
      await cluster.replacementOf(stopped);
    });
    expect(failures).toEqual([]);
  });

  it('takes in an instance that somebody starts by hand, and lets it go', async () => {
    const environment = join(cluster.directory, 'cluster.env');
    const entry = join(root, 'apps/pricing/dist/main.js');
    const child = spawn(process.execPath, [`--env-file=${environment}`, entry], {
      stdio: 'ignore',
      env: { PATH: process.env['PATH'] },
    });
    // It may write into the folder of the cluster until it has ended.
    const ended = once(child, 'exit');
    try {
      const find = () => cluster.describe()?.instances.find(({ pid }) => pid === child.pid);
      const joined = await untilFound('the third pricing is described', find, PATIENCE_MS);
      expect(joined.service).toBe('pricing');
      child.kill('SIGTERM');
      await until('it is no longer described', () => find() === undefined, PATIENCE_MS);
      expect(await ended).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('refuses a second cluster in the same folder, before a build and after', async () => {
    for (const script of ['second-start', 'main']) {
      const second = new RunningCluster([], cluster.directory, { script });
      expect(await second.ended()).toBe(1);
      expect(second.text).toMatch(/^npm start: a cluster already runs here \(process \d+\): .*ROOKERY_DIR/);
    }
    expect(await callSample(description)).toBe(200);
  });

  it('is not disturbed by a second cluster in a folder of its own', async () => {
    const second = new RunningCluster(FEW);
    try {
      const other = await second.ready();
      expect([await callSample(description), await callSample(other)]).toEqual([200, 200]);
      for (const part of ['gateway', 'monitor', 'registry'] as const) expect(other[part]).not.toBe(description[part]);
      const pids = new Set(cluster.describe()?.instances.map(({ pid }) => pid));
      expect(other.instances.filter(({ pid }) => pids.has(pid))).toEqual([]);
      // A token of one is worth nothing in the other: each has an issuer of its own.
      expect(await callSample({ ...other, token: description.token })).toBe(401);
    } finally {
      await second.cleanUp();
    }
    expect(await callSample(description)).toBe(200);
  });

  it('leaves nothing behind but the data of its services when it is stopped', async () => {
    const pids = cluster.pids();
    cluster.kill('SIGTERM');
    expect(await cluster.ended()).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(readdirSync(cluster.directory)).toEqual(['postgres']);
    const order = ['storefront-1', 'gateway-1', 'pricing-1', 'monitor-1'].map((id) =>
      cluster.text.lastIndexOf(`${id.padEnd(12)} │`),
    );
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((left, right) => left - right));
  });
});

describe('a cluster whose reader is gone', () => {
  it('stops in order, as if it had been told to', async () => {
    const unread = new RunningCluster(FEW);
    try {
      await unread.ready();
      const pids = unread.pids();
      unread.closeOutput();
      // That this one has ended is something to say.
      await unread.strike('pricing-1', 'SIGTERM');
      expect(await unread.ended()).toBe(0);
      expect(pids.filter(isAlive)).toEqual([]);
    } finally {
      await unread.cleanUp();
    }
  });
});

describe('a cluster that is killed', () => {
  it('leaves nothing running, and the next start says so and works', async () => {
    const killed = new RunningCluster(FEW);
    let next: RunningCluster | undefined;
    try {
      await killed.ready();
      const pids = killed.pids();
      killed.kill('SIGKILL');
      const remaining = (): readonly number[] => pids.filter(isAlive);
      const state = (): string => `nothing is left running (${remaining().join(', ')})`;
      await until(state, () => remaining().length === 0, PATIENCE_MS);
      next = new RunningCluster(FEW, killed.directory);
      const description = await next.ready();
      expect(next.text).toContain('the last run was killed; nothing of it is left running');
      expect(await callSample(description)).toBe(200);
    } finally {
      await next?.cleanUp();
      await killed.cleanUp();
    }
  });
});

describe('the command line', () => {
  it('names a busy port and the option that sets another, without a stack', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    const cluster = new RunningCluster(['--gateway-port', String(port)]);
    try {
      expect(await cluster.ended()).toBe(1);
      expect(cluster.text).toMatch(new RegExp(`^npm start: port ${port} for the gateway .* --gateway-port\n$`));
    } finally {
      holder.close();
      await cluster.cleanUp();
    }
  });

  it('explains itself', async () => {
    const cluster = new RunningCluster(['--help']);
    try {
      expect(await cluster.ended()).toBe(0);
      expect(cluster.text).toContain('--copies NAME=N');
    } finally {
      await cluster.cleanUp();
    }
  });
});
