import { timingSafeEqual } from 'node:crypto'
import { type Actor, operator, type Scope, scopes } from '../../core/actor.ts'
import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Logger } from '../../core/logger.ts'
import type { Db } from '../../db/database.ts'
import type { InTransaction } from '../../db/transaction.ts'
import { type ApiKey, endOfKey, hashOf, mintKey, mintTicket, parseKey } from './api-key.ts'
import type { ApiKeyStore } from './api-key-store.ts'
import { KeyWatch } from './key-watch.ts'

/** What a new key is to be. */
export interface KeyWishes {
  readonly name: string
  readonly scopes: readonly Scope[]
  /** null for all devices. */
  readonly devices: readonly DeviceId[] | null
  /** JIDs; null for anybody. */
  readonly recipients: readonly string[] | null
  readonly requestsPerMinute: number | null
  readonly expiresAt: Date | null
}

export interface ApiKeyServiceDeps {
  readonly db: Db
  readonly inTransaction: InTransaction
  readonly store: ApiKeyStore
  readonly devices: { ids(): Promise<readonly DeviceId[]> }
  readonly clock: Clock
  readonly logger: Logger
}

/** `last_used_at` is written no more often than this. */
const usedEveryMs = 60_000
/** How long a ticket may wait for its use. */
const ticketForMs = 30_000

/** API keys: making, listing and revoking them, and finding out who presents one. */
export class ApiKeyService {
  readonly #deps: ApiKeyServiceDeps
  readonly #watch: KeyWatch

  constructor(deps: ApiKeyServiceDeps) {
    this.#deps = deps
    this.#watch = new KeyWatch({
      ...deps,
      goodOnes: (ids) => deps.store.goodOnes(deps.db, ids, deps.clock.now()),
    })
  }

  /**
   * Makes a key; `text` is shown now and never again. Rejects with `validation_failed` for a device that does not exist, an
   * end that has passed, or recipients of a key that could go around them.
   */
  async create(wishes: KeyWishes, by: Actor): Promise<{ readonly key: ApiKey; readonly text: string }> {
    const { inTransaction, store, clock, logger } = this.#deps
    const now = clock.now()
    if (wishes.expiresAt !== null && wishes.expiresAt <= now) {
      throw new AppError('validation_failed', { message: 'expires_at: must be in the future.' })
    }
    if (
      wishes.recipients !== null &&
      wishes.scopes.some((scope) => scope === 'manage' || scope === 'admin')
    ) {
      throw new AppError('validation_failed', {
        message:
          'recipients: are for keys without manage and admin, which could write to anybody by way of groups.',
      })
    }
    await this.#ensureExist(wishes.devices ?? [])
    const { id, text, secretHash } = mintKey()
    const key = { ...wishes, id, createdAt: now, createdBy: by.name, lastUsedAt: null, revokedAt: null }
    await inTransaction((tx) => store.insert(tx, key, secretHash))
    logger.info({ keyId: id, scopes: key.scopes }, 'API key made')
    return { key, text }
  }

  /** All keys, oldest first; revoked and expired ones too. */
  list(): Promise<readonly ApiKey[]> {
    return this.#deps.store.all(this.#deps.db)
  }

  /** Makes a key good for nothing, at once and for ever; its open streams end. Rejects with `key_not_found`. */
  async revoke(id: string): Promise<ApiKey> {
    const { inTransaction, store, clock, logger } = this.#deps
    const revoked = await inTransaction(async (tx) => {
      await store.revoke(tx, id, clock.now())
      return store.find(tx, id)
    })
    if (revoked === null) throw new AppError('key_not_found', { details: { keyId: id } })
    this.#watch.end(id)
    logger.info({ keyId: id }, 'API key revoked')
    return revoked.key
  }

  async authenticate(text: string): Promise<Actor | null> {
    const given = parseKey(text)
    if (given === null) return null
    const found = await this.#deps.store.find(this.#deps.db, given.id)
    // Compared all the same when there is no such key, so that the time taken tells nothing about ids.
    const isRight = timingSafeEqual(found?.secretHash ?? hashOf(''), given.secretHash)
    return found !== null && isRight ? this.#actorOf(found.key) : null
  }

  /** A ticket that opens one stream as the actor could, within the next 30 s. */
  async issueTicket(actor: Actor): Promise<{ readonly text: string; readonly expiresAt: Date }> {
    const { inTransaction, store, clock } = this.#deps
    const { text, hash } = mintTicket()
    const expiresAt = new Date(clock.now().getTime() + ticketForMs)
    const holder = { actor: actor.name, keyId: actor.keyId }
    await inTransaction((tx) => store.insertTicket(tx, hash, holder, expiresAt))
    return { text, expiresAt }
  }

  async redeemTicket(ticket: string): Promise<Actor | null> {
    const { db, inTransaction, store, clock } = this.#deps
    const holder = await inTransaction((tx) => store.takeTicket(tx, hashOf(ticket), clock.now()))
    if (holder === null) return null
    if (holder.keyId === null) return operator(holder.actor)
    const found = await store.find(db, holder.keyId)
    return found === null ? null : this.#actorOf(found.key)
  }

  /** Stops looking after open streams. */
  stop(): void {
    this.#watch.stop()
  }

  async #actorOf(key: ApiKey): Promise<Actor | null> {
    const { inTransaction, store, clock } = this.#deps
    const now = clock.now()
    if (endOfKey(key, now) !== null) return null
    if (key.lastUsedAt === null || now.getTime() - key.lastUsedAt.getTime() >= usedEveryMs) {
      await inTransaction((tx) => store.touch(tx, key.id, now))
    }
    return {
      name: `key:${key.id}`,
      keyId: key.id,
      scopes: new Set(key.scopes.includes('admin') ? scopes : key.scopes),
      devices: key.devices === null ? null : new Set(key.devices),
      recipients: key.recipients === null ? null : new Set(key.recipients),
      requestsPerMinute: key.requestsPerMinute,
      onEnd: (callback) => this.#watch.onEnd(key.id, callback),
    }
  }

  async #ensureExist(devices: readonly DeviceId[]): Promise<void> {
    if (devices.length === 0) return
    const known = new Set(await this.#deps.devices.ids())
    const unknown = devices.find((id) => !known.has(id))
    if (unknown !== undefined) {
      throw new AppError('validation_failed', { message: `devices: there is no device ${unknown}.` })
    }
  }
}
