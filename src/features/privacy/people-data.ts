import { setImmediate as nextTurn } from 'node:timers/promises'
import { AppError } from '../../core/app-error.ts'
import { asDeviceId, type DeviceId } from '../../core/ids.ts'
import type { Logger } from '../../core/logger.ts'
import type { Db } from '../../db/database.ts'
import type { InTransaction } from '../../db/transaction.ts'
import { type Jid, jidKind, jidUser, makeJid } from '../../whatsapp/jid.ts'
import { type MediaStore, parseMediaRef, sha256Of } from '../media/media-store.ts'
import { MessageRetentionStore } from '../messages/message-retention-store.ts'
import { toRecipient } from '../phone-input.ts'
import { fromStoredJid } from '../stored-jid.ts'
import {
  goWithThePerson,
  listsOfPeople,
  mayNameThePerson,
  type PersonList,
  type PersonRule,
} from './person-rules.ts'
import type { Person, PersonStore, Row } from './person-store.ts'

/** What the engine keeps about people: keys of their devices, plaintexts of what they wrote. */
export interface PeopleKeys {
  /** Deletes key rows that name one of these users (digits), of every device, and all plaintexts kept for repetitions. */
  forgetPeople(devices: readonly DeviceId[], users: readonly string[]): Promise<number>
}

export interface PeopleDataDeps {
  readonly db: Db
  /** For reads that look at very many rows. */
  readonly scanDb: Db
  readonly inTransaction: InTransaction
  readonly store: PersonStore
  readonly devices: { ids(): Promise<readonly DeviceId[]> }
  readonly keys: PeopleKeys
  readonly media: Pick<MediaStore, 'delete'>
  /** A message of somebody else, without whoever has one of these users: no mention, no quote, no number. */
  readonly withoutPerson: (raw: Uint8Array, users: readonly string[]) => Promise<Uint8Array>
  /** Told when an endpoint has lost somebody whom it was not told of. */
  readonly onEndpointsChanged: () => Promise<void>
  readonly logger: Logger
}

/** One row about a person, as it is exported. */
export interface ExportedRow {
  readonly table: string
  readonly row: Row
}

const pageSize = 200
/** Bytes are Signal's and WhatsApp's, no more than the columns beside them say. */
const notExported: ReadonlySet<string> = new Set(['raw', 'node'])

/** Everything that is kept about one person, over phone number and LID, on all devices: to hand out, or to erase. */
export class PeopleData {
  readonly #deps: PeopleDataDeps
  readonly #messages = new MessageRetentionStore()

  constructor(deps: PeopleDataDeps) {
    this.#deps = deps
  }

  /** Who a phone number or JID means. Rejects with `jid_invalid` when that is nobody, or a group or channel. */
  async find(phone: string): Promise<Person> {
    const jid = toRecipient(phone)
    const kind = jid === null ? null : jidKind(jid)
    if (jid === null || (kind !== 'phone' && kind !== 'lid')) {
      throw new AppError('jid_invalid', { message: `${phone} is no phone number and no JID of a person` })
    }
    const { phones, lids } = await this.#deps.store.sameAs(this.#deps.db, [jidUser(jid)])
    const jids = new Set<Jid>([
      jid,
      ...phones.map((user) => makeJid(user, 's.whatsapp.net')),
      ...lids.map((user) => makeJid(user, 'lid')),
    ])
    return { jids: [...jids], users: [...new Set([...jids].map(jidUser))] }
  }

  /** Every row that names the person, table by table, and all that was written in their chats. */
  async *rows(person: Person): AsyncGenerator<ExportedRow> {
    const { scanDb, store } = this.#deps
    const chats = new Set<string>()
    for (const rule of [...goWithThePerson, mayNameThePerson]) {
      for (let offset = 0; ; offset += pageSize) {
        const rows = await store.rows(scanDb, rule, person, { limit: pageSize, offset })
        for (const row of rows) {
          const isKnown = rule.table === 'messages' && chats.has(String(row['chat_id']))
          if (!isKnown && isAbout(row, rule, person)) yield { table: rule.table, row: exported(row) }
          if (rule.table !== 'chats') continue
          chats.add(String(row['id']))
          yield* this.#messagesOf(row)
        }
        if (rows.length < pageSize) break
      }
    }
    for (const list of listsOfPeople) {
      for (const { id, entries, others } of await store.lists(scanDb, list, person)) {
        const named = entries.filter((entry) => !others.includes(entry))
        yield { table: list.table, row: { id, [list.column]: named } }
      }
    }
  }

