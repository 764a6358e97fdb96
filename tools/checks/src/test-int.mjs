// npm run test:int [-- paths…]: the suites that need real servers, on those whose variables are set.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runJest } from './jest-step.mjs';
import { levels } from './levels.mjs';
import { plan, serversOf } from './servers.mjs';
import { mountSmallDisk } from './small-disk.mjs';
import { close } from './tally.mjs';
import { filesOf, textOf } from './workspace.mjs';

const wanted = process.argv.slice(2);
const files = filesOf(`{apps,libs,tools}/**/*${levels.int.suffix}`).filter(
  (file) => wanted.length === 0 || wanted.some((path) => file.startsWith(path)),
);

/** @param {string} name */
const onPath = (name) =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find((file) => existsSync(file));
for (const name of ['kubectl', 'promtool']) {
  const file = onPath(name);
  if (file) process.env[name.toUpperCase()] ??= file;
}

const suites = Object.fromEntries(files.map((file) => [file, textOf(file)]));
if (Object.values(suites).some((source) => serversOf(source).includes('SMALL_DISK'))) {
  const folder = process.env['SMALL_DISK'] ?? mountSmallDisk();
  if (folder !== undefined) process.env['SMALL_DISK'] = folder;
}
const { runnable, reasons, skips } = plan(suites, process.env, process.env['CI'] === 'true');
const absent = { name: 'servers', passed: 0, failed: reasons.length, skipped: skips.length, reasons, skips };
const options = { timeLimitMs: 900_000, paths: runnable, workers: 1 };
close(runnable.length > 0 ? [await runJest('test:int', ['int'], options), absent] : [absent]);
