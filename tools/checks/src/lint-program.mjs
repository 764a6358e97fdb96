import { join, relative } from 'node:path';
import ts from 'typescript';
import { root } from './workspace.mjs';

const projectFolder = /^(apps|libs|tools)\/[^/]+/;
const settings = { project: './tsconfig.specs.json', tsconfigRootDir: root };

/**
 * How the linter learns types: a run in a project's folder, which is what Nx starts, sees that project and what it imports. That
 * halves the time against a program of the whole workspace, which an editor gets.
 */
export function lintProgram() {
  const folder = projectFolder.exec(relative(root, process.cwd()))?.[0];
  if (!folder) return settings;
  const file = join(root, settings.project);
  const { config } = /** @type {{ config: object }} */ (ts.readConfigFile(file, (path) => ts.sys.readFile(path)));
  const include = [folder, ...(folder === 'tools/checks' ? ['*.config.mjs', '.dependency-cruiser.mjs'] : [])];
  const { fileNames, options } = ts.parseJsonConfigFileContent({ ...config, include }, ts.sys, root, undefined, file);
  return { programs: [ts.createProgram(fileNames, options)] };
}
