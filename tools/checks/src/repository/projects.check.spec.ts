import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { budgetExceptions, layerOf } from '../../../../architecture.config.mjs';
import { filesOf, root, textOf } from '../workspace.mjs';
import { settingsOf } from './declared-settings.js';

// A path and what stands below it sort otherwise than two paths.
const folders = filesOf('{apps,libs,tools}/*/project.json')
  .map((file) => dirname(file))
  .sort();
const jsonOf = <T>(file: string): T => JSON.parse(textOf(file)) as T;

/** Libraries that a project's own code imports, specs apart: what its TypeScript project must refer to. */
function importedLibraries(folder: string): string[] {
  const own = `@rookery/${folder.split('/')[1]}`;
  const files = filesOf(`${folder}/src/**/*.ts`).filter((file) => !/\.(spec|contract)\.ts$/.test(file));
  const names = files.flatMap((file) =>
    [...textOf(file).matchAll(/from '(@rookery\/[a-z-]+)/g)].map((match) => match[1] ?? ''),
  );
  return [...new Set(names)].filter((name) => name !== own).sort();
}

/** What `npm start` must provide for an app, as its settings say. */
function needsOf(folder: string): string[] {
  const name = folder.replace(/^apps\//, '');
  return name !== folder && settingsOf(name).has('DATABASE_URL') ? ['needs:database'] : [];
}

describe('projects', () => {
  it('stand in every folder of apps, libs and tools', () => {
    const all = filesOf('{apps,libs,tools}/*').filter((path) => !path.includes('.'));
    expect(folders).toEqual(all);
  });

  it.each(folders)('%s is named like its folder and tagged with its layer, and with what it needs', (folder) => {
    const project = jsonOf<{ name: string; tags: string[]; sourceRoot: string; targets: Record<string, unknown> }>(
      `${folder}/project.json`,
    );
    const tags = [`layer:${layerOf(folder)}`, ...needsOf(folder)];
    const expected = { name: folder.split('/')[1], tags, sourceRoot: `${folder}/src` };
    expect(project).toMatchObject(expected);
    // What is generated is right or the generator is wrong; eslint has no part in it.
    expect(Object.keys(project.targets)).toContain(layerOf(folder) === 'contract' ? 'build' : 'lint');
  });

  it.each(folders.filter((folder) => existsSync(join(root, folder, 'tsconfig.json'))))(
    '%s refers to the projects it imports and to no others',
    (folder) => {
      const { references = [] } = jsonOf<{ references?: { path: string }[] }>(`${folder}/tsconfig.json`);
      const referred = references.map(({ path }) => join(folder, path).replace(/^libs\//, '@rookery/'));
      expect(referred.sort()).toEqual(importedLibraries(folder));
    },
  );

  it('exceed their budgets in at most five files', () => {
    expect(budgetExceptions.length).toBeLessThanOrEqual(5);
    expect(budgetExceptions.filter(({ file, reason }) => !existsSync(join(root, file)) || reason === '')).toEqual([]);
  });
});
