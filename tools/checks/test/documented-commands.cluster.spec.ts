import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@rookery/testkit';
import type { ClusterDescription } from '../../local-cluster/src/cluster-file.js';
import { RunningCluster } from '../../local-cluster/test/running-cluster.js';
import { type Command, isAnsweredBy } from '../src/shell-blocks.mjs';
import { filesOf } from '../src/workspace.mjs';
import { commandsToRun, smaller } from '../src/repository/commands-not-run.js';
import { type Ended, ReaderShell } from './reader-shell.js';

/** The front page comes last: it breaks things. */
const pages = [...filesOf('**/*.md').filter((page) => page !== 'README.md'), 'README.md'];
const START_LIMIT_MS = 120_000;

let cluster: RunningCluster;
let description: ClusterDescription;
let shell: ReaderShell | undefined;

beforeAll(async () => {
  cluster = new RunningCluster(['--no-traffic', '--copies', 'inventory=1,orders=1']);
  description = await cluster.ready();
  await until('the whole sale is served', servesAll, START_LIMIT_MS);
  // As a reader sees it who looks at the answer: one that says no is no success.
  writeFileSync(join(cluster.directory, '.curlrc'), 'fail-with-body\nsilent\nshow-error\n');
});

afterEach(() => shell?.end());
afterAll(() => cluster.cleanUp());

/** A cluster is ready when one answer has come; the pages ask for more. */
async function servesAll(): Promise<boolean> {
  const headers = { authorization: `Bearer ${description.token}` };
  const paths = ['/v1/prices/tea', '/v1/stock/tea', '/v1/orders'];
  const answers = await Promise.all(paths.map((path) => fetch(`${description.gateway}${path}`, { headers })));
  await Promise.all(answers.map((answer) => answer.arrayBuffer()));
  return answers.every(({ status }) => status === 200);
}

/** A command as on a machine where the usual ports and the usual folder are the cluster's own. */
function asHere(command: string): string {
  const { gateway, monitor, issuer, registry } = description;
  const usual = { 8080: gateway, 8081: monitor, 8082: issuer, 8500: registry };
  const places = Object.entries(usual).map(
    ([port, url]) => [new RegExp(`\\b(localhost|127\\.0\\.0\\.1):${port}\\b`, 'g'), new URL(url).host] as const,
  );
  return [...places, ...smaller, [/\.rookery\//g, `${cluster.directory}/`] as const].reduce(
    (text, [written, here]) => text.replaceAll(written, here),
    command,
  );
}

function run(on: ReaderShell, { text }: Command): Promise<Ended> {
  const command = asHere(text);
  return text.startsWith('node --env-file=') ? on.runUntilReady(command) : on.run(command);
}

describe('beside a running cluster', () => {
  it.each(pages.filter((page) => commandsToRun(page).length > 0))(
    'every command of %s does what it says',
    async (page) => {
      const { HOME, PATH, TMPDIR } = process.env;
      const { directory } = cluster;
      shell = new ReaderShell({ HOME, PATH, TMPDIR, CURL_HOME: directory, ROOKERY_DIR: directory });
      for (const command of commandsToRun(page)) {
        const ended = await run(shell, command);
        const at = { at: `${page}:${command.line}`, ...ended };
        expect(at).toEqual({ ...at, code: 0 });
        const { answer } = command;
        if (answer !== undefined && !isAnsweredBy(ended.output, answer)) expect(at).toEqual({ ...at, output: answer });
      }
    },
  );
});
