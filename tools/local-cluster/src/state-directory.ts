import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The workspace. */
export const root = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

/** Where the cluster that this environment means keeps its state. */
export function stateDirectory(): string {
  const { ROOKERY_DIR = '' } = process.env;
  return resolve(root, ROOKERY_DIR === '' ? '.rookery' : ROOKERY_DIR);
}

/** Four hexadecimal digits of its own for each state directory on each machine, the same at each start. */
export function wordOf(directory: string, host = hostname()): string {
  return createHash('sha256').update(`${host}:${directory}`).digest('hex').slice(0, 4);
}
