import { execFile } from 'node:child_process'
import { access, constants, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import type { Finding } from './finding.ts'

const megabyte = 1024 * 1024
const leastFreeMegabytes = 100
const comfortableMegabytes = 1024

/** The Node that runs this. An older one never gets here: the entry refuses it. */
export function nodeFinding(): Finding {
  return { name: 'node', state: 'ok', detail: `${process.version} (${process.execPath})` }
}

/** Whether the data folder can be made or written, is private, and has room. */
export async function dataDirFinding(dataDir: string): Promise<Finding> {
  const name = 'data folder'
  const existing = await nearestExisting(dataDir)
  try {
    await access(existing, constants.W_OK | constants.X_OK)
  } catch {
    const remedy = `give the user that runs the gateway the right to write ${existing}, or set APP_DATA_DIR`
    return { name, state: 'fail', detail: `${dataDir} cannot be written`, remedy }
  }
  const { bavail, bsize } = await statfs(existing)
  const free = Math.floor((bavail * bsize) / megabyte)
  const room = `${dataDir}, ${free} MB free`
  if (free < leastFreeMegabytes)
    return {
      name,
      state: 'fail',
      detail: room,
      remedy: 'free some space, or set APP_DATA_DIR to another disk',
    }
  if (existing === dataDir && process.platform !== 'win32' && ((await stat(dataDir)).mode & 0o077) !== 0)
    return {
      name,
      state: 'warn',
      detail: `${room}; others on this machine may read it`,
      remedy: `chmod 700 ${dataDir}`,
    }
  if (free < comfortableMegabytes)
    return { name, state: 'warn', detail: room, remedy: 'messages and media will fill this soon' }
  return { name, state: 'ok', detail: existing === dataDir ? room : `${room}; made at the first start` }
}

/** ffmpeg converts media; without it all else works. */
export async function ffmpegFinding(path = 'ffmpeg'): Promise<Finding> {
  try {
    const { stdout } = await promisify(execFile)(path, ['-version'], { timeout: 10_000 })
    return { name: 'ffmpeg', state: 'ok', detail: stdout.split('\n', 1).join('') }
  } catch {
    const remedy =
      'install it (Debian: apt-get install ffmpeg), or name it in FFMPEG_PATH, if you want voice notes and video converted'
    return {
      name: 'ffmpeg',
      state: 'warn',
      detail: 'not found; everything but media conversion works',
      remedy,
    }
  }
}

/** pdftoppm draws the first page of PDFs that are sent; without it they go without a thumbnail. */
export async function pdftoppmFinding(searchPath: string): Promise<Finding> {
  try {
    const { stderr } = await promisify(execFile)('pdftoppm', ['-v'], {
      timeout: 10_000,
      env: { PATH: searchPath },
    })
    return { name: 'pdftoppm', state: 'ok', detail: stderr.split('\n', 1).join('') }
  } catch {
    return {
      name: 'pdftoppm',
      state: 'warn',
      detail: 'not found; PDFs are sent without a thumbnail',
      remedy: 'install it (Debian: apt-get install poppler-utils) if you want them to have one',
    }
  }
}

async function nearestExisting(path: string): Promise<string> {
  try {
    await stat(path)
    return path
  } catch {
    return nearestExisting(dirname(path))
  }
}
