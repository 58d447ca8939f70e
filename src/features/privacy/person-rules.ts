import type { Database } from '../../db/database.ts'

/** How a row names a person, and by which columns the row is found again. */
export interface PersonRule {
  readonly table: keyof Database
  readonly key: readonly string[]
  /** Columns that hold a JID. */
  readonly jids?: readonly string[]
  /** Columns that hold a number or LID without its server part. */
  readonly users?: readonly string[]
  /** Columns with a text that may name anybody. */
  readonly texts?: readonly string[]
  /** Columns with bytes that may name anybody. */
  readonly bytes?: readonly string[]
}

const ofMessage = ['device_id', 'account', 'chat_id', 'id'] as const

/** Rows that go with the person, whatever else they hold. Order matters only for people who read along. */
export const goWithThePerson: readonly PersonRule[] = [
  { table: 'chats', key: ['device_id', 'account', 'id'], jids: ['jid', 'lid'] },
  { table: 'messages', key: ofMessage, jids: ['sender', 'wire_sender'] },
  { table: 'contacts', key: ['device_id', 'account', 'jid'], jids: ['jid', 'lid'] },
  { table: 'identities', key: ['device_id', 'lid_user'], users: ['lid_user', 'phone_user'] },
  {
    table: 'reactions',
    key: ['device_id', 'account', 'chat_id', 'message_id', 'sender'],
    jids: ['sender'],
  },
  {
    table: 'message_receipts',
    key: ['device_id', 'account', 'message_id', 'recipient', 'receipt_type'],
    jids: ['recipient'],
  },
  { table: 'poll_votes', key: ['device_id', 'account', 'chat_id', 'poll_id', 'voter'], jids: ['voter'] },
  { table: 'events', key: ['id'], texts: ['body'] },
  { table: 'sent_changes', key: ['device_id', 'id'], bytes: ['raw'] },
  { table: 'idempotency_keys', key: ['credential', 'device_id', 'route', 'key'], texts: ['response'] },
  { table: 'stanza_journal', key: ['seq'], texts: ['stanza_key'], bytes: ['node'] },
]

/** Rows of others that may name the person: a mention, a quote, a number in a text. They stay, without the person. */
export const mayNameThePerson: PersonRule = {
  table: 'messages',
  key: ofMessage,
  texts: ['content', 'filename'],
  bytes: ['raw'],
}

/** A list that an operator wrote, of people among others. */
export interface PersonList {
  readonly table: 'api_keys' | 'webhook_endpoints'
  readonly column: string
  readonly read: (text: string) => readonly string[]
  readonly write: (entries: readonly string[]) => string
}

/** Lists that lose the person: whom a key may write to, whom an endpoint is not told of. */
export const listsOfPeople: readonly PersonList[] = [
  {
    table: 'api_keys',
    column: 'recipients',
    read: (text) => JSON.parse(text) as string[], // written by the store of keys
    write: (entries) => JSON.stringify(entries),
  },
  {
    table: 'webhook_endpoints',
    column: 'ignore_jids',
    read: (text) => text.split(',').filter((entry) => entry !== ''),
    write: (entries) => entries.join(','),
  },
]

/** Tables that go with rows above, or that the engine answers for. */
export const followOthers: readonly (keyof Database)[] = [
  'chat_labels',
  'media_downloads',
  'deliveries',
  'delivery_failures',
  'signal_keys',
  'decrypted_messages',
]

/** Tables that hold nothing of the people an account writes with. */
export const nameNobody: readonly (keyof Database)[] = [
  'devices',
  'device_leases',
  'credentials',
  'labels',
  'settings',
  'stream_tickets',
  'audit_log',
  'audit_chain',
]
