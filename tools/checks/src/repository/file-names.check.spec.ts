import { describe, expect, it } from '@jest/globals';
import { generatedFolders } from '../../../../architecture.config.mjs';
import { levels } from '../levels.mjs';
import { filesOf } from '../workspace.mjs';
import { entryPoints, forbiddenNames, roles } from './file-roles.js';

const sources = filesOf('{apps,libs,tools}/**/*.{ts,mjs}').filter(
  (file) => !generatedFolders.some((folder) => file.startsWith(folder)),
);
const suffixes = [
  ...Object.values(levels).map(({ suffix }) => suffix),
  ...roles.map((role) => `.${role}.ts`),
  '.d.ts',
  '.ts',
  '.mjs',
];
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

/** The thing in `thing.role.ts`. A controller or spec may carry the name of the role it is about: `order.store.unit.spec.ts`. */
function thingOf(file: string): string {
  let name = nameOf(file);
  for (let suffix = longestSuffix(name); suffix !== undefined; suffix = longestSuffix(name)) {
    name = name.slice(0, -suffix.length);
    const aboutRole = roles.find((role) => name.endsWith(`.${role}`));
    if (aboutRole === undefined) break;
    name = `${name}.ts`;
  }
  return name;
}

const longestSuffix = (name: string): string | undefined =>
  suffixes.filter((suffix) => name.endsWith(suffix)).sort((a, b) => b.length - a.length)[0];

describe('file names', () => {
  it('are thing.role.ts with a role from the list, in kebab case', () => {
    expect(sources.filter((file) => !kebab.test(thingOf(file)))).toEqual([]);
  });

  it('say what is inside', () => {
    const parts = sources.flatMap((file) => {
      const folders = file.split('/').slice(2, -1);
      return [...folders, thingOf(file)].map((name) => ({ file, name }));
    });
    expect(
      parts.filter(({ name }) => forbiddenNames.includes(name.split('-').at(-1) ?? '')).map(({ file }) => file),
    ).toEqual([]);
  });

  it("leave index.ts to a library's entry points", () => {
    expect(sources.filter((file) => nameOf(file).startsWith('index.') && !entryPoints.test(file))).toEqual([]);
  });
});
