import type { Logger } from '../../core/logger.ts'

// libsignal 6.0.0 writes to the console when sessions are opened, closed and dropped, and prints them whole: private
// keys included (src/session_record.js, src/session_cipher.js, src/session_builder.js, src/curve.js, src/queue_job.js).

/** How its lines begin. */
const beginnings = [
  'Closing session:',
  'Opening session:',
  'Session already closed',
  'Session already open',
  'Removing old closed session:',
  'Migrating session to:',
  'V1 session storage migration error',
  'Closing open session in favor of incoming prekey bundle',
  'Closing stale open session',
  'Failed to decrypt message with any known session',
  'Session error:',
  'Decrypted message with closed session',
  'WARNING: Expected pubkey of length 33',
  'Unhandled bucket type',
] as const

const methods = ['log', 'info', 'warn', 'error', 'debug'] as const

type Target = Pick<Console, (typeof methods)[number]>

/**
 * Keeps what libsignal prints off the console, and away from everybody: of each line only its fixed beginning reaches
 * the log, at debug. Everything else that the process prints stays. The function returned undoes it.
 */
export function silenceLibsignal(logger: Logger, target: Target = globalThis.console): () => void {
  const originals = new Map(methods.map((method) => [method, target[method]]))
  for (const [method, original] of originals) {
    target[method] = (...args: unknown[]) => {
      const beginning = beginningOf(args)
      if (beginning === null) original.apply(target, args)
      else logger.debug({ line: beginning }, 'libsignal said something')
    }
  }
  return () => {
    for (const [method, original] of originals) target[method] = original
  }
}

/** The beginning by which libsignal is known, also when only an object of its gives it away. */
function beginningOf(args: readonly unknown[]): string | null {
  const [first] = args
  if (typeof first === 'string') {
    const known = beginnings.find((beginning) => first.startsWith(beginning))
    if (known !== undefined) return known
  }
  return args.some(isSessionEntry) ? 'a session' : null
}

function isSessionEntry(value: unknown): boolean {
  return typeof value === 'object' && value !== null && value.constructor?.name === 'SessionEntry'
}
