// npm run check: all that must hold before a change is handed on. A failing step stops no other.
import { runJest } from './jest-step.mjs';
import { testLevels } from './levels.mjs';
import { runStep } from './step.mjs';
import { close } from './tally.mjs';
import { program, root } from './workspace.mjs';

const minuteMs = 60_000;
const typescript = [process.execPath, `${root}/node_modules/typescript7/bin/tsc`];

/** @type {readonly (() => Promise<import('./tally.mjs').Tally>)[]} */
const steps = [
  () =>
    runStep('format', [program('prettier'), '--check', '--log-level', 'warn', '.'], {
      timeLimitMs: 4 * minuteMs,
      remedy: '`npm run format` mends it',
    }),
  () =>
    runStep('generated code', ['npm', 'run', '--silent', 'generate', '--', '--check'], { timeLimitMs: 2 * minuteMs }),
  () => runStep('build', [program('nx'), 'run-many', '-t', 'build'], { timeLimitMs: 5 * minuteMs }),
  () =>
    runStep('docs', [process.execPath, 'tools/checks/src/docs.mjs', '--check'], {
      timeLimitMs: 3 * minuteMs,
      remedy: '`npm run docs` mends it',
    }),
  () => runStep('lint', [program('nx'), 'run-many', '-t', 'lint'], { timeLimitMs: 12 * minuteMs }),
  () =>
    runStep('boundaries', [program('depcruise'), '--config', '.dependency-cruiser.mjs', 'apps', 'libs', 'tools'], {
      timeLimitMs: 2 * minuteMs,
    }),
  () => runStep('types', [...typescript, '-p', 'tsconfig.specs.json'], { timeLimitMs: 2 * minuteMs }),
  () => runJest('test', testLevels, { timeLimitMs: 20 * minuteMs }),
  () => runJest('repository checks', ['check'], { timeLimitMs: 8 * minuteMs }),
  () => runJest('cluster', ['cluster'], { timeLimitMs: 35 * minuteMs, workers: 1 }),
];

process.chdir(root);
/** @type {import('./tally.mjs').Tally[]} */
const tallies = [];
for (const step of steps) tallies.push(await step());
close(tallies);