  /**
   * Erases the person: their chat with everything in it, what they wrote elsewhere, all that names them. Messages of others
   * stay, without them. Rejects with `validation_failed` when the person is an account of this gateway. Resolves to how many
   * rows went or were changed, by table.
   */
  async erase(person: Person): Promise<Readonly<Record<string, number>>> {
    const { db, store, devices, keys, logger } = this.#deps
    const [own] = await store.ownSlots(db, person)
    if (own !== undefined) {
      throw new AppError('validation_failed', {
        message: `that is the account of device ${own}; remove the device instead`,
      })
    }
    const counts: Record<string, number> = {}
    const refs = new Set<string>()
    const count = (table: string, rows: number) => {
      if (rows > 0) counts[table] = (counts[table] ?? 0) + rows
    }
    for (const rule of goWithThePerson) count(rule.table, await this.#eraseRows(rule, person, refs, count))
    for (const list of listsOfPeople) count(list.table, await this.#shortenLists(list, person))
    count('messages_of_others', await this.#cleanMessagesOfOthers(person))
    await this.#clearWords()
    count('signal_keys', await keys.forgetPeople(await devices.ids(), person.users))
    count('media', await this.#deleteMedia(refs))
    logger.info({ counts }, 'a person’s data erased')
    return counts
  }

  async *#messagesOf(chat: Row): AsyncGenerator<ExportedRow> {
    const { scanDb, store } = this.#deps
    for (let offset = 0; ; offset += pageSize) {
      const rows = await store.messagesOf(scanDb, chat, { limit: pageSize, offset })
      for (const row of rows) yield { table: 'messages', row: exported(row) }
      if (rows.length < pageSize) return
    }
  }

  async #eraseRows(
    rule: PersonRule,
    person: Person,
    refs: Set<string>,
    count: (table: string, rows: number) => void,
  ): Promise<number> {
    const { scanDb, store, inTransaction } = this.#deps
    let erased = 0
    let spared = 0
    for (;;) {
      const columns = [...rule.key, ...(rule.texts ?? []), ...(rule.bytes ?? [])]
      const rows = await store.rows(scanDb, rule, person, { limit: pageSize, offset: spared, columns })
      if (rows.length === 0) return erased
      const keys = rows.filter((row) => isAbout(row, rule, person))
      // Rows come in the order of their keys: those that stay are behind us.
      spared += rows.length - keys.length
      if (keys.length === 0) continue
      switch (rule.table) {
        case 'chats':
          for (const chat of keys) count('messages', await this.#eraseChat(rule, chat, refs))
          break
        case 'messages':
          for (const { device_id: deviceId, account, chat_id: chatId, id } of keys) {
            await this.#deleteMessages({ device_id: deviceId, account, id: chatId }, [String(id)], refs)
          }
          break
        case 'events':
          await inTransaction(async (tx) => {
            await store.deleteDeliveriesOf(
              tx,
              keys.map(({ id }) => String(id)),
            )
            await store.delete(tx, rule, keys)
          })
          break
        default:
          await inTransaction((tx) => store.delete(tx, rule, keys))
      }
      erased += keys.length
      await nextTurn()
    }
  }

  async #eraseChat(rule: PersonRule, chat: Row, refs: Set<string>): Promise<number> {
    const { db, store, inTransaction } = this.#deps
    let messages = 0
    for (;;) {
      const ids = await store.messageIds(db, chat, pageSize)
      if (ids.length === 0) break
      await this.#deleteMessages(chat, ids, refs)
      messages += ids.length
      await nextTurn()
    }
    await inTransaction(async (tx) => {
      await store.deleteLabelsOf(tx, chat)
      await store.delete(tx, rule, [chat])
    })
    return messages
  }

  async #deleteMessages(chat: Row, ids: readonly string[], refs: Set<string>): Promise<void> {
    const { store, inTransaction } = this.#deps
    await inTransaction(async (tx) => {
      for (const ref of await store.mediaRefs(tx, chat, ids)) refs.add(ref)
      const scope = {
        deviceId: asDeviceId(String(chat['device_id'])),
        account: fromStoredJid(String(chat['account'])),
      }
      await this.#messages.delete(tx, { scope, chatId: String(chat['id']) }, ids)
    })
  }

  async #shortenLists(list: PersonList, person: Person): Promise<number> {
    const { store, inTransaction, onEndpointsChanged } = this.#deps
    const shortened = await inTransaction(async (tx) => {
      const naming = await store.lists(tx, list, person)
      for (const each of naming) await store.shorten(tx, list, each)
      return naming.length
    })
    if (shortened > 0 && list.table === 'webhook_endpoints') await onEndpointsChanged()
    return shortened
  }

