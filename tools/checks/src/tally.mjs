/**
 * What one step came to. `reasons` says in one line each why something failed, `skips` names what was skipped.
 *
 * @typedef {{ name: string, passed: number, failed: number, skipped: number, reasons: readonly string[], skips: readonly string[] }} Tally
 */

/** @param {Pick<Tally, 'passed' | 'failed' | 'skipped'>} tally */
export const closingLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** @param {readonly Tally[]} tallies */
export function sum(tallies) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of tallies) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}

/**
 * Prints what was skipped, why it failed and, last, the closing line.
 *
 * @param {readonly Tally[]} tallies
 * @returns {0 | 1} the exit code: 1 if anything failed or nothing passed
 */
export function close(tallies) {
  const total = sum(tallies);
  const hasNothing = total.passed === 0 && total.failed === 0;
  const lines = [
    ...tallies.flatMap(({ skips }) => skips).map((skip) => `SKIPPED  ${skip}`),
    ...tallies.flatMap(({ name, reasons }) => reasons.map((reason) => `FAILED   ${name}: ${reason}`)),
    ...(hasNothing ? ['FAILED   nothing ran'] : []),
    closingLine(total),
  ];
  console.log(`\n${lines.join('\n')}`);
  return total.failed > 0 || hasNothing ? 1 : 0;
}
