import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { toError } from '../core/app-error.ts'

/** A file of the dashboard, as it is sent. */
export interface DashboardFile {
  readonly type: string
  readonly plain: Buffer
  readonly gzipped: Buffer
  /** A quoted ETag of the content. */
  readonly tag: string
}

/** The built dashboard: its page, and what the page loads, by file name. */
export interface DashboardFiles {
  readonly page: DashboardFile
  readonly assets: ReadonlyMap<string, DashboardFile>
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/**
 * Reads the dashboard out of the build this code belongs to, or out of the newest build when the code runs as it was
 * written. Null when there is none.
 */
export async function readDashboard(here: string = import.meta.dirname): Promise<DashboardFiles | null> {
  const inBuild = await readFolder(join(here, 'web'))
  if (inBuild !== null) return inBuild
  const dist = join(here, '..', '..', 'dist')
  const current = await unlessMissing(readFile(join(dist, 'current'), 'utf8'))
  return current === null ? null : readFolder(join(dist, current, 'web'))
}

async function readFolder(folder: string): Promise<DashboardFiles | null> {
  const page = await unlessMissing(readFile(join(folder, 'index.html')))
  if (page === null) return null
  const names = await readdir(join(folder, 'assets'))
  const assets = names
    .filter((name) => extname(name) in types)
    .map(async (name) => [name, await toFile(name, await readFile(join(folder, 'assets', name)))] as const)
  return { page: await toFile('index.html', page), assets: new Map(await Promise.all(assets)) }
}

async function toFile(name: string, plain: Buffer): Promise<DashboardFile> {
  return {
    type: types[extname(name)] ?? 'application/octet-stream',
    plain,
    gzipped: await promisify(gzip)(plain, { level: 9 }),
    tag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
  }
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (thrown) {
    const error = toError(thrown)
    if ('code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null
    throw error
  }
}
