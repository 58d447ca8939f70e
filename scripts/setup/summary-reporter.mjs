import { writeFileSync } from 'node:fs'

/** A vitest reporter: writes how many tests passed and failed, and what was not run and why, to GATEWA_TEST_SUMMARY. */
export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const summary = { passed: 0, failed: unhandledErrors.length, notRun: {} }
    for (const module of modules) {
      // A file that could not be loaded has no tests to fail.
      if (module.state() === 'failed' && module.children.size === 0) summary.failed += 1
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) summary.failed += 1
      for (const test of module.children.allTests()) count(summary, test, module)
    }
    writeFileSync(process.env.GATEWA_TEST_SUMMARY, JSON.stringify(summary))
  }
}

function count(summary, test, module) {
  const result = test.result()
  if (result.state === 'passed') summary.passed += 1
  else if (result.state === 'skipped') {
    const reason = result.note ?? 'it is marked as skipped'
    summary.notRun[reason] ??= []
    summary.notRun[reason].push(`${module.relativeModuleId}: ${test.fullName}`)
  } else summary.failed += 1
}
