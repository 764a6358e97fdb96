import { describe, expect, it } from '@jest/globals';
import { dirname } from 'node:path';
import { parse } from 'yaml';
import { filesOf, textOf } from '../workspace.mjs';
import { settingsOf } from './declared-settings.js';

interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly args: Readonly<Record<string, string>>; readonly tags: readonly string[] };
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ports?: readonly string[];
  readonly healthcheck?: object;
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

const apps = filesOf('apps/*/project.json').map((file) => dirname(file).replace('apps/', ''));
const { services } = parse(textOf('docker-compose.yml'), { merge: true }) as {
  services: Readonly<Record<string, ComposeService>>;
};
const recipe = textOf('Dockerfile');
const stages = recipe.split(/^FROM /m);
const last = stages.at(-1) ?? '';

describe.each(apps)('the compose service %s', (app) => {
  const service = services[app] ?? {};

  it('carries the image that its manifests name', () => {
    expect(service.build?.tags).toEqual([`rookery/${app}:dev`]);
  });

  it('is told only what it reads', () => {
    const known = settingsOf(app);
    expect(Object.keys(service.environment ?? {}).filter((name) => !known.has(name))).toEqual([]);
  });

  it('has a database of its own, which PostgreSQL makes, if it needs one, and waits for it', () => {
    const { DATABASE_URL: url } = service.environment ?? {};
    expect(url !== undefined).toBe(settingsOf(app).has('DATABASE_URL'));
    if (url === undefined) return;
    expect(services['postgres']?.environment?.[`${app.toUpperCase().replaceAll('-', '_')}_DATABASE_URL`]).toBe(url);
    const { host, pathname, username } = new URL(url);
    expect([username, host, pathname]).toEqual([app, 'postgres:5432', `/${app}`]);
    expect(service.depends_on).toMatchObject({ postgres: { condition: 'service_healthy' } });
  });

  it('can stop in order before it is stopped', () => {
    const grace = Number(/^(\d+)s$/.exec(service.stop_grace_period ?? '')?.[1]) * 1000;
    expect(grace).toBeGreaterThan(Number(settingsOf(app).get('DRAIN_LIMIT_MS')));
  });

  it('stops before the registry does', () => {
    expect(service.depends_on).toMatchObject({ consul: { condition: 'service_healthy' } });
  });

  it('may write nowhere and gain nothing', () => {
    const { read_only, cap_drop, security_opt } = service;
    expect({ read_only, cap_drop, security_opt }).toEqual({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });
});

describe('the compose file', () => {
  it('shows infrastructure, providers, gateway, consumer and monitor, in this order', () => {
    const providers = apps.filter((app) => !['gateway', 'storefront', 'monitor'].includes(app));
    const order = Object.keys(services);
    expect(order.slice(-3)).toEqual(['gateway', 'storefront', 'monitor']);
    expect(order.slice(-3 - providers.length, -3).sort()).toEqual(providers);
  });

  it('opens ports to this machine alone', () => {
    const open = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(open.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(open).not.toEqual([]);
  });

  it('starts again whatever has crashed', () => {
    const others = Object.entries(services).filter(([, { restart }]) => restart !== 'unless-stopped');
    expect(others.map(([name]) => name)).toEqual([]);
  });

  it('tells the health of what is no app', () => {
    const others = Object.entries(services).filter(([name]) => !apps.includes(name));
    expect(others.filter(([, { healthcheck }]) => healthcheck === undefined)).toEqual([]);
  });
});

describe('the Dockerfile', () => {
  it('builds with the frontend that each engine has', () => {
    expect(recipe).not.toMatch(/^#\s*syntax=|@sha256:|\bpull:/m);
  });

  it('runs Node itself, so that it hears SIGTERM from the first moment, and not as root', () => {
    const early = /^ENTRYPOINT \["node", "--import=\.\/libs\/(\S+)\/dist\/(\S+)\.js"\]$/m.exec(last);
    expect(filesOf(`libs/${early?.[1]}/src/${early?.[2]}.ts`)).toHaveLength(1);
    expect(last).toMatch(/^CMD \["app\/dist\/main\.js"\]$/m);
    expect(last).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
  });

  it('asks the health of the port it sets', () => {
    expect(last).toMatch(/^ENV .*\bHTTP_PORT=\d+/m);
    const script = /^HEALTHCHECK [\s\S]*?CMD \["node", "libs\/(\S+)\/dist\/(\S+)\.js"\]$/m.exec(last);
    expect(filesOf(`libs/${script?.[1]}/src/${script?.[2]}.ts`)).toHaveLength(1);
  });

  it('sets only what every service reads', () => {
    const names = [...last.matchAll(/\b([A-Z_]+)=/g)].map(([, name = '']) => name);
    expect(names).not.toEqual([]);
    expect(names.filter((name) => !settingsOf('pricing').has(name))).toEqual([]);
  });
});
