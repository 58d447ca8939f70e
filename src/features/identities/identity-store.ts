import type { DeviceId } from '../../core/ids.ts'
import { slicesOf } from '../../core/slices.ts'
import type { Db, Tx } from '../../db/database.ts'
import { type Jid, jidKind, jidUser, makeJid } from '../../whatsapp/jid.ts'
import type { Identity } from '../../whatsapp/whatsapp-event.ts'

/** How a person or chat is known: the JID shown (phone-number JID when known, else as it is), and the LID when known. */
export interface Address {
  readonly jid: Jid
  readonly lid: Jid | null
}

const cacheSize = 20_000
/** Most addresses asked about in one query. */
const lookupSize = 500
/** Where the forms of an address are found. */
const columns = [
  ['lid', 'lid_user'],
  ['phone', 'phone_user'],
] as const

/** Who is who: which LID and which phone-number JID are one person, per device. */
export class IdentityStore {
  // null: looked up and not known. What is learnt replaces it, and a late answer of a look-up never replaces that.
  readonly #phones = new Map<string, Jid | null>()
  readonly #lids = new Map<string, Jid | null>()
  /** Learnt in this transaction, which may still be undone: until it is seen from another one, `learn` looks again. */
  readonly #unproven = new Map<string, Tx>()

  /** The phone-number JID of the person with this LID, or null when it is not known. */
  async phoneOf(db: Db, deviceId: DeviceId, lid: Jid): Promise<Jid | null> {
    const cached = recall(this.#phones, `${deviceId} ${lid}`)
    if (cached !== undefined) return cached
    const row = await db
      .selectFrom('identities')
      .select('phone_user')
      .where('device_id', '=', deviceId)
      .where('lid_user', '=', jidUser(lid))
      .executeTakeFirst()
    if (row === undefined) return this.#missing(this.#phones, `${deviceId} ${lid}`)
    const phone = makeJid(row.phone_user, 's.whatsapp.net')
    this.#remember(deviceId, lid, phone)
    return phone
  }

  /** The LID of the person with this phone-number JID (the one learnt last), or null when it is not known. */
  async lidOf(db: Db, deviceId: DeviceId, phone: Jid): Promise<Jid | null> {
    const cached = recall(this.#lids, `${deviceId} ${phone}`)
    if (cached !== undefined) return cached
    const row = await db
      .selectFrom('identities')
      .select('lid_user')
      .where('device_id', '=', deviceId)
      .where('phone_user', '=', jidUser(phone))
      .orderBy('learned_at', 'desc')
      .orderBy('lid_user')
      .executeTakeFirst()
    if (row === undefined) return this.#missing(this.#lids, `${deviceId} ${phone}`)
    const lid = makeJid(row.lid_user, 'lid')
    this.#remember(deviceId, lid, phone)
    return lid
  }

  /** The other form of each of these addresses, where it is known. For many at once: what was read is not kept in memory. */
  async otherForms(db: Db, deviceId: DeviceId, jids: readonly Jid[]): Promise<ReadonlyMap<Jid, Jid>> {
    const forms = new Map<Jid, Jid>()
    for (const part of slicesOf(jids, lookupSize)) {
      // Two queries, each of which has an index.
      for (const [kind, column] of columns) {
        const users = part.filter((jid) => jidKind(jid) === kind).map(jidUser)
        if (users.length === 0) continue
        const rows = await db
          .selectFrom('identities')
          .select(['lid_user', 'phone_user'])
          .where('device_id', '=', deviceId)
          .where(column, 'in', users)
          // Of several LIDs of a number the one learnt last stays.
          .orderBy('learned_at')
          .execute()
        for (const row of rows) {
          const [lid, phone] = [makeJid(row.lid_user, 'lid'), makeJid(row.phone_user, 's.whatsapp.net')]
          forms.set(lid, phone)
          forms.set(phone, lid)
        }
      }
    }
    return forms
  }

  /** Both forms of an address as far as they are known; `alt` is the other form when it came along. */
  async addressOf(db: Db, deviceId: DeviceId, jid: Jid, alt: Jid | null = null): Promise<Address> {
    const altKind = alt === null ? null : jidKind(alt)
    switch (jidKind(jid)) {
      case 'phone':
        return { jid, lid: altKind === 'lid' ? alt : await this.lidOf(db, deviceId, jid) }
      case 'lid':
        return {
          jid: (altKind === 'phone' ? alt : await this.phoneOf(db, deviceId, jid)) ?? jid,
          lid: jid,
        }
      default:
        return { jid, lid: null }
    }
  }

  /** Keeps that both are one person; resolves to whether that is news. A later fact about a LID replaces the earlier. */
  async learn(tx: Tx, deviceId: DeviceId, lid: Jid, phone: Jid, at: Date): Promise<boolean> {
    if (this.#isProven(deviceId, lid, phone)) return false
    const news = await this.#learnPart(tx, deviceId, [{ lid, phone }], at)
    this.#remember(deviceId, lid, phone)
    return news.length > 0
  }

  /**
   * Keeps that the two of each pair are one person; resolves to the pairs that are news. Many cost one question and, where
   * some are news, one statement; what was known already is not kept in memory.
   */
  async learnAll(tx: Tx, deviceId: DeviceId, pairs: readonly Identity[], at: Date): Promise<Identity[]> {
    const byLid = new Map(pairs.map((pair) => [pair.lid, pair]))
    const unsure = [...byLid.values()].filter(({ lid, phone }) => !this.#isProven(deviceId, lid, phone))
    const news: Identity[] = []
    for (const part of slicesOf(unsure, lookupSize)) {
      news.push(...(await this.#learnPart(tx, deviceId, part, at)))
    }
    return news
  }

  /** Learns pairs of different LIDs. */
  async #learnPart(tx: Tx, deviceId: DeviceId, pairs: readonly Identity[], at: Date): Promise<Identity[]> {
    const users = pairs.map(({ lid }) => jidUser(lid))
    const rows = await tx
      .selectFrom('identities')
      .select(['lid_user', 'phone_user'])
      .where('device_id', '=', deviceId)
      .where('lid_user', 'in', users)
      .execute()
    const known = new Map(rows.map((row) => [row.lid_user, row.phone_user]))
    const news = pairs.filter(({ lid, phone }) => known.get(jidUser(lid)) !== jidUser(phone))
    if (news.length > 0) {
      await tx
        .insertInto('identities')
        .values(
          news.map(({ lid, phone }) => ({
            device_id: deviceId,
            lid_user: jidUser(lid),
            phone_user: jidUser(phone),
            learned_at: at.getTime(),
          })),
        )
        .onConflict((conflict) =>
          conflict.columns(['device_id', 'lid_user']).doUpdateSet((set) => ({
            phone_user: set.ref('excluded.phone_user'),
            learned_at: set.ref('excluded.learned_at'),
          })),
        )
        .execute()
    }
    this.#noteRead(tx, deviceId, pairs, known)
    return news
  }

  /** What was read, and written where it was other, is what memory says from now on. */
  #noteRead(
    tx: Tx,
    deviceId: DeviceId,
    pairs: readonly Identity[],
    known: ReadonlyMap<string, string>,
  ): void {
    for (const { lid, phone } of pairs) {
      const key = `${deviceId} ${lid}`
      const before = known.get(jidUser(lid))
      if (before === jidUser(phone)) {
        if (this.#unproven.get(key) !== tx) this.#unproven.delete(key)
        if (this.#phones.has(key)) this.#remember(deviceId, lid, phone)
        continue
      }
      if (before !== undefined) this.#lids.delete(`${deviceId} ${makeJid(before, 's.whatsapp.net')}`)
      this.#doubt(key, tx)
      // Also of many: a look-up that began before the commit must not be what is remembered.
      this.#remember(deviceId, lid, phone)
    }
  }

  /** Whether the pair is remembered, from a transaction that was not undone. */
  #isProven(deviceId: DeviceId, lid: Jid, phone: Jid): boolean {
    const key = `${deviceId} ${lid}`
    return this.#phones.get(key) === phone && !this.#unproven.has(key)
  }

  #doubt(key: string, tx: Tx): void {
    this.#unproven.delete(key)
    this.#unproven.set(key, tx)
    const oldest = this.#unproven.keys().next()
    if (this.#unproven.size <= cacheSize || oldest.done === true) return
    this.#unproven.delete(oldest.value)
    this.#phones.delete(oldest.value)
  }

  /** Drops what is kept in memory; needed when a transaction that learnt something was undone. */
  clearCache(): void {
    this.#phones.clear()
    this.#lids.clear()
    this.#unproven.clear()
  }

  #missing(cache: Map<string, Jid | null>, key: string): Jid | null {
    if (!cache.has(key)) keep(cache, key, null)
    return cache.get(key) ?? null
  }

  #remember(deviceId: DeviceId, lid: Jid, phone: Jid): void {
    keep(this.#phones, `${deviceId} ${lid}`, phone)
    keep(this.#lids, `${deviceId} ${phone}`, lid)
  }
}

function recall(cache: Map<string, Jid | null>, key: string): Jid | null | undefined {
  const value = cache.get(key)
  if (value !== undefined) keep(cache, key, value)
  return value
}

function keep(cache: Map<string, Jid | null>, key: string, value: Jid | null): void {
  cache.delete(key)
  cache.set(key, value)
  const oldest = cache.keys().next()
  if (cache.size > cacheSize && oldest.done !== true) cache.delete(oldest.value)
}
