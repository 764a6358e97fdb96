/** A file that breaks one rule; `rule` is the name under which a linter must refuse it. */
export interface PlantedViolation {
  readonly rule: string;
  readonly file: string;
  readonly content: string;
}

const importing = (...specifiers: readonly string[]): string =>
  specifiers.map((specifier) => `import '${specifier}';\n`).join('');

const plant = (rule: string, file: string, content: string): PlantedViolation => ({ rule, file, content });

const slice = 'apps/canary/src/nest-box';

/** What dependency-cruiser must refuse: at least one for each rule. */
export const plantedImports: readonly PlantedViolation[] = [
  plant('no-cycles', 'apps/canary/src/egg.ts', importing('./hen.js')),
  plant('imports-resolve', 'apps/canary/src/nowhere.ts', importing('./not-there.js')),
  plant('imports-resolve', 'apps/canary/src/past-the-door.ts', importing('@rookery/discovery/src/hidden.js')),
  plant('no-dead-files', 'apps/canary/src/alone.ts', 'export const nobody = 1;\n'),

  plant('layer-app', 'apps/canary/src/to-tool.ts', importing('../../../tools/canary/src/tool.js')),
  plant('layer-tool', 'tools/canary/src/to-app.ts', importing('../../../apps/other/src/other.js')),
  plant('layer-platform', 'libs/discovery/src/to-app.ts', importing('../../../apps/other/src/other.js')),
  plant('layer-kernel', 'libs/runtime/src/to-platform.ts', importing('@rookery/discovery')),
  plant('layer-contract', 'libs/contracts/src/nest/to-kernel.ts', importing('@rookery/runtime')),

  plant('apps-never-import-apps', 'apps/canary/src/to-app.ts', importing('../../other/src/other.js')),
  plant('libs-never-import-apps', 'libs/discovery/src/to-tool.ts', importing('../../../tools/canary/src/tool.js')),
  plant('no-deep-imports', 'apps/canary/src/deep.ts', importing('../../../libs/discovery/src/hidden.js')),
  plant('test-code-only-in-tests', 'apps/canary/src/kit.ts', importing('@rookery/testkit')),
  plant('test-code-only-in-tests', 'libs/discovery/src/virtual.ts', importing('@rookery/runtime/testing')),
  plant('test-code-only-in-tests', 'apps/canary/src/spec-user.ts', importing('./some.unit.spec.js')),
  plant('kernels-import-no-package', 'libs/resilience/src/nest.ts', importing('@nestjs/common')),
  plant('kernels-import-no-package', 'libs/resilience/src/grpc.ts', importing('@grpc/grpc-js')),
  plant('kernels-import-no-package', 'libs/runtime/src/driver.ts', importing('consul')),
  plant('kernels-import-no-node-module', 'libs/resilience/src/file.ts', importing('node:fs')),
  plant('kernels-import-no-node-module', 'libs/runtime/src/timer.ts', importing('timers')),
  plant('kernels-see-messages-alone', 'libs/resilience/src/clients.ts', importing('@rookery/contracts/nest')),
  plant('actor-rings-look-inward', 'libs/actors/src/local/far.ts', importing('../cluster/planted.js')),
  plant('actor-rings-look-inward', 'libs/actors/src/remote/grains.ts', importing('../cluster/planted.js')),
  plant('messages-are-codecs-alone', 'libs/contracts/src/messages/nest.ts', importing('@nestjs/common')),
  plant('messages-are-codecs-alone', 'libs/contracts/src/messages/clients.ts', importing('../nest/index.js')),
  plant('rpc-and-telemetry-are-strangers', 'libs/rpc/src/metrics.ts', importing('@rookery/telemetry')),
  plant('rpc-and-telemetry-are-strangers', 'libs/telemetry/src/calls.ts', importing('@rookery/rpc')),
  plant('running-code-needs-no-dev-dependency', 'apps/canary/src/dev.ts', importing('fast-check')),

  plant('domain-is-pure', `${slice}/domain/egg.ts`, importing('@nestjs/common')),
  plant('domain-is-pure', `${slice}/domain/file.ts`, importing('node:fs')),
  plant('domain-is-pure', `${slice}/domain/outward.ts`, importing('../application/lay-egg.handler.js')),
  plant(
    'application-knows-ports-not-adapters',
    `${slice}/application/lay-egg.handler.ts`,
    importing('@rookery/discovery'),
  ),
  plant('infrastructure-implements-ports', `${slice}/infrastructure/egg.store.ts`, importing('../api/egg.mapper.js')),
  plant(
    'api-calls-application-only',
    `${slice}/api/egg.mapper.ts`,
    importing('../infrastructure/in-memory-egg.store.js'),
  ),
  plant('slices-are-islands', `${slice}/application/feed.handler.ts`, importing('../../larder/domain/seed.js')),
];

