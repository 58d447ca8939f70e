/** WhatsApp honours the first code of a connection longer than those after it (baileys rc14 lib/Socket/socket.js). */
const firstLifetimeMs = 60_000
const nextLifetimeMs = 20_000

/** Field of the QR text that holds the secret which the phone signs with. */
const secretField = 3

/**
 * The QR codes of one connection. Baileys puts the secret it had at the beginning into every code; when WhatsApp asks
 * for a new secret (`companion_reg_refresh`) the present code and all later ones have to carry that one.
 */
export class QrCodes {
  #current: string | null = null
  #isFirst = true

  /** Takes the next code of Baileys: its text with the present secret, and how long it lives. */
  next(text: string, advSecret: string): { text: string; lifetimeMs: number } {
    const lifetimeMs = this.#isFirst ? firstLifetimeMs : nextLifetimeMs
    this.#isFirst = false
    this.#current = withSecret(text, advSecret)
    return { text: this.#current, lifetimeMs }
  }

  /** The present code with a new secret; null when there is none yet. It lives no longer than it would have. */
  refreshed(advSecret: string): { text: string; lifetimeMs: number } | null {
    if (this.#current === null) return null
    this.#current = withSecret(this.#current, advSecret)
    return { text: this.#current, lifetimeMs: nextLifetimeMs }
  }

  /** Whether a code was shown: only then does WhatsApp take a request for a pairing code. */
  get hasStarted(): boolean {
    return !this.#isFirst
  }
}

function withSecret(text: string, advSecret: string): string {
  const hash = text.indexOf('#')
  const fields = text.slice(hash + 1).split(',')
  fields[secretField] = advSecret
  return `${text.slice(0, hash + 1)}${fields.join(',')}`
}
