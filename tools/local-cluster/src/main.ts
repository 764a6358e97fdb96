import { AgentUnreachableError } from './agent-check.js';
import { AlreadyRunningError } from './run-record.js';
import { DatabaseRefusedError } from './given-database.js';
import { CommandLineError, helpText, readCommandLine } from './command-line.js';
import { PortBusyError } from './port-choice.js';
import { ProcessRefusedError, runCluster } from './run-cluster.js';

async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2));
  if (options === undefined) return void process.stdout.write(helpText);
  process.exitCode = await runCluster(options);
}

/** Problems that a person can mend by what the message says. */
const EXPECTED = [
  AgentUnreachableError,
  DatabaseRefusedError,
  CommandLineError,
  PortBusyError,
  AlreadyRunningError,
  ProcessRefusedError,
];

main().then(
  () => process.exit(),
  (error: unknown) => {
    const isExpected = EXPECTED.some((type) => error instanceof type);
    const text = isExpected ? (error as Error).message : ((error as Error).stack ?? String(error));
    process.stderr.write(`npm start: ${text}\n`);
    if (error instanceof CommandLineError) process.stderr.write('npm start -- --help shows what can be set.\n');
    process.exit(1);
  },
);
