/**
 * What one step came to. `reasons` says in one line each why something failed, `skips` names what was skipped.
 *
 * @typedef {{ name: string, passed: number, failed: number, skipped: number, reasons: readonly string[], skips: readonly string[] }} Tally
 */

/** @param {readonly Tally[]} tallies */
function sum(tallies) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of tallies) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}

/** 1 if anything failed or nothing passed. @param {readonly Tally[]} tallies */
export function exitCodeOf(tallies) {
  const { passed, failed } = sum(tallies);
  return failed > 0 || passed === 0 ? 1 : 0;
}

/** What was skipped, why it failed and, last, the closing line. @param {readonly Tally[]} tallies */
export function closingText(tallies) {
  const { passed, failed, skipped } = sum(tallies);
  return [
    ...tallies.flatMap(({ skips }) => skips).map((skip) => `SKIPPED  ${skip}`),
    ...tallies.flatMap(({ name, reasons }) => reasons.map((reason) => `FAILED   ${name}: ${reason}`)),
    ...(passed + failed === 0 ? ['FAILED   nothing ran'] : []),
    `${passed} passed, ${failed} failed, ${skipped} skipped`,
  ].join('\n');
}

/** Prints the end of a run and sets the exit code. @param {readonly Tally[]} tallies */
export function close(tallies) {
  console.log(`\n${closingText(tallies)}`);
  process.exitCode = exitCodeOf(tallies);
}
