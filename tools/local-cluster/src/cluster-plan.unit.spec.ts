import { describe, expect, it } from '@jest/globals';
import { type ClusterPlace, planCluster } from './cluster-plan.js';
import { readCommandLine } from './command-line.js';

const place = {
  root: '/r',
  directory: '/r/.rookery',
  idSuffix: '',
  ports: { gateway: 1, monitor: 2, registry: 3, issuer: 4, database: 0 },
  databases: new Map<string, string>(),
};

function plan(
  words: readonly string[],
  different: Partial<ClusterPlace> = {},
  providers: readonly string[] = ['billing', 'pricing'],
) {
  const options = readCommandLine(words);
  if (options === undefined) throw new Error('help was not asked for');
  return planCluster(options, { ...place, ...different }, providers);
}

describe('planCluster', () => {
  it('runs two copies of pricing and one of the rest', () => {
    expect(plan([]).map(({ id }) => id)).toEqual([
      'registry',
      'issuer',
      'monitor-1',
      'billing-1',
      'pricing-1',
      'pricing-2',
      'gateway-1',
      'storefront-1',
    ]);
  });

  it.each(['inventory', 'orders'])('runs two copies of %s', (name) => {
    const ids = plan([], {}, [name]).map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith(name))).toEqual([`${name}-1`, `${name}-2`]);
  });

  it('runs as many copies as are asked for', () => {
    const ids = plan(['--copies', 'pricing=3,billing=0']).map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith('pricing'))).toHaveLength(3);
    expect(ids).not.toContain('billing-1');
  });

  it('stops consumers first and the registry last', () => {
    const order = [...plan([])].sort((left, right) => right.stage - left.stage).map(({ service }) => service);
    expect(order[0]).toBe('storefront');
    expect(order[1]).toBe('gateway');
    expect(order.slice(-3)).toEqual(['monitor', 'issuer', 'registry']);
  });

  it('takes a real agent instead of the dev registry', () => {
    const plans = plan(['--consul', 'http://agent:8500']);
    expect(plans.map(({ id }) => id)).not.toContain('registry');
    expect(plans.find(({ id }) => id === 'pricing-1')?.environment['CONSUL_URL']).toBe('http://agent:8500');
  });

  it('tells its instances from those of another cluster in the same registry', () => {
    const plans = plan(['--consul', 'http://agent:8500'], { idSuffix: '-3fa2' });
    expect(plans.map(({ id }) => id)).toContain('pricing-2-3fa2');
    expect(plans.find(({ id }) => id === 'pricing-2-3fa2')?.environment['INSTANCE_ID']).toBe('pricing-2-3fa2');
  });

  it('starts a PostgreSQL before the services that have a database there, and tells each its own URL alone', () => {
    const url = 'postgres://billing:word@127.0.0.1:5/billing';
    const plans = plan([], { ports: { ...place.ports, database: 5 }, databases: new Map([['billing', url]]) });
    const [postgres, billing, pricing] = ['postgres', 'billing-1', 'pricing-1'].map((id) =>
      plans.find((one) => one.id === id),
    );
    expect(postgres).toMatchObject({
      stage: 0,
      environment: { POSTGRES_DIR: '/r/.rookery/postgres', POSTGRES_PORT: '5', DATABASE_URLS: JSON.stringify([url]) },
    });
    expect(billing).toMatchObject({ needs: 'postgres', environment: { DATABASE_URL: url } });
    expect(pricing?.needs).toBeUndefined();
    expect(pricing?.environment).not.toHaveProperty('DATABASE_URL');
  });

  it('starts none where the databases are on a given server, or nobody needs one', () => {
    const url = 'postgres://given:word@database:5432/rookery_billing';
    const plans = plan([], { databases: new Map([['billing', url]]) });
    expect(plan([]).map(({ id }) => id)).not.toContain('postgres');
    expect(plans.map(({ id }) => id)).not.toContain('postgres');
    const billing = plans.find(({ id }) => id === 'billing-1');
    expect(billing?.environment['DATABASE_URL']).toBe(url);
    expect(billing?.needs).toBeUndefined();
  });

  it('leaves the shoppers out without traffic', () => {
    expect(plan(['--no-traffic']).map(({ id }) => id)).not.toContain('storefront-1');
  });

  it('gives each instance its id and the cluster its ports', () => {
    const environments = new Map(plan(['--rate', '5']).map(({ id, environment }) => [id, environment]));
    expect(environments.get('pricing-2')).toMatchObject({ INSTANCE_ID: 'pricing-2', CONSUL_URL: 'http://127.0.0.1:3' });
    expect(environments.get('gateway-1')).toMatchObject({ GATEWAY_PORT: '1' });
    expect(environments.get('monitor-1')).toMatchObject({ HTTP_PORT: '2' });
    expect(environments.get('storefront-1')).toMatchObject({
      SHOPPERS_PER_SECOND: '5',
      TOKEN_URL: 'http://127.0.0.1:4/token',
    });
  });
});
