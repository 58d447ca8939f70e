import pg from 'pg'
import { DatabaseGone } from '../core/database-gone.ts'

/**
 * What a server says that goes, comes up, or takes no writes; and all of class 08, connection exceptions, and of class 53, when
 * it has no disk, memory or connection left.
 */
const serverCodes: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', '25006', '58030'])

/**
 * An error of the driver as ours: what it says of connections becomes `DatabaseGone`, the rest stays. Connections fail with
 * errors of the system's making (`ECONNREFUSED`) or of the driver's own, which have no code.
 */
export function fromDriver(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (!(error instanceof pg.DatabaseError)) return new DatabaseGone(error)
  const code = error.code ?? ''
  return serverCodes.has(code) || /^(08|53)/.test(code) ? new DatabaseGone(error) : error
}
