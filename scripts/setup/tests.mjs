import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { root } from './paths.mjs'
import { runToEnd } from './processes.mjs'

/**
 * Runs the tests and ends with what was not run and why, then `N passed, N failed`.
 * With REQUIRE_ALL=1 a test that was not run is a failure.
 */
export async function runTests(node, args) {
  const folder = mkdtempSync(join(tmpdir(), 'gatewa-tests-'))
  const summaryFile = join(folder, 'summary.json')
  try {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    const reporters = [
      '--reporter=default',
      `--reporter=${join(root, 'scripts', 'setup', 'summary-reporter.mjs')}`,
    ]
    const code = await runToEnd(node, [vitest, 'run', ...reporters, ...args], {
      cwd: root,
      env: { ...withNode(node), GATEWA_TEST_SUMMARY: summaryFile },
    })
    return conclude(readSummary(summaryFile), code, process.env.REQUIRE_ALL === '1')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Prints the last lines and answers the exit code. */
function conclude(summary, code, requireAll) {
  for (const [reason, titles] of Object.entries(summary.notRun)) {
    process.stdout.write(`not run: ${titles.length} because ${reason}\n`)
    for (const title of titles) process.stdout.write(`  - ${title}\n`)
  }
  const notRun = Object.values(summary.notRun).flat().length
  if (notRun > 0 && requireAll) process.stdout.write('REQUIRE_ALL=1: what was not run counts as failed\n')
  const counted = summary.failed + (requireAll ? notRun : 0)
  // A runner that ends badly without a failed test (a crash, an unhandled error) is a failure all the same.
  const failed = counted === 0 && code !== 0 ? 1 : counted
  process.stdout.write(`${summary.passed} passed, ${failed} failed\n`)
  return failed === 0 ? 0 : 1
}

function readSummary(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
    return { passed: 0, failed: 1, notRun: {} }
  }
}

/** The environment in which `node` means the Node we run on, for programs the tests start. */
export function withNode(node) {
  return { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` }
}
