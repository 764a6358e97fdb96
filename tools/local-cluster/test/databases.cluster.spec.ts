import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isAlive, query, testDatabase, until, untilFound } from '@rookery/testkit';
import type { ClusterDescription } from '../src/cluster-file.js';
import { LedgerWorkspace } from './ledger-workspace.js';
import { PATIENCE_MS, RunningCluster } from './running-cluster.js';

const FEW = ['--no-traffic', '--copies', 'pricing=1'];

let workspace: LedgerWorkspace;
let cluster: RunningCluster;
let description: ClusterDescription;

beforeAll(async () => {
  workspace = new LedgerWorkspace();
  cluster = new RunningCluster(FEW, undefined, { workspace: workspace.path });
  description = await cluster.ready();
});

afterAll(async () => {
  await cluster.cleanUp();
  workspace.remove();
});

const urlOf = ({ databases }: ClusterDescription): string => databases['ledger'] ?? '';

/** How often the ledger has started on this database. */
async function starts(url: string): Promise<number> {
  const [row] = await query<{ count: number }>(url, 'SELECT count(*)::int AS count FROM starts');
  return row?.count ?? 0;
}

const serverPid = ({ directory }: RunningCluster): number =>
  Number.parseInt(readFileSync(join(directory, 'postgres/data/postmaster.pid'), 'utf8'), 10);

describe('a cluster with a service that needs a database', () => {
  it('gives it one of its own, before it starts', async () => {
    expect(await starts(urlOf(description))).toBe(1);
    expect(Object.keys(description.databases)).toContain('ledger');
    expect(new URL(urlOf(description)).pathname).toBe('/ledger');
  });

  it('says where, and tells the password to its owner alone', () => {
    const { host, password } = new URL(urlOf(description));
    expect(cluster.text).toMatch(new RegExp(`postgres +postgres://${host} +a database each for .*ledger`));
    expect(cluster.text).not.toContain(password);
    const file = join(cluster.directory, 'ledger.env');
    expect(readFileSync(file, 'utf8')).toBe(`DATABASE_URL=${urlOf(description)}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('has one for shoppers too, who may be started by hand where it brings none', () => {
    const file = join(cluster.directory, 'storefront.env');
    expect(readFileSync(file, 'utf8')).toBe(`DATABASE_URL=${description.databases['storefront']}\n`);
  });

  it('has its server back at the same URL when that was killed', async () => {
    const killed = serverPid(cluster);
    process.kill(killed, 'SIGKILL');
    const found = await untilFound(
      'the server is back with its data',
      () => starts(urlOf(description)).catch(() => undefined),
      PATIENCE_MS,
    );
    expect(found).toBe(1);
    expect(serverPid(cluster)).not.toBe(killed);
  });

  it('is not disturbed by a second one', async () => {
    const second = new RunningCluster(FEW, undefined, { workspace: workspace.path });
    try {
      const url = urlOf(await second.ready());
      expect(new URL(url).host).not.toBe(new URL(urlOf(description)).host);
      expect([await starts(url), await starts(urlOf(description))]).toEqual([1, 1]);
    } finally {
      await second.cleanUp();
    }
  });

  it('leaves no server behind when it is killed, and has the data at the next start', async () => {
    const pids = [...cluster.pids(), serverPid(cluster)];
    cluster.kill('SIGKILL');
    await until('nothing is left running', () => !pids.some(isAlive), PATIENCE_MS);
    cluster = new RunningCluster(FEW, cluster.directory, { workspace: workspace.path });
    description = await cluster.ready();
    expect(await starts(urlOf(description))).toBe(2);
  });

  it('stops its server last', async () => {
    const server = serverPid(cluster);
    cluster.kill('SIGTERM');
    expect(await cluster.ended()).toBe(0);
    expect(isAlive(server)).toBe(false);
  });
});

describe('a cluster that is given a PostgreSQL', () => {
  it('starts none, and makes its databases there', async () => {
    const given = await testDatabase();
    const environment = { DATABASE_URL: given.url };
    const one = new RunningCluster(FEW, undefined, { workspace: workspace.path, environment });
    try {
      const { databases } = await one.ready();
      expect(databases).toMatchObject({ ledger: `${given.url}_ledger` });
      expect(await starts(databases['ledger'] ?? '')).toBe(1);
      expect(one.text).not.toMatch(/^postgres +│/m);
    } finally {
      await one.cleanUp();
      await given.drop();
    }
  });

  it('says so when that does not take it in', async () => {
    const environment = { DATABASE_URL: 'postgres://nobody:word@127.0.0.1:1/rookery' };
    const one = new RunningCluster(FEW, undefined, { workspace: workspace.path, environment });
    try {
      expect(await one.ended()).toBe(1);
      expect(one.text).toMatch(/^npm start: DATABASE_URL: the PostgreSQL at 127\.0\.0\.1:1 refuses: .*ECONNREFUSED/m);
    } finally {
      await one.cleanUp();
    }
  });
});
