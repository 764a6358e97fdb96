import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterOptions } from './command-line.js';
import type { ProcessPlan } from './supervised-process.js';

/** Where the cluster's fixed points are. */
export interface ClusterPorts {
  readonly gateway: number;
  readonly monitor: number;
  readonly registry: number;
  readonly issuer: number;
  /** Of our own PostgreSQL; 0 where there is none. */
  readonly database: number;
}

export interface ClusterPlace {
  /** The workspace. */
  readonly root: string;
  /** Where the state of this cluster is kept. */
  readonly directory: string;
  /** At the end of each instance's id: tells it from those of other clusters in the same registry. */
  readonly idSuffix: string;
  readonly ports: ClusterPorts;
  /** The URL of its database for each service that needs one. */
  readonly databases: ReadonlyMap<string, string>;
}

/** The id of the process that keeps our own PostgreSQL. */
const POSTGRES = 'postgres';
export const ISSUER_NAME = 'rookery-dev-issuer';

/** Stages start together and stop one after the other, the highest first. */
const STAGE = { database: 0, registry: 0, issuer: 1, monitor: 2, provider: 3, gateway: 4, consumer: 5 } as const;

/** Services with a part of their own in the plan; every other app is a provider like any other. */
const SPECIAL = new Set(['gateway', 'monitor', 'storefront']);
/** On one machine callers hear of an end within milliseconds; four stages, one after the other, wait for it. */
const PROPAGATION_MS = '400';
/** Two of those that calls and work are seen to be shared between; of any other one. */
const COPIES: ReadonlyMap<string, number> = new Map([
  ['pricing', 2],
  ['inventory', 2],
  ['orders', 2],
]);

/** The apps of the workspace that are built and provide something. */
export function findProviders(root: string): readonly string[] {
  // Both: a folder of an app that was removed keeps its build, which git does not know.
  const isApp = (name: string): boolean =>
    ['project.json', 'dist/main.js'].every((file) => existsSync(join(root, 'apps', name, file)));
  return readdirSync(join(root, 'apps'))
    .filter((name) => !SPECIAL.has(name) && isApp(name))
    .sort();
}

/** What every service of the cluster is told, and what one started by hand needs to join. */
export function joiningEnvironment(options: ClusterOptions, place: ClusterPlace): Readonly<Record<string, string>> {
  return {
    CONSUL_URL: registryUrl(options, place),
    AUTH_JWKS_URL: `http://127.0.0.1:${place.ports.issuer}/.well-known/jwks.json`,
    AUTH_ISSUER: ISSUER_NAME,
    TOKEN_URL: `http://127.0.0.1:${place.ports.issuer}/token`,
    FAULTS_ENABLED: 'true',
  };
}

export function registryUrl(options: ClusterOptions, { ports }: ClusterPlace): string {
  return options.consulUrl ?? `http://127.0.0.1:${ports.registry}`;
}

/** All processes of the cluster. */
export function planCluster(
  options: ClusterOptions,
  place: ClusterPlace,
  providers: readonly string[],
): readonly ProcessPlan[] {
  const services = [
    ...copiesOf('monitor', 1, STAGE.monitor, { HTTP_PORT: String(place.ports.monitor) }),
    ...providers.flatMap((name) => copiesOf(name, COPIES.get(name) ?? 1, STAGE.provider, {})),
    ...copiesOf('gateway', 1, STAGE.gateway, { GATEWAY_PORT: String(place.ports.gateway) }),
    ...(options.hasTraffic ? copiesOf('storefront', 1, STAGE.consumer, shopping(options, place)) : []),
  ];
  return [...infrastructure(options, place), ...services];

  function copiesOf(service: string, usual: number, stage: number, own: Record<string, string>): ProcessPlan[] {
    const count = options.copies.get(service) ?? usual;
    return Array.from({ length: count }, (_, index) =>
      servicePlan(`${service}-${index + 1}${place.idSuffix}`, service, stage, own),
    );
  }

  function servicePlan(id: string, service: string, stage: number, own: Record<string, string>): ProcessPlan {
    const database = place.databases.get(service);
    const environment = {
      ...joiningEnvironment(options, place),
      ...(database === undefined ? {} : { DATABASE_URL: database }),
      DRAIN_PROPAGATION_MS: PROPAGATION_MS,
      SNAPSHOT_DIR: join(place.directory, 'snapshots', id),
      LOG_LEVEL: options.logLevel,
      INSTANCE_ID: id,
      ...own,
    };
    const plan = { id, service, entry: join(place.root, 'apps', service, 'dist', 'main.js'), environment, stage };
    return database === undefined || place.ports.database === 0 ? plan : { ...plan, needs: POSTGRES };
  }
}

function shopping(options: ClusterOptions, { ports }: ClusterPlace): Record<string, string> {
  return {
    SHOPPERS_PER_SECOND: String(options.rate),
    GATEWAY_SHARE: String(options.gatewayShare),
    GATEWAY_URL: `http://127.0.0.1:${ports.gateway}`,
    CLIENT_ID: 'storefront',
    CLIENT_SECRET: 'storefront-secret',
  };
}

function infrastructure(options: ClusterOptions, place: ClusterPlace): readonly ProcessPlan[] {
  const { root, directory, ports } = place;
  const script = (...path: string[]): string => join(root, 'tools', 'local-cluster', 'dist', ...path, 'main.js');
  const issuer: ProcessPlan = {
    id: 'issuer',
    service: 'issuer',
    entry: script('token-issuer'),
    environment: { ISSUER_PORT: String(ports.issuer), AUTH_ISSUER: ISSUER_NAME, ROOKERY_DIR: directory },
    stage: STAGE.issuer,
  };
  const registry: ProcessPlan = {
    id: 'registry',
    service: 'registry',
    entry: script('dev-registry'),
    environment: { REGISTRY_PORT: String(ports.registry) },
    stage: STAGE.registry,
  };
  const database = ports.database === 0 ? [] : [postgres(place)];
  return options.consulUrl === undefined ? [...database, registry, issuer] : [...database, issuer];
}

function postgres({ root, directory, ports, databases }: ClusterPlace): ProcessPlan {
  return {
    id: POSTGRES,
    service: POSTGRES,
    entry: join(root, 'tools', 'embedded-postgres', 'src', 'main.mjs'),
    environment: {
      POSTGRES_DIR: join(directory, 'postgres'),
      POSTGRES_PORT: String(ports.database),
      DATABASE_URLS: JSON.stringify([...databases.values()]),
    },
    stage: STAGE.database,
  };
}
