import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { budgetExceptions, budgets, generatedFolders, impurities, layers } from './architecture.config.mjs';
import { lintProgram } from './tools/checks/src/lint-program.mjs';
import { todoNamesAnIssue } from './tools/checks/src/todo-rule.mjs';

const specs = ['**/*.spec.ts', '**/*.contract.ts', '**/test/**/*.ts', '**/src/testing/**/*.ts'];
/** Nx types its plugin against an older ESLint. */
const nxPlugin = /** @type {import('eslint').ESLint.Plugin} */ (/** @type {unknown} */ (nx));

const kernels = layers.filter(({ name }) => name === 'kernel').flatMap(({ projects }) => projects);

/** Between projects; dependency-cruiser holds the same table without needing Nx's graph. A library's tests may use it as its users do. @param {readonly string[]} extra @returns {import('eslint').Linter.RulesRecord} */
const boundaries = (extra) => ({
  '@nx/enforce-module-boundaries': [
    'error',
    {
      allow: ['/architecture\\.config\\.mjs$'],
      allowCircularSelfDependency: extra.length > 0,
      depConstraints: layers.map(({ name, mayImport }) => ({
        sourceTag: `layer:${name}`,
        onlyDependOnLibsWithTags: [...mayImport, ...extra].map((layer) => `layer:${layer}`),
        bannedExternalImports:
          name === 'kernel' ? ['@nestjs/*', '@grpc/*', 'consul', 'fastify', 'pino', 'prom-client'] : [],
      })),
    },
  ],
});

/** @param {keyof typeof budgets} folder @returns {import('eslint').Linter.Config} */
const budget = (folder) => {
  const { fileLines, functionLines, complexity } = budgets[folder];
  return {
    files: [`${folder}/**/*.ts`, `${folder}/**/*.mjs`],
    ignores: budgetExceptions.map(({ file }) => file),
    rules: {
      'max-lines': ['error', { max: fileLines }],
      'max-lines-per-function': ['error', { max: functionLines }],
      complexity: ['error', complexity],
    },
  };
};

/**
 * One function makes every `no-restricted-syntax`: a second block would replace the first.
 *
 * @param {{ isSpec?: boolean, isKernel?: boolean }} files
 * @returns {import('eslint').Linter.RuleEntry}
 */
const restrictedSyntax = ({ isSpec = false, isKernel = false }) => {
  const always = [
    { selector: 'ExportAllDeclaration[exported=null]', message: 'Export names one by one.' },
    { selector: 'TSEnumDeclaration', message: 'A union of strings says the same and needs no code.' },
  ];
  const inSpecs = [
    {
      selector: 'MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(only|skip|todo)$/]',
      message: 'Every committed test runs.',
    },
    { selector: 'ImportDeclaration[source.value=/timers.promises$/]', message: 'Wait for a condition, not for time.' },
  ];
  const inKernels = [
    {
      selector: "NewExpression[callee.name='Date'][arguments.length=0]",
      message: 'A kernel is pure: use Clock.now.',
    },
  ];
  return ['error', ...always, ...(isSpec ? inSpecs : []), ...(isKernel ? inKernels : [])];
};

/** ESLint's own finds that a compiler doesn't make. An empty catch may hold a comment: it says why nothing need be done. */
const mistakes = Object.fromEntries(
  [
    'no-async-promise-executor',
    'no-cond-assign',
    'no-constant-condition',
    'no-debugger',
    'no-empty',
    'no-fallthrough',
    'no-self-assign',
    'no-self-compare',
    'no-unmodified-loop-condition',
    'no-unsafe-finally',
    'no-unsafe-optional-chaining',
    'no-useless-catch',
    'no-useless-escape',
    'no-useless-rename',
    'object-shorthand',
  ].map((name) => [name, 'error']),
);

export default defineConfig(
  {
    // What a browser runs is no part of the program that the linter knows.
    ignores: ['**/dist/', '**/node_modules/', '.nx/', '.rookery/', 'apps/*/public/', ...generatedFolders],
  },
  ...tseslint.configs.recommendedTypeChecked,
  prettier,
  {
    plugins: { '@nx': nxPlugin, rookery: { rules: { 'todo-names-an-issue': todoNamesAnIssue } } },
    languageOptions: { parserOptions: lintProgram() },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      ...boundaries([]),
      'rookery/todo-names-an-issue': 'error',
      'no-restricted-syntax': restrictedSyntax({}),
      'no-console': 'error',
      eqeqeq: 'error',
      ...mistakes,
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // As the compiler has it: an underscore says that a parameter is there for its place alone.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'interface', format: ['PascalCase'], custom: { regex: '^I[A-Z]', match: false } },
        {
          selector: 'class',
          format: ['PascalCase'],
          custom: { regex: '(^Base|Base$|Impl$|Manager$|Helper$|Util)', match: false },
        },
      ],
      // A method of a port may be async by contract without awaiting anything in one adapter.
      '@typescript-eslint/require-await': 'off',
      // An empty Nest module is a class with a decorator.
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  budget('apps'),
  budget('libs'),
  budget('tools'),
  {
    files: kernels.map((folder) => `${folder}/src/**/*.ts`),
    ignores: [...specs, 'libs/runtime/src/system-*.ts'],
    rules: {
      'no-restricted-syntax': restrictedSyntax({ isKernel: true }),
      'no-restricted-globals': [
        'error',
        ...Object.entries(impurities.globals).map(([name, instead]) => ({
          name,
          message: `A kernel is pure: use ${instead}.`,
        })),
      ],
      'no-restricted-properties': [
        'error',
        ...impurities.members.map(({ object, property, instead }) => ({
          object,
          property,
          message: `A kernel is pure: use ${instead}.`,
        })),
      ],
    },
  },
  // What a browser loads as it is written; no compiler sees it.
  { ...tseslint.configs.disableTypeChecked, files: ['apps/*/public/**'] },
  { files: ['tools/**'], rules: { 'no-console': 'off' } },
  // The linter doesn't see a cast in a comment, so what JSON.parse gives stays `any` to it. The compiler sees it.
  {
    files: ['**/*.mjs'],
    rules: Object.fromEntries(
      ['argument', 'assignment', 'call', 'member-access', 'return'].map((use) => [
        `@typescript-eslint/no-unsafe-${use}`,
        'off',
      ]),
    ),
  },
  {
    files: specs,
    rules: {
      ...boundaries(['test']),
      'no-restricted-syntax': restrictedSyntax({ isSpec: true }),
      'max-lines': ['error', { max: budgets.libs.fileLines }],
      'max-lines-per-function': 'off',
      // `expect(object.method)` names the method, it doesn't call it.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  // Apps have no package name, so a check of what several of them make together names their files. dependency-cruiser holds
  // the layers there too.
  { files: ['tools/checks/test/**'], rules: { '@nx/enforce-module-boundaries': 'off' } },
);
