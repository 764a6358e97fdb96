// npm test [-- paths…]: everything that needs nothing but npm.
import { runJest } from './jest-step.mjs';
import { testLevels } from './levels.mjs';
import { close } from './tally.mjs';

const tally = await runJest('test', testLevels, { timeLimitMs: 1_200_000, paths: process.argv.slice(2) });
close([tally]);
