import { exitWithProblem } from './process-entry.js';
import { SystemProcessTable } from './process-table.js';
import { RunRecord } from './run-record.js';
import { stateDirectory } from './state-directory.js';

// What `npm start` asks before it builds: a build that ends in a refusal is time lost. Who asks for help starts nothing.
try {
  const asksForHelp = process.argv.slice(2).some((word) => word === '--help' || word === '-h');
  if (!asksForHelp) new RunRecord(stateDirectory(), new SystemProcessTable()).refuseSecond();
} catch (error) {
  exitWithProblem('npm start', error);
}
