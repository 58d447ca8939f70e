import { createRequire } from 'node:module'

/** The slice of libsignal's session that is needed here. */
interface SessionEntry {
  readonly constructor: { deserialize(data: unknown): object }
  serialize(): unknown
}

type Decrypt = (this: unknown, message: Uint8Array, session: SessionEntry) => Promise<Uint8Array>

const steadied = Symbol.for('gatewa.simulator.sessions-steadied')

/**
 * Lets a try that fails leave nothing behind. libsignal 6.0.0 tries a message on the open session first, which steps that
 * session's ratchet; when an older session then fits it stores both, and what the open session sends from then on nobody
 * can read (src/session_cipher.js, decryptWithSessions). Real phones do not do that, so simulated ones must not either.
 */
export function steadySessions(): void {
  // CommonJS without types; only its prototype is of interest.
  const { SessionCipher } = createRequire(import.meta.url)('libsignal') as {
    SessionCipher: { prototype: { doDecryptWhisperMessage: Decrypt & { [steadied]?: boolean } } }
  }
  const { doDecryptWhisperMessage: decrypt } = SessionCipher.prototype
  if (decrypt[steadied]) return
  const steady: Decrypt = async function (message, session) {
    const before = session.serialize()
    try {
      return await decrypt.call(this, message, session)
    } catch (error) {
      Object.assign(session, session.constructor.deserialize(before))
      throw error
    }
  }
  SessionCipher.prototype.doDecryptWhisperMessage = Object.assign(steady, { [steadied]: true })
}
