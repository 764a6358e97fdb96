import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ConsulResolver } from '@rookery/discovery';
import { SystemClock, SystemRandom, SystemScheduler } from '@rookery/runtime';
import { checkAgent } from './agent-check.js';
import { ClusterFile } from './cluster-file.js';
import { choosePlaces } from './cluster-places.js';
import { findProviders, joiningEnvironment, planCluster, registryUrl } from './cluster-plan.js';
import type { ClusterOptions } from './command-line.js';
import { HttpProbe } from './http-probe.js';
import { LocalCluster } from './local-cluster.js';
import { findNeighbours } from './neighbours.js';
import { NodeSpawner } from './node-spawner.js';
import { Operator } from './operator.js';
import { SystemProcessTable } from './process-table.js';
import { RunRecord } from './run-record.js';
import { root, stateDirectory, wordOf } from './state-directory.js';
import { StatusReport } from './status-report.js';
import { Stop } from './stop.js';
import { Terminal } from './terminal.js';

/** A process of the cluster cannot start as it is set. */
export class ProcessRefusedError extends Error {
  override readonly name = 'ProcessRefusedError';
}

/** Runs the cluster until it is told to stop; resolves with the exit code. Throws ProcessRefusedError. */
export async function runCluster(options: ClusterOptions): Promise<number> {
  if (options.consulUrl !== undefined) await checkAgent(options.consulUrl);
  const terminal = new Terminal(process.stdout);
  const directory = stateDirectory();
  const record = openDirectory(directory, terminal);
  const file = new ClusterFile(directory);
  file.remove();
  // The dev registry is ours alone; an agent may hold other clusters too, whose instances are numbered alike.
  const idSuffix = options.consulUrl === undefined ? '' : `-${wordOf(directory)}`;
  const providers = findProviders(root);
  const place = { root, directory, idSuffix, ...(await choosePlaces(options, providers, terminal)) };
  if (place.ports.database !== 0) letPass(directory);
  const operator = new Operator(terminal, options.isQuiet);
  const system = { clock: new SystemClock(), random: new SystemRandom(), scheduler: new SystemScheduler() };
  const plans = planCluster(options, place, providers);
  const cluster = new LocalCluster(plans, {
    ...system,
    spawner: new NodeSpawner(root),
    observer: operator,
    record,
    file,
  });
  const resolver = new ConsulResolver({
    ...system,
    url: registryUrl(options, place),
    token: process.env['CONSUL_TOKEN'],
  });
  if (options.consulUrl !== undefined) warnOf(await findNeighbours(resolver, plans), terminal);
  const stop = new Stop(cluster, terminal);
  terminal.print(`starting ${plans.length} processes …`);
  // Before the description: whoever waits for that may then join.
  file.writeEnvironment(joiningEnvironment(options, place), place.databases);
  cluster.start();
  const status = new StatusReport(cluster, terminal, new HttpProbe(), `http://127.0.0.1:${place.ports.monitor}`);
  if (await operator.introduce(cluster, options, place, resolver, status.startedAt)) status.start();
  else stop.giveUp();
  await stop.done;
  status.stop();
  await resolver.close();
  forget(directory);
  terminal.print('stopped');
  if (stop.isFailure) throw new ProcessRefusedError(cluster.refusal);
  return stop.exitCode;
}

function warnOf(neighbours: readonly string[], terminal: Terminal): void {
  if (neighbours.length === 0) return;
  terminal.print(
    `the agent already holds ${neighbours.join(', ')}: this cluster will call them and they will call it, but each believes ` +
      'only the tokens of its own issuer, so some calls will be refused. To add instances to a running cluster, start them ' +
      'with its cluster.env.',
  );
}

function openDirectory(directory: string, terminal: Terminal): RunRecord {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const record = new RunRecord(directory, new SystemProcessTable());
  const leftover = record.cleanUp();
  if (leftover !== undefined) {
    const ended =
      leftover.ended.length === 0
        ? 'nothing of it is left running'
        : `ended what was left: ${leftover.ended.join(', ')}`;
    terminal.print(`the last run was killed; ${ended}`);
  }
  forget(directory);
  return record;
}

/** What one cluster knew or signed with is of no use to the next. */
function forget(directory: string): void {
  // An instance that somebody started by hand may be writing a snapshot.
  rmSync(join(directory, 'snapshots'), { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
  rmSync(join(directory, 'issuer-key.json'), { force: true });
}

/** Root's PostgreSQL runs as another user, who must get to its data through our folder. Nothing else there is open to others. */
function letPass(directory: string): void {
  if (process.getuid?.() === 0) chmodSync(directory, 0o711);
}
