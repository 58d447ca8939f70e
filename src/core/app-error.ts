import { type ErrorCode, type ErrorCodeEntry, errorCodes } from './error-codes.ts'

export interface AppErrorOptions {
  /** A sentence that names the thing and the fix; the catalogue's text when absent. No secrets, no message bodies. */
  readonly message?: string
  readonly cause?: unknown
  /** Facts for the caller, shown as `results` on the wire. Plain data only. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>
  /** `false` when the effect may have happened all the same. Default is `true`. */
  readonly certain?: boolean
}

/** The only error class thrown on purpose. `code` decides status, wire code and retryability (see `errorCodes`). */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, string | number | boolean | null>> | undefined
  readonly certain: boolean

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(
      options.message ?? errorCodes[code].text,
      options.cause === undefined ? undefined : { cause: options.cause },
    )
    this.name = 'AppError'
    this.code = code
    this.details = options.details
    this.certain = options.certain ?? true
  }

  /** The catalogue's entry for this error. */
  get entry(): ErrorCodeEntry {
    return errorCodes[this.code]
  }
}

/** Turns whatever was thrown into an Error, keeping Errors as they are. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}

/** Compile-time proof that a union is exhausted; throws if data from outside lied about its type. */
export function assertNever(value: never): never {
  throw new Error(`unexpected variant: ${JSON.stringify(value)}`)
}
