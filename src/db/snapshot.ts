import { resolve } from 'node:path'
import type { Snapshot } from './snapshot-rows.ts'
import { sqliteFilePath } from './sqlite-path.ts'

/**
 * Opens a snapshot of the database that `uri` names, which may be in use. Raises `database_refused` when there is none, it
 * is foreign, or cannot be reached. On SQLite its log grows for as long as the snapshot is open.
 */
export async function openSnapshot(options: {
  readonly uri: string
  readonly dataDir: string
}): Promise<Snapshot> {
  if (/^postgres(ql)?:/.test(options.uri)) {
    const { postgresSnapshot } = await import('./postgres-snapshot.ts')
    return postgresSnapshot(options.uri)
  }
  const { sqliteSnapshot } = await import('./sqlite-snapshot.ts')
  return sqliteSnapshot(sqliteFilePath(options.uri, resolve(options.dataDir)))
}
