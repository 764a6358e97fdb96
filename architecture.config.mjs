/**
 * The architecture as data: the only place where import rules are written. `eslint.config.mjs` (between projects) and
 * `.dependency-cruiser.mjs` (everything else) read it, `docs/architecture.md` is drawn from it, and `tools/checks` plants a
 * violation of each rule to see it refused.
 *
 * @typedef {'app' | 'tool' | 'platform' | 'kernel' | 'contract' | 'test'} Layer
 * @typedef {{ name: Layer, projects: readonly string[], mayImport: readonly Layer[], meaning: string, reason: string }} LayerRow
 */

/**
 * Top to bottom; imports point down only. A folder with a star takes in whatever stands there, so a new app or tool needs no
 * line here; a new library chooses its layer by being written into one row.
 *
 * @type {readonly LayerRow[]}
 */
export const layers = [
  {
    name: 'app',
    projects: ['apps/*'],
    mayImport: ['platform', 'kernel', 'contract'],
    meaning: 'one deployable service each',
    reason: 'Apps meet over the network, by their contracts; an import between them would deploy them together.',
  },
  {
    name: 'tool',
    projects: ['tools/*'],
    mayImport: ['platform', 'kernel', 'contract'],
    meaning: 'programs for the people who work here',
    reason: 'A tool sees apps as processes, as an operator does.',
  },
  {
    name: 'platform',
    projects: [
      'libs/service-kit',
      'libs/actors-nest',
      'libs/cqrs',
      'libs/messaging',
      'libs/rpc',
      'libs/discovery',
      'libs/postgres',
      'libs/telemetry',
    ],
    mayImport: ['platform', 'kernel', 'contract'],
    meaning: 'what every service needs, bound to Nest, gRPC and drivers',
    reason: 'What all services share lives here once; it must not know any of them.',
  },
  {
    name: 'kernel',
    projects: ['libs/actors', 'libs/eventsourcing', 'libs/resilience', 'libs/runtime', 'libs/wire'],
    mayImport: ['kernel', 'contract'],
    meaning: 'pure algorithms; time, chance and I/O come in through ports',
    reason: 'A kernel runs under a virtual clock and replays from a seed only if nothing in it reaches outside.',
  },
  {
    name: 'contract',
    projects: ['libs/contracts'],
    mayImport: [],
    meaning: 'generated from proto/',
    reason: 'A contract that imports anything of ours could not be read by everyone.',
  },
  {
    name: 'test',
    projects: ['libs/testkit', 'tools/checks'],
    mayImport: ['app', 'tool', 'platform', 'kernel', 'contract'],
    meaning: 'test kits and the checks of this repository',
    reason: 'Test code in a running service is a fault waiting; only specs, contract suites and test/ may import it.',
  },
];

/** Files that may import test kits: regular expressions on paths from the root. */
export const testFiles = [
  '\\.spec\\.ts$',
  '\\.contract\\.ts$',
  '^(apps|libs|tools)/[^/]+/test/',
  '^libs/[^/]+/src/testing/',
];

/** Folders whose files a program writes (`npm run generate`); no rule of style holds there. */
export const generatedFolders = ['libs/contracts/src/messages/', 'libs/contracts/src/nest/'];

/** The one place in the kernels that binds the real clock, randomness and timers. */
export const systemBindings = '^libs/runtime/src/system-[^/]+\\.ts$';

/**
 * Globals and members a kernel may not touch, with the port that stands in for each.
 *
 * @type {{ globals: Readonly<Record<string, string>>, members: readonly { object: string, property: string, instead: string }[] }}
 */
export const impurities = {
  globals: {
    setTimeout: 'Scheduler.timer',
    clearTimeout: 'Cancellable.cancel',
    setInterval: 'Scheduler.interval',
    clearInterval: 'Cancellable.cancel',
    setImmediate: 'Scheduler.macrotask',
    clearImmediate: 'Cancellable.cancel',
    queueMicrotask: 'Scheduler.microtask',
    process: 'a port of your own',
    performance: 'Clock.monotonic',
    crypto: 'Random',
    fetch: 'a port of your own',
    console: 'a port of your own',
  },
  members: [
    { object: 'Date', property: 'now', instead: 'Clock.now' },
    { object: 'Math', property: 'random', instead: 'Random' },
  ],
};

/**
 * Rules that no pair of layers can say. `from` and `to` are regular expressions on paths from the root; `$1` in `to` is the
 * first group of `from`. Packages appear under `node_modules/`, Node's own modules by their bare name.
 *
 * @typedef {{ path?: string | readonly string[], pathNot?: string | readonly string[] }} Files
 * @typedef {{ name: string, reason: string, from: Files, to: Files & { kind?: 'dev' | 'node' } }} ImportRule
 * @type {readonly ImportRule[]}
 */
