import { SqliteAdapter, sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import type { AccountScope } from '../account-scope.ts'
import { fromMessageRow, messageColumns } from './message-row.ts'
import type { StoredMessage } from './stored-message.ts'

/** What to look for. */
export interface MessageSearch {
  /** Letters and digits only, each the beginning of a word that a message has to have. At least one. */
  readonly words: readonly string[]
  /** Only in the chat with this internal id. */
  readonly chatId?: string
  readonly limit: number
  readonly offset: number
}

/** The words of all messages (migration 0012). */
export class MessageSearchStore {
  /** Messages that have all the words, newest first; those deleted for everyone are left out. */
  async find(db: Db, scope: AccountScope, search: MessageSearch): Promise<StoredMessage[]> {
    let query = db
      .selectFrom('messages')
      .select(messageColumns)
      .where('device_id', '=', scope.deviceId)
      .where('account', '=', scope.account)
      .where('is_revoked', '=', 0)
      .where(hasWords(db, search.words))
    if (search.chatId !== undefined) query = query.where('chat_id', '=', search.chatId)
    const rows = await query
      .orderBy('sent_at', 'desc')
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(search.limit)
      .offset(search.offset)
      .execute()
    return rows.map(fromMessageRow)
  }
}

function hasWords(db: Db, words: readonly string[]) {
  if (!(db.getExecutor().adapter instanceof SqliteAdapter)) {
    const query = words.map((word) => `${word}:*`).join(' & ')
    // Written as the index has it; otherwise every message is read.
    return sql<boolean>`to_tsvector('simple', regexp_replace(left(content, 60000), '[^[:alnum:]]+', ' ', 'g'))
      @@ to_tsquery('simple', ${query})`
  }
  const query = words.map((word) => `"${word}"*`).join(' ')
  return sql<boolean>`(device_id, id, account, chat_id) in (
    select device, message, account, chat from message_words
    where row in (select rowid from message_text where message_text match ${query}))`
}
