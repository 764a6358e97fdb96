import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The workspace. */
export const root = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

/** Where the cluster that this environment means keeps its state. */
export function stateDirectory(): string {
  const { ROOKERY_DIR = '' } = process.env;
  return resolve(root, ROOKERY_DIR === '' ? '.rookery' : ROOKERY_DIR);
}
