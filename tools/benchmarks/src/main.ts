import { actorsSuite } from './actors/actors-suite.js';
import { suiteOf } from './bench.js';
import { type BenchOptions, readCommandLine, usage, UsageError } from './command-line.js';
import { appendBench } from './events/append-bench.js';
import { commandsBench } from './events/commands-bench.js';
import { projectionBench } from './events/projection-bench.js';
import { replayBench } from './events/replay-bench.js';
import { gatewayBench } from './gateway/gateway-bench.js';
import { rpcBench } from './rpc/rpc-bench.js';
import { type Onlooker, runBenches } from './run-bench.js';

const eventBenches = [appendBench, commandsBench, projectionBench, replayBench];
const suites = [suiteOf(rpcBench), suiteOf(gatewayBench), actorsSuite, ...eventBenches.map(suiteOf)];

/** Goes where it disturbs neither a table nor `--json`. */
const onlooker: Onlooker = {
  progress: (text) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`);
  },
  notice: (text) => {
    onlooker.progress('');
    process.stderr.write(`${text}\n`);
  },
};

async function run(options: BenchOptions): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
  }
  try {
    const result = await runBenches(options, onlooker, stop.signal);
    onlooker.progress('');
    process.stdout.write(`${result}\n`);
  } catch (error) {
    onlooker.notice(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

try {
  const options = readCommandLine(process.argv.slice(2), suites);
  if (options === undefined) process.stdout.write(`${usage(suites)}\n`);
  else await run(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${usage(suites)}\n`);
  process.exitCode = 2;
}
