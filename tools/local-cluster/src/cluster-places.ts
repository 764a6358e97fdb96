import { SystemRandom } from '@rookery/runtime';
import type { ClusterPlace, ClusterPorts } from './cluster-plan.js';
import type { ClusterOptions } from './command-line.js';
import { ownDatabases, withDatabase } from './databases.js';
import { givenDatabases } from './given-database.js';
import { choosePorts, LoopbackPorts, type PortWish } from './port-choice.js';
import { root } from './state-directory.js';
import type { Terminal } from './terminal.js';

/** Where everything is to be: the ports, and the databases of the services that need one. */
export async function choosePlaces(
  options: ClusterOptions,
  providers: readonly string[],
  terminal: Terminal,
): Promise<Pick<ClusterPlace, 'ports' | 'databases'>> {
  const services = withOwnDatabase(options, providers);
  const { DATABASE_URL: given = '' } = process.env;
  const ports = await findPorts(options, services.length > 0 && given === '', terminal);
  if (services.length === 0) return { ports, databases: new Map() };
  return {
    ports,
    databases: given === '' ? ownDatabases(services, ports.database) : await givenDatabases(given, services),
  };
}

/** Shoppers have one too where none are planned, for they may be started by hand; but for that alone there is no server. */
function withOwnDatabase(options: ClusterOptions, providers: readonly string[]): readonly string[] {
  const isPlanned = (name: string): boolean => options.copies.get(name) !== 0;
  const found = withDatabase(root, providers.filter(isPlanned));
  if (found.length === 0 && !options.hasTraffic) return found;
  return [...found, ...withDatabase(root, ['storefront'].filter(isPlanned))];
}

async function findPorts(options: ClusterOptions, hasServer: boolean, terminal: Terminal): Promise<ClusterPorts> {
  const wishes: Readonly<Record<keyof ClusterPorts, PortWish>> = {
    gateway: { purpose: 'gateway', flag: 'gateway-port', asked: options.gatewayPort, usual: 8080 },
    monitor: { purpose: 'monitor', flag: 'monitor-port', asked: options.monitorPort, usual: 8081 },
    issuer: { purpose: 'token issuer', flag: 'issuer-port', asked: options.issuerPort, usual: 8082 },
    registry: { purpose: 'registry', flag: 'registry-port', asked: options.registryPort, usual: 8500 },
    database: { purpose: 'PostgreSQL', flag: 'database-port', asked: options.databasePort, usual: 5432 },
  };
  // With a real agent there is no dev registry that could need a port, and with a given PostgreSQL none of ours.
  const isOurs = {
    gateway: true,
    monitor: true,
    issuer: true,
    registry: options.consulUrl === undefined,
    database: hasServer,
  };
  const needed = (Object.keys(wishes) as (keyof ClusterPorts)[]).filter((name) => isOurs[name]);
  const ports = { gateway: 0, monitor: 0, issuer: 0, registry: 0, database: 0 };
  const chosen = await choosePorts(
    needed.map((name) => wishes[name]),
    new LoopbackPorts(),
    new SystemRandom(),
  );
  needed.forEach((name, index) => {
    const { port = 0, isOther = false } = chosen[index] ?? {};
    ports[name] = port;
    const { usual, purpose } = wishes[name];
    if (isOther) terminal.print(`port ${usual} is in use; the ${purpose} takes ${port}`);
  });
  return ports;
}
