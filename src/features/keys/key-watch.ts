import { toError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/logger.ts'

export interface KeyWatchDeps {
  /** Which of these keys are still good. */
  readonly goodOnes: (ids: readonly string[]) => Promise<readonly string[]>
  readonly clock: Clock
  readonly logger: Logger
}

/** How soon a stream ends whose key has expired, or was revoked by another process. */
const lookEveryMs = 1_000

/** Tells open streams that their key is good for nothing any more. Looks at the table only while there are such streams. */
export class KeyWatch {
  readonly #deps: KeyWatchDeps
  readonly #watched = new Map<string, Set<() => void>>()
  #cancelLook: (() => void) | null = null
  #isStopped = false

  constructor(deps: KeyWatchDeps) {
    this.#deps = deps
  }

  /** Calls back once when the key ends; the returned function stops that. */
  onEnd(keyId: string, callback: () => void): () => void {
    const callbacks = this.#watched.get(keyId) ?? new Set()
    callbacks.add(callback)
    this.#watched.set(keyId, callbacks)
    this.#lookLater()
    return () => {
      callbacks.delete(callback)
      if (callbacks.size === 0 && this.#watched.get(keyId) === callbacks) this.#watched.delete(keyId)
    }
  }

  /** The key has ended. */
  end(keyId: string): void {
    const callbacks = this.#watched.get(keyId) ?? []
    this.#watched.delete(keyId)
    for (const callback of callbacks) callback()
  }

  stop(): void {
    this.#isStopped = true
    this.#cancelLook?.()
    this.#cancelLook = null
  }

  #lookLater(): void {
    if (this.#isStopped || this.#watched.size === 0 || this.#cancelLook !== null) return
    this.#cancelLook = this.#deps.clock.after(lookEveryMs, () => void this.#look())
  }

  async #look(): Promise<void> {
    const ids = [...this.#watched.keys()]
    try {
      const good = new Set(ids.length === 0 ? [] : await this.#deps.goodOnes(ids))
      for (const id of ids) if (!good.has(id)) this.end(id)
    } catch (error) {
      this.#deps.logger.warn({ err: toError(error) }, 'keys of open streams could not be checked')
    }
    this.#cancelLook = null
    this.#lookLater()
  }
}
