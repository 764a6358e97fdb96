import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the workspace. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

const ignored = new Set(['node_modules', 'dist', '.git', '.nx', '.rookery', 'coverage']);

/**
 * Files of the workspace that a person or a generator wrote, as sorted paths from the root.
 *
 * @param {string | readonly string[]} patterns
 * @param {string} [from] another checkout
 */
export const filesOf = (patterns, from = root) =>
  globSync([patterns].flat(), { cwd: from, exclude: (name) => ignored.has(name) }).sort();

/** @param {string} path from the root */
export const textOf = (path) => readFileSync(join(root, path), 'utf8');

/** Nx's plugins run in its own process: as processes of their own they cost half a second and can outlive an Nx that was ended. */
export const nxEnvironment = { NX_ISOLATE_PLUGINS: 'false' };

/** @param {string} name of a program that came with npm */
export const program = (name) => join(root, 'node_modules/.bin', name);