export const importRules = [
  {
    name: 'apps-never-import-apps',
    reason: 'Two apps meet by contract and registry, never by import.',
    from: { path: '^apps/([^/]+)/' },
    to: { path: '^apps/', pathNot: '^apps/$1/' },
  },
  {
    name: 'libs-never-import-apps',
    reason: 'A library that knows an app cannot serve the others.',
    from: { path: '^libs/' },
    to: { path: '^(apps|tools)/' },
  },
  {
    name: 'no-deep-imports',
    reason: "A library's entry points are its promise; what lies behind them may change on any day.",
    from: { path: '^(apps|libs|tools)/([^/]+)/' },
    to: {
      path: '^libs/',
      pathNot: [
        '^$1/$2/',
        '^libs/[^/]+/src/index\\.ts$',
        '^libs/[^/]+/src/(messages|nest|testing)/index\\.ts$',
        // An entry point of its own, because its users are started often and need nothing else of the kit.
        '^libs/service-kit/src/probe\\.ts$',
      ],
    },
  },
  {
    name: 'test-code-only-in-tests',
    reason: 'What is made for specs has no limits, no errors for users and no drain.',
    from: { path: '^(apps|libs|tools)/', pathNot: [...testFiles, '^libs/testkit/', '^tools/checks/'] },
    to: { path: ['^libs/testkit/', '^tools/checks/', '^libs/[^/]+/src/testing/', '\\.(spec|contract)\\.ts$'] },
  },
  {
    name: 'kernels-import-no-package',
    reason: 'A kernel knows no framework, no transport and no driver.',
    from: { path: '^libs/(actors|eventsourcing|resilience|runtime|wire)/src/', pathNot: testFiles },
    // `wire` stands in for the reader and writer of generated codecs.
    to: { path: '(^|/)node_modules/', pathNot: 'node_modules/@bufbuild/protobuf/' },
  },
  {
    name: 'kernels-import-no-node-module',
    reason: 'Files, sockets, clocks and timers reach a kernel through ports; only system-*.ts binds the real ones.',
    from: {
      path: '^libs/(actors|eventsourcing|resilience|runtime|wire)/src/',
      pathNot: [...testFiles, systemBindings],
    },
    to: { kind: 'node' },
  },
  {
    name: 'kernels-see-messages-alone',
    reason: 'Messages are plain data; controllers and clients would bring Nest with them.',
    from: { path: '^libs/(actors|eventsourcing|resilience|runtime|wire)/', pathNot: testFiles },
    to: { path: '^libs/contracts/', pathNot: '^libs/contracts/src/messages/' },
  },
  {
    name: 'actor-rings-look-inward',
    reason: 'Actors of one process know nothing of others, and nothing below a cluster knows of grains.',
    from: { path: '^libs/actors/src/(local|routing|remote)/', pathNot: testFiles },
    to: { path: '^libs/actors/src/(routing|remote|cluster)/', pathNot: '^libs/actors/src/$1/' },
  },
  {
    name: 'messages-are-codecs-alone',
    reason: 'Kernels and domains import the messages; a framework behind them would come along unseen.',
    from: { path: '^libs/contracts/src/messages/' },
    to: { path: ['^libs/contracts/src/nest/', 'node_modules/@nestjs/', 'node_modules/@grpc/'] },
  },
  {
    name: 'rpc-and-telemetry-are-strangers',
    reason: 'rpc says what happened through its CallObserver; service-kit wires telemetry into it.',
    from: { path: '^libs/(rpc|telemetry)/' },
    to: { path: '^libs/(rpc|telemetry)/', pathNot: '^libs/$1/' },
  },
  {
    name: 'running-code-needs-no-dev-dependency',
    reason: 'An image is installed without them.',
    from: { path: '^(apps|libs)/', pathNot: [...testFiles, '^libs/testkit/'] },
    to: { kind: 'dev' },
  },
  {
    name: 'domain-is-pure',
    reason: 'The rules of the business outlive every framework.',
    from: { path: '^(apps/[^/]+/src/[^/]+/domain)/', pathNot: testFiles },
    to: { pathNot: ['^$1/', '^libs/(runtime|eventsourcing)/'] },
  },
  {
    name: 'application-knows-ports-not-adapters',
    reason: 'A use case that names a driver cannot be tested without it.',
    from: { path: '^(apps/[^/]+/src/[^/]+)/application/', pathNot: testFiles },
    to: {
      pathNot: [
        '^$1/(domain|application)/',
        // The settings of the app, which say how the business is to be run here.
        '^apps/[^/]+/src/app\\.config\\.ts$',
        '^libs/(runtime|resilience|eventsourcing|cqrs)/',
        'node_modules/@nestjs/(common|cqrs)/',
      ],
    },
  },
  {
    name: 'infrastructure-implements-ports',
    reason: 'An adapter fills a port; it serves no caller from outside.',
    from: { path: '^(apps/[^/]+/src/[^/]+)/infrastructure/', pathNot: testFiles },
    to: { path: '^$1/', pathNot: '^$1/(domain|application|infrastructure)/' },
  },
  {
    name: 'api-calls-application-only',
    reason: 'A controller translates; it fetches nothing for itself.',
    from: { path: '^(apps/[^/]+/src/[^/]+)/api/', pathNot: testFiles },
    to: { path: '^$1/', pathNot: '^$1/(domain|application|api)/' },
  },
  {
    name: 'slices-are-islands',
    reason: 'A slice that reaches into its neighbour is the same slice under two names.',
    from: { path: '^(apps/[^/]+/src)/([^/]+)/(domain|application|infrastructure|api)/', pathNot: testFiles },
    to: { path: '^$1/[^/]+/', pathNot: ['^$1/$2/', '\\.module\\.ts$'] },
  },
];

/** How long a file and a function may be, and how branched. Tools are held to what libraries are. */
export const budgets = {
  apps: { fileLines: 150, functionLines: 30, complexity: 10 },
  libs: { fileLines: 300, functionLines: 50, complexity: 10 },
  tools: { fileLines: 300, functionLines: 50, complexity: 10 },
};

/**
 * Files that may exceed their budget, at most five, each with its reason.
 *
 * @type {readonly { file: string, reason: string }[]}
 */
export const budgetExceptions = [];

/**
 * The layer of a project folder such as `libs/rpc`; a name stands before a star.
 *
 * @param {string} folder
 * @returns {Layer | undefined}
 */
export function layerOf(folder) {
  const group = `${folder.split('/')[0] ?? ''}/*`;
  const row =
    layers.find(({ projects }) => projects.includes(folder)) ?? layers.find(({ projects }) => projects.includes(group));
  return row?.name;
}
