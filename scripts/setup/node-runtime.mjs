import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { exclusively } from './exclusive.mjs'
import { root, SetupError, say } from './paths.mjs'
import { runNpm } from './run-npm.mjs'

const least = [22, 19]
const source = join(root, 'scripts', 'node-runtime')
const target = join(root, '.node')

/** Whether a Node of this version runs the gateway. */
export function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > least[0] || (major === least[0] && minor >= least[1])
}

/**
 * The Node to run on: GATEWA_NODE if set, this one where it is new enough, else Node 24 from npm, installed once into
 * `.node/`. Nothing is downloaded where the machine's own will do.
 */
export async function ensureNode() {
  if (process.env.GATEWA_NODE) return process.env.GATEWA_NODE
  if (isNewEnough(process.versions.node)) return process.execPath

  const name = packageName()
  const wanted = lockedVersion(name)
  const binary = join(target, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (isInstalled(name, wanted, binary)) return binary
  if (wanted === undefined)
    throw new SetupError(
      `Node ${process.versions.node} is too old and npm has no Node for ${process.platform} ${process.arch}; install Node ${least.join('.')} or newer and start again`,
    )
  await exclusively(() => {
    if (isInstalled(name, wanted, binary)) return
    say(`Node ${process.versions.node} is too old; installing Node ${wanted} into .node (once)`)
    mkdirSync(target, { recursive: true })
    for (const file of ['package.json', 'package-lock.json', '.npmrc'])
      copyFileSync(join(source, file), join(target, file))
    runNpm(['ci', '--ignore-scripts'], target)
    if (!isInstalled(name, wanted, binary)) throw new SetupError(`npm installed no Node into ${target}`)
  })
  return binary
}

function packageName() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  return `node-${platform}-${process.arch}`
}

function lockedVersion(name) {
  const lock = JSON.parse(readFileSync(join(source, 'package-lock.json'), 'utf8'))
  return lock.packages[`node_modules/${name}`]?.version
}

function isInstalled(name, wanted, binary) {
  const manifest = join(target, 'node_modules', name, 'package.json')
  if (!existsSync(manifest) || !existsSync(binary)) return false
  return JSON.parse(readFileSync(manifest, 'utf8')).version === wanted
}
