import { CommandLineError, helpText, readCommandLine } from './command-line.js';
import { runFlashSale, type SaleResult } from './flash-sale.js';
import { Interruption, interruption } from './interruption.js';

async function main(words: readonly string[]): Promise<void> {
  const options = readCommandLine(words);
  if (options === undefined) return void process.stdout.write(helpText);
  const say = (line: string): void => void process.stderr.write(options.isJson ? '' : `${line}\n`);
  const { broken, result } = await runFlashSale(options, say, interruption());
  process.stdout.write(options.isJson ? `${JSON.stringify(result)}\n` : table(result));
  for (const sentence of broken) process.stderr.write(`BROKEN: ${sentence}\n`);
  if (broken.length > 0) process.exitCode = 1;
}

function table(result: SaleResult): string {
  const lines = Object.entries(result).map(([name, value]) => `${name.padEnd(14)} ${String(value).padStart(10)}\n`);
  return lines.join('');
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof CommandLineError;
  process.stderr.write(`flash-sale: ${error instanceof Error ? error.message : String(error)}\n`);
  if (isUsage) process.stderr.write('npm run flash-sale -- --help says what is allowed\n');
  // Its shoppers are still about.
  if (error instanceof Interruption) process.exit(130);
  process.exitCode = isUsage ? 64 : 1;
}
