import { type BenchOptions, readCommandLine, usage, UsageError } from './command-line.js';
import { gatewayBench } from './gateway/gateway-bench.js';
import { rpcBench } from './rpc/rpc-bench.js';
import { runBench } from './run-bench.js';

const benches = [rpcBench, gatewayBench];

/** Progress goes where it disturbs neither a table nor `--json`. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`);
}

async function run(options: BenchOptions): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
  }
  try {
    const result = await runBench(options, progress, stop.signal);
    progress('');
    process.stdout.write(`${result}\n`);
  } catch (error) {
    progress('');
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

try {
  const options = readCommandLine(process.argv.slice(2), benches);
  if (options === undefined) process.stdout.write(`${usage(benches)}\n`);
  else await run(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${usage(benches)}\n`);
  process.exitCode = 2;
}
