import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** The folder this program is installed in, and its version. */
export interface Installation {
  readonly root: string
  readonly version: string
}

const manifest = z.object({ name: z.string(), version: z.string() })

/** Finds the installation from where this code lies (sources and bundle alike), never from the working directory. */
export function findInstallation(from: string = import.meta.dirname): Installation {
  const path = join(from, 'package.json')
  if (existsSync(path)) {
    const found = manifest.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    if (found.success && found.data.name === 'gatewa') return { root: from, version: found.data.version }
  }
  const parent = dirname(from)
  if (parent === from)
    throw new Error(`no package.json of gatewa above ${import.meta.dirname}; the installation is damaged`)
  return findInstallation(parent)
}
