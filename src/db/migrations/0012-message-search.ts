import { sql } from 'kysely'
import type { SchemaMigration } from '../migration.ts'

/**
 * An index of the words of all messages. On SQLite a full-text table beside `messages`, kept by triggers: a row of
 * `message_words` says which message a row of it is, because `messages` has no number of its own that stays. On PostgreSQL
 * an index over an expression; `message-search-store.ts` repeats it literally. Whoever deletes messages has nothing to do for it.
 */
export const messageSearch: SchemaMigration = {
  name: '0012-message-search',
  async up(db, { dialect }) {
    if (dialect === 'postgres') {
      await sql`create index messages_by_words on messages using gin
        (to_tsvector('simple', regexp_replace(left(content, 60000), '[^[:alnum:]]+', ' ', 'g')))`.execute(db)
      return
    }
    await db.schema
      .createTable('message_words')
      .addColumn('row', 'integer', (c) => c.primaryKey())
      .addColumn('device', 'text', (c) => c.notNull())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('chat', 'text', (c) => c.notNull())
      .addColumn('message', 'text', (c) => c.notNull())
      .addUniqueConstraint('message_words_of', ['device', 'message', 'account', 'chat'])
      .execute()
    // The words alone: the texts stay where they are.
    await sql`create virtual table message_text using fts5
      (content, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0')`.execute(db)
    const columns = sql`device, account, chat, message`
    const place = (row: 'old' | 'new') => {
      const of = sql.raw(row)
      return sql`device = ${of}.device_id and message = ${of}.id and account = ${of}.account and chat = ${of}.chat_id`
    }
    const add = sql`
      insert into message_words (${columns})
        select new.device_id, new.account, new.chat_id, new.id where new.content <> '';
      insert into message_text (rowid, content) select row, new.content from message_words where ${place('new')};`
    const remove = sql`
      delete from message_text where rowid = (select row from message_words where ${place('old')});
      delete from message_words where ${place('old')};`
    await sql`create trigger message_words_added after insert on messages when new.content <> ''
      begin ${add} end`.execute(db)
    await sql`create trigger message_words_removed after delete on messages when old.content <> ''
      begin ${remove} end`.execute(db)
    await sql`create trigger message_words_changed after update of content, chat_id on messages
      when old.content <> new.content or old.chat_id <> new.chat_id
      begin ${remove} ${add} end`.execute(db)
    await sql`insert into message_words (${columns}) select device_id, account, chat_id, id from messages where content <> ''`.execute(
      db,
    )
    await sql`insert into message_text (rowid, content) select message_words.row, messages.content from message_words
      join messages on device_id = device and messages.account = message_words.account and chat_id = chat and id = message`.execute(
      db,
    )
  },
}
