import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { seconds } from './step.mjs';

/** How long jest may go on living when all tests are done. */
const openHandleGraceMs = 5_000;

/** What jest's process says beyond its own 0 and 1. */
export const exitCodes = { openHandle: 70 };

/** @param {string | null | undefined} message */
const firstLine = (message) =>
  stripVTControlCharacters(message ?? '')
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.trim() ?? 'no message';

/** @param {import('@jest/reporters').Test} test */
const fileOf = (test) => relative(test.context.config.rootDir, test.path);

/**
 * One line per file and the whole story of each failure. What is known so far stands in the file that REPORT_FILE names, so
 * that a run which is ended from outside has still said what it did and which files were running.
 *
 * @implements {Pick<import('@jest/reporters').Reporter, 'onTestStart' | 'onTestResult' | 'onRunComplete'>}
 */
export default class JestReporter {
  /** @type {string[]} */ reasons = [];
  /** @type {string[]} */ skips = [];
  /** @type {Set<string>} */ running = new Set();
  passed = 0;

  /** @param {import('@jest/reporters').Test} test */
  onTestStart(test) {
    this.running.add(fileOf(test));
    this.report();
  }

  /** @param {import('@jest/reporters').Test} test @param {import('@jest/reporters').TestResult} result */
  onTestResult(test, result) {
    const file = fileOf(test);
    this.running.delete(file);
    const reasonsBefore = this.reasons.length;
    if (result.testExecError) this.reasons.push(`${file}: ${firstLine(result.testExecError.message)}`);
    for (const { status, fullName, failureMessages } of result.testResults) {
      if (status === 'passed') this.passed += 1;
      else if (status === 'failed') this.reasons.push(`${file} › ${fullName}: ${firstLine(failureMessages[0])}`);
      else this.skips.push(`${file} › ${fullName}`);
    }
    this.report();
    const hasFailed = this.reasons.length > reasonsBefore;
    const duration = seconds(result.perfStats.end - result.perfStats.start);
    console.log(`  ${hasFailed ? 'FAIL' : 'ok  '} ${file} (${result.testResults.length} tests, ${duration})`);
    if (!hasFailed) return;
    console.log(result.failureMessage ?? '');
    for (const { message, type } of result.console ?? []) console.log(`  console.${type}: ${message}`);
  }

  onRunComplete() {
    setTimeout(() => process.exit(exitCodes.openHandle), openHandleGraceMs).unref();
  }

  report() {
    const { passed, reasons, skips } = this;
    const tally = { passed, failed: reasons.length, skipped: skips.length, reasons, skips, running: [...this.running] };
    writeFileSync(process.env['REPORT_FILE'] ?? '/dev/null', JSON.stringify(tally));
  }
}
