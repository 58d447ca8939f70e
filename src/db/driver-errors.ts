import pg from 'pg'
import { DatabaseGone } from '../core/database-gone.ts'

/** What a server says that goes, comes up, or has no connection left; and all of class 08, connection exceptions. */
const serverCodes: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', '53300'])

/**
 * An error of the driver as ours: what it says of connections becomes `DatabaseGone`, the rest stays. Connections fail with
 * errors of the system's making (`ECONNREFUSED`) or of the driver's own, which have no code.
 */
export function fromDriver(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (!(error instanceof pg.DatabaseError)) return new DatabaseGone(error)
  const code = error.code ?? ''
  return serverCodes.has(code) || code.startsWith('08') ? new DatabaseGone(error) : error
}
