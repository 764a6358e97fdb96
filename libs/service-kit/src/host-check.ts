import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';

const WILDCARDS = ['0.0.0.0', '::', 'localhost'];

/** Why nothing can be bound to a host on this machine, or undefined. */
export function hostProblem(host: string): string | undefined {
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address));
  if (WILDCARDS.includes(host) || (isIPv4(host) && host.startsWith('127.')) || own.includes(host)) return undefined;
  // Addresses that hold on one link alone are many, and cannot be bound without the name of it.
  const offered = own.filter((address) => !address.startsWith('fe80:')).join(', ');
  return `BIND_HOST is ${JSON.stringify(host)}: it must be an address of this machine (${offered}), 0.0.0.0 or ::.`;
}
