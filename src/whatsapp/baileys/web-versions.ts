import { toError } from '../../core/app-error.ts'
import type { Logger } from '../../core/logger.ts'
import type { WebVersion } from './web-version.ts'

/** The version that replaced a refused one. */
export interface RenewedVersion {
  readonly refused: WebVersion
  readonly renewed: WebVersion
}

/** Where a renewal is kept over restarts. */
export interface WebVersionMemory {
  load(): Promise<RenewedVersion | null>
  save(renewal: RenewedVersion): Promise<void>
}

/**
 * The WhatsApp Web version to announce: the configured or built-in one until WhatsApp refuses it, then the one its
 * page names. Shared by all devices of a process.
 */
export class WebVersions {
  readonly #base: WebVersion
  readonly #memory: WebVersionMemory
  readonly #fetchCurrent: () => Promise<WebVersion>
  readonly #logger: Logger
  #current: WebVersion | null = null
  #renewal: Promise<boolean> | null = null

  constructor(deps: {
    base: WebVersion
    memory: WebVersionMemory
    fetchCurrent: () => Promise<WebVersion>
    logger: Logger
  }) {
    this.#base = deps.base
    this.#memory = deps.memory
    this.#fetchCurrent = deps.fetchCurrent
    this.#logger = deps.logger
  }

  /** The version to announce now. */
  async current(): Promise<WebVersion> {
    if (this.#current !== null) return this.#current
    const kept = await this.#memory.load()
    // A kept renewal counts only for the version it replaced: a newer program or another setting starts afresh.
    this.#current ??= kept !== null && isSame(kept.refused, this.#base) ? kept.renewed : this.#base
    return this.#current
  }

  /** WhatsApp refused `version`: true when there is another one to try now, false when there is none. Never rejects. */
  async renew(version: WebVersion): Promise<boolean> {
    if (this.#current !== null && !isSame(this.#current, version)) return true
    this.#renewal ??= this.#renew(version).finally(() => {
      this.#renewal = null
    })
    return this.#renewal
  }

  async #renew(refused: WebVersion): Promise<boolean> {
    try {
      const renewed = await this.#fetchCurrent()
      if (isSame(renewed, refused)) {
        this.#logger.warn({ version: refused.join('.') }, 'no newer whatsapp web version is known')
        return false
      }
      await this.#memory.save({ refused: this.#base, renewed })
      this.#current = renewed
      this.#logger.info({ from: refused.join('.'), to: renewed.join('.') }, 'whatsapp web version renewed')
      return true
    } catch (error) {
      this.#logger.warn({ reason: toError(error).message }, 'whatsapp web version could not be renewed')
      return false
    }
  }
}

function isSame(one: WebVersion, other: WebVersion): boolean {
  return one.join('.') === other.join('.')
}