/** What the violations import and that breaks no rule itself. */
export const bystanders: Readonly<Record<string, string>> = {
  'apps/other/src/other.ts': importing('@rookery/discovery'),
  'apps/canary/src/egg.ts': 'export {};\n',
  'apps/canary/src/hen.ts': importing('./egg.js'),
  'apps/canary/src/some.unit.spec.ts': importing('@rookery/testkit', '@rookery/runtime/testing', 'fast-check'),
  'apps/canary/src/larder/domain/seed.ts': importing('@rookery/runtime'),
  [`${slice}/infrastructure/in-memory-egg.store.ts`]: importing('@rookery/discovery'),
  [`${slice}/nest-box.module.ts`]: importing('./infrastructure/in-memory-egg.store.js', '@nestjs/common'),
  'libs/actors/src/cluster/planted.ts': 'export {};\n',
  'libs/discovery/src/hidden.ts': importing('@rookery/runtime'),
  'libs/runtime/src/testing/index.ts': 'export {};\n',
  'libs/runtime/src/system-sound.ts': importing('node:fs'),
  'tools/canary/src/tool.ts': importing('@rookery/runtime'),
};

const kernel = 'libs/runtime/src';
const platform = 'libs/discovery/src';

/** What ESLint must refuse. */
export const plantedCode: readonly PlantedViolation[] = [
  plant('@nx/enforce-module-boundaries', `${kernel}/to-platform.ts`, importing('@rookery/telemetry')),
  plant('@nx/enforce-module-boundaries', `${kernel}/to-nest.ts`, importing('@nestjs/common')),
  plant('@nx/enforce-module-boundaries', `${platform}/relative.ts`, importing('../../runtime/src/index.js')),
  plant('@nx/enforce-module-boundaries', `${platform}/kit.ts`, importing('@rookery/testkit')),
  plant('no-restricted-properties', `${kernel}/date.ts`, 'export const now = (): number => Date.now();\n'),
  plant('no-restricted-properties', `${kernel}/chance.ts`, 'export const chance = (): number => Math.random();\n'),
  plant(
    'no-restricted-globals',
    `${kernel}/wait.ts`,
    'export const wait = (): unknown => setTimeout(() => undefined, 1);\n',
  ),
  plant('no-restricted-globals', `${kernel}/environment.ts`, 'export const home = (): unknown => process.env;\n'),
  plant('no-restricted-syntax', `${kernel}/today.ts`, 'export const today = (): Date => new Date();\n'),
  plant('@typescript-eslint/no-explicit-any', `${platform}/any.ts`, 'export const any: any = 1;\n'),
  plant(
    '@typescript-eslint/no-unsafe-return',
    `${platform}/escape.ts`,
    "export const escaped = (): string => JSON.parse('1');\n",
  ),
  plant(
    '@typescript-eslint/no-non-null-assertion',
    `${platform}/sure.ts`,
    'export const sure = (values: string[]): string => values[0]!;\n',
  ),
  plant(
    '@typescript-eslint/no-floating-promises',
    `${platform}/floating.ts`,
    'export function float(): void {\n  Promise.reject(new Error());\n}\n',
  ),
  plant(
    'no-empty',
    `${platform}/swallowed.ts`,
    'export function swallow(act: () => void): void {\n  try {\n    act();\n  } catch {}\n}\n',
  ),
  plant('no-restricted-syntax', `${platform}/barrel.ts`, "export * from './index.js';\n"),
  plant('no-restricted-syntax', `${platform}/lonely.unit.spec.ts`, 'declare const it: { only(): void };\nit.only();\n'),
  plant('rookery/todo-names-an-issue', `${platform}/todo.ts`, `// ${'TO'}DO later\nexport {};\n`),
  plant('max-lines', `${platform}/long.ts`, 'export {};\n'.repeat(301)),
  plant('max-lines', 'apps/canary/src/long.ts', 'export {};\n'.repeat(151)),
  plant(
    'max-lines-per-function',
    'apps/canary/src/wordy.ts',
    `export function wordy(): void {\n${'  void 0;\n'.repeat(30)}}\n`,
  ),
  plant(
    'complexity',
    `${platform}/branched.ts`,
    `export const pick = (n: number): number => ${Array.from({ length: 11 }, (_, i) => `n === ${i} ? ${i} : `).join('')}0;\n`,
  ),
];

const store = `${slice}/infrastructure/postgres-egg.store.ts`;
const query = (text: string): string => `export const text = \`${text}\`;\n`;

/** What the check of locks must find. */
export const plantedLocks: readonly PlantedViolation[] = [
  plant('row lock', store, query('select * from eggs where id = $1\n  FOR UPDATE')),
  plant('row lock', store, query('select * from eggs for no key update skip locked')),
  plant('advisory lock', store, query('select pg_advisory_xact_lock(hashtext($1))')),
  plant('advisory lock', store, query('select pg_try_advisory_lock($1)')),
  plant('table lock', store, query('lock table eggs')),
  plant('table lock', store, query('lock eggs')),
  plant('table lock', store, query('LOCK eggs IN SHARE ROW EXCLUSIVE MODE')),
  plant('lock of Consul', `${slice}/infrastructure/nest.client.ts`, query('/v1/session/create')),
  plant('lock of Consul', `${slice}/infrastructure/nest.client.ts`, 'await kv.set({ key, acquire: session });\n'),
  plant('lock of ZooKeeper', `${slice}/infrastructure/nest.client.ts`, query('/nests/7/lock-')),
];
