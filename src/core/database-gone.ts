/** The database server cannot be reached at the moment, or the connection to it ended: no defect of a query. */
export class DatabaseGone extends Error {
  override readonly name = 'DatabaseGone'

  constructor(cause: Error) {
    super(`the database cannot be reached: ${cause.message}`, { cause })
  }
}

/** Whether an error, or what caused it, is that the database cannot be reached. */
export function isDatabaseGone(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    if (at instanceof DatabaseGone) return true
  }
  return false
}
