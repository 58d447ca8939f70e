import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The installation folder: everything set-up makes lies in it. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export const cacheFolder = join(root, '.cache')

/** Says what takes time. Goes to stderr, so that a command's own output stays clean. */
export function say(line) {
  process.stderr.write(`gatewa: ${line}\n`)
}

/** Ends with one sentence; for what the user has to change. */
export class SetupError extends Error {}

/** Hash of the content of files and folders (names included), in a stable order. */
export function contentHash(paths, include = () => true) {
  const hash = createHash('sha256')
  for (const path of paths) addToHash(hash, path, include)
  return hash.digest('hex').slice(0, 16)
}

function addToHash(hash, path, include) {
  let entries
  try {
    entries = readdirSync(join(root, path), { withFileTypes: true })
  } catch (error) {
    if (error.code === 'ENOENT') return
    if (error.code !== 'ENOTDIR') throw error
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0')
    return
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const child = `${path}/${entry.name}`
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules') addToHash(hash, child, include)
    } else if (include(child)) addToHash(hash, child, include)
  }
}
