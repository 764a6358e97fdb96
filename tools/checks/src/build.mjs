// node tools/checks/src/build.mjs [projects…]: builds without a word, or says what is wrong.
import { runChild } from './child.mjs';
import { nxEnvironment, program } from './workspace.mjs';

const projects = process.argv.slice(2);
const chosen = projects.length > 0 ? ['--projects', projects.join()] : [];
const { code, output, isTimedOut } = await runChild([program('nx'), 'run-many', '-t', 'build', ...chosen], {
  timeLimitMs: 300_000,
  env: nxEnvironment,
});
if (code !== 0 || isTimedOut) {
  console.error(output);
  console.error(isTimedOut ? 'The build took more than five minutes and was ended.' : 'The build failed; see above.');
  process.exitCode = 1;
}
