import { importRules, layers } from './architecture.config.mjs';

/** @typedef {import('./architecture.config.mjs').LayerRow} LayerRow */

const named = layers.flatMap(({ projects }) => projects).filter((folder) => !folder.endsWith('/*'));

/** @param {readonly string[]} folders */
const alternatives = (folders) => folders.map((folder) => folder.replace('/*', '/[^/]+')).join('|');

/** Files of a layer; a project named in a row of its own belongs to no star. @param {LayerRow} row */
const filesOf = (row) => ({
  path: `^(${alternatives(row.projects)})/`,
  pathNot: named.filter((folder) => !row.projects.includes(folder)).map((folder) => `^${folder}/`),
});

/** @param {LayerRow} row */
const layerRule = (row) => {
  const reachable = layers.filter(({ name }) => row.mayImport.includes(name) || name === 'test');
  const folders = reachable.flatMap(({ projects }) => projects);
  return {
    name: `layer-${row.name}`,
    comment: row.reason,
    severity: 'error',
    from: filesOf(row),
    to: { path: '^(apps|libs|tools)/', pathNot: ['^$1/', `^(${alternatives(folders)})/`] },
  };
};

const dependencyTypes = { dev: ['npm-dev'], node: ['core'] };

/** @param {import('./architecture.config.mjs').ImportRule} rule */
const importRule = ({ name, reason, from, to: { kind, ...to } }) => ({
  name,
  comment: reason,
  severity: 'error',
  from,
  to: kind ? { ...to, dependencyTypes: dependencyTypes[kind] } : to,
});

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'In ESM a class in a cycle is undefined when a decorator needs it: Nest then fails at load.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'imports-resolve',
      comment: 'An import that resolves to nothing is checked by no rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dead-files',
      comment: 'A file that nobody imports is read by everybody and used by none.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '\\.spec\\.ts$',
          '(^|/)(main|index)\\.ts$',
          '\\.d\\.ts$',
          '^tools/',
          '^apps/[^/]+/public/',
          '\\.mjs$',
          // Loaded by the ENTRYPOINT of the image.
          '^libs/service-kit/src/first-signal\\.ts$',
        ],
      },
      to: {},
    },
    // The test layer may import anything; who may import it is a rule of its own.
    ...layers.filter(({ name }) => name !== 'test').map(layerRule),
    ...importRules.map(importRule),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsConfig: { fileName: 'tsconfig.specs.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@rookery/source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
};
