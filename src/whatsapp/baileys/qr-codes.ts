/** WhatsApp honours the first code of a connection longer than those after it (baileys rc14 lib/Socket/socket.js). */
const firstLifetimeMs = 60_000
const nextLifetimeMs = 20_000

/** Field of the QR text that holds the secret which the phone signs with. */
const secretField = 3

/**
 * The QR codes of one connection. Baileys puts the secret it had at the beginning into every code. The secret changes when
 * WhatsApp asks for a new one (`companion_reg_refresh`) and when a pairing code was tried: the present code and all later
 * ones have to carry the new one.
 */
export class QrCodes {
  readonly #firstLifetimeMs: number
  readonly #nextLifetimeMs: number
  #current: string | null = null
  #isFirst = true

  /** `lifetimeMs` is set when codes do not live as long as WhatsApp honours them. */
  constructor(lifetimeMs?: number) {
    this.#firstLifetimeMs = lifetimeMs ?? firstLifetimeMs
    this.#nextLifetimeMs = lifetimeMs ?? nextLifetimeMs
  }

  /** Takes the next code of Baileys: its text with the present secret, and how long it lives. */
  next(text: string, advSecret: string): { text: string; lifetimeMs: number } {
    const lifetimeMs = this.#isFirst ? this.#firstLifetimeMs : this.#nextLifetimeMs
    this.#isFirst = false
    this.#current = withSecret(text, advSecret)
    return { text: this.#current, lifetimeMs }
  }

  /** The present code with a new secret; null when there is no code yet or the secret is no new one. */
  refreshed(advSecret: string): { text: string; lifetimeMs: number } | null {
    const fresh = this.#current === null ? null : withSecret(this.#current, advSecret)
    if (fresh === null || fresh === this.#current) return null
    this.#current = fresh
    return { text: fresh, lifetimeMs: this.#nextLifetimeMs }
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
