// npm run test:int [-- paths…]: the suites that need real servers, on those whose variables are set.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runJest } from './jest-step.mjs';
import { levels } from './levels.mjs';
import { servers, serversOf } from './servers.mjs';
import { close } from './tally.mjs';
import { filesOf, textOf } from './workspace.mjs';

const isCi = process.env['CI'] === 'true';
const wanted = process.argv.slice(2);

const promtool = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((directory) => join(directory, 'promtool'))
  .find((file) => existsSync(file));
if (promtool) process.env['PROMTOOL'] ??= promtool;

const suites = filesOf(`{apps,libs,tools}/**/*${levels.int.suffix}`).filter(
  (file) => wanted.length === 0 || wanted.some((path) => file.startsWith(path)),
);
const missing = new Map(suites.map((file) => [file, serversOf(textOf(file)).filter((name) => !process.env[name])]));
const runnable = suites.filter((file) => missing.get(file)?.length === 0);

/** @type {string[]} */ const reasons = [];
/** @type {string[]} */ const skips = [];
for (const [file, names] of missing) {
  if (names.length === 0) continue;
  const isFailure = isCi && names.some((name) => !servers[name]?.isOptional);
  const line = `${file} needs ${names.map((name) => `${name}: ${servers[name]?.start}`).join('; ')}`;
  (isFailure ? reasons : skips).push(line);
}
const absent = { name: 'servers', passed: 0, failed: reasons.length, skipped: skips.length, reasons, skips };
const tallies =
  runnable.length > 0
    ? [await runJest('test:int', ['int'], { timeLimitMs: 300_000, paths: runnable, workers: 1 }), absent]
    : [absent];
process.exitCode = close(tallies);