  async #cleanMessagesOfOthers(person: Person): Promise<number> {
    const { scanDb, store, inTransaction, withoutPerson } = this.#deps
    const rule = mayNameThePerson
    let cleaned = 0
    let spared = 0
    for (;;) {
      const columns = [...rule.key, ...(rule.texts ?? []), ...(rule.bytes ?? [])]
      const found = await store.rows(scanDb, rule, person, { limit: pageSize, offset: spared, columns })
      if (found.length === 0) return cleaned
      const rows = found.filter((row) => isAbout(row, rule, person))
      spared += found.length - rows.length
      if (rows.length === 0) continue
      const changes = await Promise.all(
        rows.map(async (row) => ({
          row,
          values: {
            content: blanked(String(row['content']), person.users),
            filename: blanked(String(row['filename']), person.users),
            raw:
              row['raw'] instanceof Uint8Array
                ? Buffer.from(await withoutPerson(row['raw'], person.users))
                : null,
          },
        })),
      )
      await inTransaction(async (tx) => {
        for (const { row, values } of changes) await store.change(tx, rule, row, values)
      })
      cleaned += rows.length
      await nextTurn()
    }
  }

  async #clearWords(): Promise<void> {
    const { store, inTransaction } = this.#deps
    for (let isFirst = true; ; isFirst = false) {
      const step = isFirst
      if (await inTransaction((tx) => store.clearWords(tx, step))) return
      await nextTurn()
    }
  }

  async #deleteMedia(refs: ReadonlySet<string>): Promise<number> {
    const { db, store, media } = this.#deps
    let deleted = 0
    for (const text of refs) {
      const ref = parseMediaRef(text)
      // The same file may have come with somebody else's message too.
      if (ref === null || (await store.isMediaUsed(db, sha256Of(ref)))) continue
      await media.delete(ref)
      deleted += 1
    }
    return deleted
  }
}

/** Whether a row that an engine found is really about the person: their digits may stand inside a longer number. */
function isAbout(row: Row, { texts = [], bytes = [] }: PersonRule, { users }: Person): boolean {
  const columns = [...texts, ...bytes]
  return columns.length === 0 || columns.some((column) => namesAny(row[column], users))
}

function namesAny(value: unknown, users: readonly string[]): boolean {
  const text =
    value instanceof Uint8Array
      ? Buffer.from(value).toString('latin1')
      : typeof value === 'string'
        ? value
        : ''
  return users.some((user) => numberPattern(user).test(text))
}

/** Puts zeros in the place of digits that name somebody. */
function blanked(text: string, users: readonly string[]): string {
  return users.reduce((rest, user) => rest.replace(numberPattern(user), '0'.repeat(user.length)), text)
}

/** A number that stands by itself. */
function numberPattern(user: string): RegExp {
  return new RegExp(`(?<!\\d)${user}(?!\\d)`, 'g')
}

function exported(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).flatMap(([column, value]) => {
      if (notExported.has(column)) return []
      return [
        [column, column === 'body' && typeof value === 'string' ? (JSON.parse(value) as unknown) : value],
      ]
    }),
  )
}
