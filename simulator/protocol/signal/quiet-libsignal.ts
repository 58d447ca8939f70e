/**
 * How libsignal's console lines begin. They print whole sessions, private keys included, and come routinely:
 * see `session_record.js`, `session_builder.js` and `session_cipher.js` of libsignal 6.0.0.
 */
const LINES = [
  'Closing session:',
  'Opening session:',
  'Removing old closed session:',
  'Session already closed',
  'Session already open',
  'Closing open session',
  'Failed to decrypt message with any known session',
  'Session error:',
  'Decrypted message with closed session',
  'Migrating session to:',
]

const silenced = Symbol.for('gatewa.simulator.libsignal-silenced')

/** Keeps libsignal from printing keys on this process's console. Everything else is printed as before. */
export function silenceLibsignal(): void {
  const terminal: Console & { [silenced]?: boolean } = globalThis.console
  if (terminal[silenced]) return
  terminal[silenced] = true
  for (const level of ['info', 'warn', 'error'] as const) {
    const print = terminal[level].bind(terminal)
    terminal[level] = (...parts: unknown[]) => {
      const [first] = parts
      if (typeof first === 'string' && LINES.some((line) => first.startsWith(line))) return
      print(...parts)
    }
  }
}
