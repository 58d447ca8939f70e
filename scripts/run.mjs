/**
 * Every npm script ends here: sets up what is missing, then runs what was asked for.
 * Plain JavaScript without dependencies, for any Node from 18 on, because it runs before set-up.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuild } from './setup/build.mjs'
import { runBench, runChecks } from './setup/checks.mjs'
import { ensureNode } from './setup/node-runtime.mjs'
import { ensurePackages } from './setup/packages.mjs'
import { root, SetupError } from './setup/paths.mjs'
import { runToEnd, stopWithNpm } from './setup/processes.mjs'
import { runTests } from './setup/tests.mjs'

async function main([task, ...rest]) {
  const node = await ensureNode()
  await ensurePackages()
  switch (task) {
    case '--build':
      await ensureBuild({ force: rest.includes('--force') })
      return 0
    case '--check':
      return runChecks(node, rest)
    case '--test':
      await ensureBuild()
      return runTests(node, rest)
    case '--chaos':
      await ensureBuild()
      return runChaos(node, rest)
    case '--bench':
      await ensureBuild()
      return runBench(node, rest)
    case '--screenshots':
      await ensureBuild()
      return runToEnd(node, [join(root, 'scripts', 'screenshots', 'take.ts')], { cwd: root })
    default:
      await ensureBuild()
      return runGatewa(node, task === undefined ? [] : [task, ...rest])
  }
}

/** `--minutes N`, `--devices N`: the chaos run in its long form; its figures are printed. */
async function runChaos(node, args) {
  const named = (name) => args[args.indexOf(name) + 1]
  if (args.includes('--minutes')) process.env.CHAOS_MINUTES = named('--minutes')
  if (args.includes('--devices')) process.env.CHAOS_DEVICES = named('--devices')
  return runTests(node, ['test/scenarios/chaos.test.ts'])
}

async function runGatewa(node, args) {
  const entry = join(root, 'bin', 'gatewa.js')
  stopWithNpm()
  if (node !== process.execPath) return runToEnd(node, [entry, ...args])
  process.argv = [node, entry, ...args]
  await import(pathToFileURL(entry).href)
  return undefined
}

try {
  const code = await main(process.argv.slice(2))
  if (code !== undefined) process.exitCode = code
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  process.stderr.write(`gatewa: ${error.message}\n`)
  process.exitCode = 1
}
