// Says how many tests ran, from vitest's JSON report, and ends with a line that CI reads: `N passed, N failed`.
// Usage: count-tests.mjs REPORT VITEST_EXIT_CODE FAILED_CHECKS
import { readFileSync } from 'node:fs';

const [file, vitestExit, failedChecks] = process.argv.slice(2);

/** @returns the report, or nothing where vitest ended before it could write one */
function readReport() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    console.log(`There is no test report: ${error.message}`);
    return undefined;
  }
}

const report = readReport() ?? { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, testResults: [] };
// A file that cannot even be loaded has no tests to fail.
const brokenFiles = report.testResults.filter(
  (suite) => suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed'),
);
for (const suite of brokenFiles) console.log(`FAILED to run: ${suite.name}`);

const passed = report.numPassedTests;
let failed = report.numFailedTests + brokenFiles.length + Number(failedChecks);
if (failed === 0 && (vitestExit !== '0' || passed === 0)) failed = 1;
const skipped = report.numPendingTests > 0 ? `, ${report.numPendingTests} skipped` : '';
console.log(`\n${passed + report.numFailedTests} tests ran in ${report.testResults.length} files${skipped}.`);
if (Number(failedChecks) > 0) console.log(`${failedChecks} of the other checks failed.`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
