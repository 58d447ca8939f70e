import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, SetupError } from './paths.mjs'
import { runQuietly, runToEnd } from './processes.mjs'
import { withNode } from './tests.mjs'

const tool = (name, ...path) => join(root, 'node_modules', name, ...path)

/** Everything that must hold besides the tests; each is a program that exits with 0 when it does. */
const checks = {
  types: [tool('typescript', 'bin', 'tsc'), '-p', '.', '--noEmit'],
  web: [tool('typescript', 'bin', 'tsc'), '-p', 'web', '--noEmit'],
  lint: [tool('eslint', 'bin', 'eslint.js'), '.', '--max-warnings=0'],
  format: [tool('@biomejs', 'biome', 'bin', 'biome'), 'ci', '.', '--colors=off'],
  imports: [
    tool('dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
    '--config',
    '.dependency-cruiser.cjs',
    'src',
    'simulator',
    'web/src',
    'sdk',
  ],
  generated: [join(root, 'scripts', 'generate-docs.ts'), '--check'],
}

/** Runs the named checks (all when none is named), two at a time, and shows the output of those that fail. */
export async function runChecks(node, names) {
  const unknown = names.find((name) => !(name in checks))
  if (unknown !== undefined)
    throw new SetupError(`there is no check "${unknown}"; there are ${Object.keys(checks).join(', ')}`)
  const waiting = Object.entries(checks).filter(([name]) => names.length === 0 || names.includes(name))
  let failed = 0
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, args] = next
      const { code, output } = await runQuietly(node, args, {
        cwd: root,
        env: { ...withNode(node), NO_COLOR: '1' },
      })
      if (code !== 0) failed += 1
      process.stdout.write(code === 0 ? `${name}: ok\n` : `${name}: failed\n${output}\n`)
    }
  }
  await Promise.all([worker(), worker()])
  return failed === 0 ? 0 : 1
}

/** Runs the benchmark; what follows `--` is for it. */
export async function runBench(node, args) {
  const entry = join(root, 'bench', 'run.ts')
  if (!existsSync(entry)) throw new SetupError('there is no bench/run.ts')
  return runToEnd(node, [entry, ...args], { cwd: root, env: withNode(node) })
}
