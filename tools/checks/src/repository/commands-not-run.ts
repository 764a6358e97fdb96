import { commandsOf, type Command } from '../shell-blocks.mjs';
import { textOf } from '../workspace.mjs';

/** Commands of one page that no test runs as they stand. */
export interface NotRun {
  readonly page: string;
  /** How they begin. */
  readonly command: string;
  readonly because: string;
  /** The spec that runs what such a command runs, with less to do. */
  readonly spec?: string;
}

const lasts = 'It goes on until somebody ends it.';
const runsTests = 'It runs the tests, this one among them.';
const installs = 'It takes away the packages that the test itself is running on.';
const containers = 'It needs a container engine, and the tests need nothing but npm.';
const consul = 'It needs Consul, and the tests need nothing but npm.';

/** `test/documented-commands.cluster.spec.ts` runs every command of every page, beside one running cluster, but these. */
export const notRun: readonly NotRun[] = [
  { page: 'CONTRIBUTING.md', command: 'npm ci', because: installs },
  {
    page: 'CONTRIBUTING.md',
    command: 'npm start',
    because: lasts,
    spec: 'tools/local-cluster/test/local-cluster.cluster.spec.ts',
  },
  { page: 'CONTRIBUTING.md', command: 'npm test', because: runsTests },
  { page: 'CONTRIBUTING.md', command: 'npm run check', because: runsTests },
  { page: 'README.md', command: 'npm ci && ', because: installs },
  {
    page: 'README.md',
    command: 'npm run flash-sale -- --orders ',
    because: 'It starts a cluster of its own and keeps it busy for minutes.',
    spec: 'tools/flash-sale/test/flash-sale.cluster.spec.ts',
  },
  { page: 'docs/guides/containers.md', command: 'docker ', because: containers },
  { page: 'docs/guides/containers.md', command: 'kubectl ', because: containers },
  {
    page: 'docs/guides/containers.md',
    command: 'npm run flash-sale ',
    because: 'It reads the databases in the containers.',
    spec: 'tools/flash-sale/test/flash-sale.cluster.spec.ts',
  },
  {
    page: 'docs/guides/new-service.md',
    command: 'curl -s localhost:8080/v1/invoices/',
    because: 'It asks a service that the reader has yet to write.',
  },
  {
    page: 'docs/guides/new-service.md',
    command: 'node --env-file=.rookery/cluster.env apps/billing/',
    because: 'It starts a service that the reader has yet to write.',
  },
  { page: 'docs/guides/observability.md', command: 'npm start | grep ', because: lasts },
  {
    page: 'docs/guides/performance.md',
    command: 'npm run bench -- ',
    because: 'It takes up to seven minutes of a machine that does nothing else.',
    spec: 'tools/benchmarks/test/benchmarks.cluster.spec.ts',
  },
  { page: 'docs/guides/registry.md', command: 'consul agent ', because: consul },
  { page: 'docs/guides/registry.md', command: 'CONSUL_URL=', because: consul },
];

/** What a command of a page is run with instead, so that it takes seconds. */
export const smaller: readonly (readonly [written: string, run: string])[] = [
  ['sleep 60', 'sleep 1'],
  ['--orders 1000 --shoppers 50 --units 100', '--orders 60 --shoppers 10 --units 15'],
];

const covers = (row: NotRun, page: string, { text }: Command): boolean =>
  row.page === page && text.startsWith(row.command);

/** The commands of a page that a test runs. */
export const commandsToRun = (page: string): readonly Command[] =>
  commandsOf(textOf(page)).filter((command) => !notRun.some((row) => covers(row, page, command)));

/** Whether a row still speaks of anything. */
export const isOfUse = (row: NotRun): boolean =>
  commandsOf(textOf(row.page)).some((command) => covers(row, row.page, command));
