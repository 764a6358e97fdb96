import { isLevel, levels } from './tools/checks/src/levels.mjs';

/**
 * One jest project per level. LEVELS=unit,sim picks levels; without it a path on the command line is enough:
 * `npx jest libs/rpc`, with NODE_OPTIONS=--experimental-vm-modules as `npm test` sets it.
 *
 * @param {import('./tools/checks/src/levels.mjs').Level} level
 * @returns {import('jest').Config}
 */
const project = (level) => ({
  displayName: level,
  testMatch: [`<rootDir>/{apps,libs,tools}/**/*${levels[level].suffix}`],
  globals: { timeLimitMs: levels[level].timeLimitMs },
  setupFilesAfterEnv: ['<rootDir>/tools/checks/src/time-limit.mjs'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/(apps|libs|tools)/[^/]+/dist/', '<rootDir>/\\.nx/', '<rootDir>/\\.rookery/'],
  // Specs run from source: the workspace's packages resolve to their `@rookery/source` export, `.js` to the `.ts` beside it.
  testEnvironmentOptions: { customExportConditions: ['@rookery/source', 'node', 'node-addons'] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', swc] },
});

const swc = {
  swcrc: false,
  sourceMaps: 'inline',
  jsc: {
    target: 'es2023',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'es6' },
};

const names = process.env['LEVELS']?.split(',') ?? Object.keys(levels);
const unknown = names.filter((name) => !isLevel(name));
if (unknown.length > 0) {
  throw new Error(`LEVELS names ${unknown.join(', ')}; there are ${Object.keys(levels).join(', ')}`);
}

/**
 * What a spec file has loaded stays in its worker's memory (jest keeps the modules of its contexts), until collecting it takes
 * several times as long as the specs: then another worker goes on. By itself jest gives a worker half a second to end, which
 * on a busy machine is too little for one that has nothing open; then it says that tests leak.
 *
 * @type {import('jest').Config}
 */
export default {
  maxWorkers: 2,
  workerIdleMemoryLimit: '500MB',
  workerGracefulExitTimeout: 20_000,
  projects: names.filter(isLevel).map(project),
};
