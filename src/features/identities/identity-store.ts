import type { DeviceId } from '../../core/ids.ts'
import type { Db, Tx } from '../../db/database.ts'
import { type Jid, jidKind, jidUser, makeJid } from '../../whatsapp/jid.ts'

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
    for (let start = 0; start < jids.length; start += lookupSize) {
      const part = jids.slice(start, start + lookupSize)
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
    const key = `${deviceId} ${lid}`
    const learntIn = this.#unproven.get(key)
    if (this.#phones.get(key) === phone && learntIn === undefined) return false
    const known = await tx
      .selectFrom('identities')
      .select('phone_user')
      .where('device_id', '=', deviceId)
      .where('lid_user', '=', jidUser(lid))
      .executeTakeFirst()
    const isNew = known?.phone_user !== jidUser(phone)
    if (isNew) this.#unproven.set(key, tx)
    else if (learntIn !== tx) this.#unproven.delete(key)
    if (isNew) {
      if (known !== undefined) this.#lids.delete(`${deviceId} ${makeJid(known.phone_user, 's.whatsapp.net')}`)
      const row = { phone_user: jidUser(phone), learned_at: at.getTime() }
      await tx
        .insertInto('identities')
        .values({ device_id: deviceId, lid_user: jidUser(lid), ...row })
        .onConflict((conflict) => conflict.columns(['device_id', 'lid_user']).doUpdateSet(row))
        .execute()
    }
    this.#remember(deviceId, lid, phone)
    return isNew
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
