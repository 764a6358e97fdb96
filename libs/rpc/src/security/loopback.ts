import { isIPv4 } from 'node:net';

const NAMES = new Set(['localhost', '::1', '[::1]']);
const MAPPED = '::ffff:';

/** Whether traffic to `host`, or what listens on it, stays on this machine. A name that only looks like 127.0.0.1 does not. */
export function isLoopback(host: string): boolean {
  if (NAMES.has(host)) return true;
  const address = host.startsWith(MAPPED) ? host.slice(MAPPED.length) : host;
  return isIPv4(address) && address.startsWith('127.');
}
