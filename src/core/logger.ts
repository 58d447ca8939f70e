/**
 * The slice of pino that the code uses. Fields first, then a static lower-case message; never a body, a full phone
 * number, a token or a key. Levels: error = a defect, warn = someone should look, info = lifecycle, debug = per operation.
 */
export interface Logger {
  error(fields: object, message: string): void
  warn(fields: object, message: string): void
  info(fields: object, message: string): void
  debug(fields: object, message: string): void
  trace(fields: object, message: string): void
  child(bindings: Record<string, unknown>): Logger
}

/** Says nothing; for tests and tools that have no log. */
export const silentLogger: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  trace: () => undefined,
  child: () => silentLogger,
}

/** The number as logs may show it: first digits and length, never the whole. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/[@:].*$/, '')
  return digits.length <= 4 ? '****' : `${digits.slice(0, 4)}…(${digits.length})`
}
