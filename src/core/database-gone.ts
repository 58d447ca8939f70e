/** The database cannot be used at the moment: its server is not reached, or the disk below its file is full or broken. No defect of a query. */
export class DatabaseGone extends Error {
  override readonly name = 'DatabaseGone'

  constructor(cause: Error) {
    super(`the database cannot be used: ${cause.message}`, { cause })
  }
}

/** Whether an error, or what caused it, is that the database cannot be used. */
export function isDatabaseGone(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    if (at instanceof DatabaseGone) return true
  }
  return false
}
