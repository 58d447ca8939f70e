import { createHmac, randomBytes } from 'node:crypto'
import { AppError } from '../core/app-error.ts'
import { BoundedMap } from '../core/bounded-map.ts'
import type { Clock } from '../core/clock.ts'

/** Wrong credentials that cost an address nothing: people mistype. */
const freeGuesses = 5
const firstDelayMs = 200
/** Answers to one address that are held back at a time; what comes beyond them is refused unlooked at. */
const mostHeld = 20
const maxAddresses = 10_000
/** So many guesses of an address are told apart; by then it waits as long as anybody. */
const mostRemembered = 64
/** An address that has guessed nothing for this long begins anew. */
const forgottenAfterMs = 600_000

interface Guesser {
  /** Hashes of what was tried: the same wrong credential again is a client with an old password, not a guess. */
  readonly tried: Set<string>
  guesses: number
  held: number
  lastAt: number
}

/**
 * Slows down whoever guesses credentials: from the sixth different wrong one on, an address waits for each answer, twice as
 * long every time up to a limit. Right credentials are not held back, so others behind the same address go on working.
 */
export class GuessBrake {
  readonly #clock: Clock
  readonly #longestDelayMs: number
  readonly #key = randomBytes(32)
  readonly #guessers = new BoundedMap<string, Guesser>(maxAddresses)

  /** `longestDelayMs` 0 holds nothing back. */
  constructor({ clock, longestDelayMs }: { readonly clock: Clock; readonly longestDelayMs: number }) {
    this.#clock = clock
    this.#longestDelayMs = longestDelayMs
  }

  /** To be called before a credential is looked at. Raises `too_many_attempts` while too many answers are held back. */
  admit(address: string): void {
    if ((this.#guessers.get(address)?.held ?? 0) >= mostHeld) {
      throw new AppError('too_many_attempts', {
        details: { retryAfterSeconds: Math.ceil(this.#longestDelayMs / 1000) },
      })
    }
  }

  /** To be awaited before a wrong credential is answered. */
  async failed(address: string, credential: string): Promise<void> {
    if (this.#longestDelayMs === 0) return
    const guesser = this.#guesserAt(address)
    const hash = createHmac('sha256', this.#key).update(credential).digest('base64')
    if (guesser.tried.has(hash)) return
    if (guesser.tried.size < mostRemembered) guesser.tried.add(hash)
    guesser.guesses++
    const paid = guesser.guesses - freeGuesses
    if (paid <= 0) return
    guesser.held++
    const delayMs = Math.min(this.#longestDelayMs, firstDelayMs * 2 ** Math.min(paid - 1, 20))
    await new Promise<void>((resolve) => this.#clock.after(delayMs, resolve))
    guesser.held--
  }

  #guesserAt(address: string): Guesser {
    const now = this.#clock.now().getTime()
    const known = this.#guessers.get(address)
    const isStale = known !== undefined && known.held === 0 && now - known.lastAt > forgottenAfterMs
    const guesser =
      known === undefined || isStale ? { tried: new Set<string>(), guesses: 0, held: 0, lastAt: now } : known
    guesser.lastAt = now
    this.#guessers.put(address, guesser)
    return guesser
  }
}
