import { networkInterfaces } from 'node:os';

const WILDCARDS = ['0.0.0.0', '::', 'localhost'];

/** Why nothing can be bound to a host on this machine, or undefined. */
export function hostProblem(host: string): string | undefined {
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address));
  if (WILDCARDS.includes(host) || host.startsWith('127.') || own.includes(host)) return undefined;
  return `BIND_HOST is ${JSON.stringify(host)}: it must be an address of this machine (${own.join(', ')}), 0.0.0.0 or ::.`;
}
