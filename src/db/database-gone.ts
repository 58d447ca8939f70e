import pg from 'pg'

/** The database server cannot be reached at the moment, or the connection to it ended: no defect of a query. */
export class DatabaseGone extends Error {
  override readonly name = 'DatabaseGone'

  constructor(cause: Error) {
    super(`the database cannot be reached: ${cause.message}`, { cause })
  }
}

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

/** Whether an error, or what caused it, is that the database cannot be reached. */
export function isDatabaseGone(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    if (at instanceof DatabaseGone) return true
  }
  return false
}
