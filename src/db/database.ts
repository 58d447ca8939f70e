import type { ColumnType, Generated, Kysely, Transaction } from 'kysely'
import type { ApiKeysTable, AuditChainTable, AuditLogTable, StreamTicketsTable } from './access-tables.ts'
import type { Bytes, Flag, Millis } from './column-types.ts'

/**
 * One database type for both engines. Times are milliseconds since 1970 (INTEGER / BIGINT), booleans 0 or 1,
 * bytes BLOB / BYTEA, JSON is text. `device_id` is in every key of what belongs to a device; what belongs to an account
 * on that device has `account` (its phone-number JID) in its key too, because a slot may be linked again with another number.
 */
export interface Database {
  devices: DevicesTable
  device_leases: DeviceLeasesTable
  credentials: CredentialsTable
  signal_keys: SignalKeysTable
  identities: IdentitiesTable
  stanza_journal: StanzaJournalTable
  decrypted_messages: DecryptedMessagesTable
  chats: ChatsTable
  messages: MessagesTable
  message_receipts: MessageReceiptsTable
  reactions: ReactionsTable
  poll_votes: PollVotesTable
  labels: LabelsTable
  chat_labels: ChatLabelsTable
  sent_changes: SentChangesTable
  contacts: ContactsTable
  events: EventsTable
  webhook_endpoints: WebhookEndpointsTable
  deliveries: DeliveriesTable
  delivery_failures: DeliveryFailuresTable
  idempotency_keys: IdempotencyKeysTable
  media_downloads: MediaDownloadsTable
  settings: SettingsTable
  api_keys: ApiKeysTable
  stream_tickets: StreamTicketsTable
  audit_log: AuditLogTable
  audit_chain: AuditChainTable
}

/** A handle that queries run on: the pool, or an open transaction. Stores take nothing else. */
export type Db = Kysely<Database>
export type Tx = Transaction<Database>

interface DevicesTable {
  id: string
  /** What people call it, '' when they do not. */
  name: Generated<string>
  display_name: string
  /** Phone-number JID of the linked account, '' before the first link. Kept after a logout. */
  jid: string
  lid: string
  /** 1 while the account's credentials are good; 0 before linking and after an unlink. */
  is_linked: Flag
  /** Last reason why the device is not connected, '' when none. */
  last_close_reason: string
  /** Number of the last event committed for this device. */
  event_seq: number
  /** Not in use: the lease has a table of its own, so that its lock waits for nothing else. */
  epoch: number
  created_at: Millis
  updated_at: Millis
}

/** The lease of a device: whoever took it last holds it, and every write of key material names the number held. */
interface DeviceLeasesTable {
  device_id: string
  epoch: number
}

interface CredentialsTable {
  device_id: string
  body: Bytes
  epoch: number
  updated_at: Millis
}

interface SignalKeysTable {
  device_id: string
  /** session, pre-key, sender-key, sender-key-memory, identity-key, app-state-sync-key, … */
  type: string
  id: string
  body: Bytes
  epoch: number
  updated_at: Millis
}

/** The one table of who is who: a LID and the phone-number JID of the same person (users without server part). */
interface IdentitiesTable {
  device_id: string
  lid_user: string
  phone_user: string
  learned_at: Millis
}

/** Inbound stanzas between their arrival and the commit of everything they led to. */
interface StanzaJournalTable {
  seq: Generated<number>
  device_id: string
  /** tag, id, sender and participant: a redelivery has the same. */
  stanza_key: string
  node: Bytes
  received_at: Millis
}

/** Plaintexts by hash of their ciphertext, so that a stanza fed again is answered without decrypting twice. */
interface DecryptedMessagesTable {
  device_id: string
  ciphertext_hash: Bytes
  plaintext: Bytes
  decrypted_at: Millis
}

interface ChatsTable {
  device_id: string
  account: string
  /** Internal id (ULID): stays when a chat's phone number is learnt. */
  id: string
  /** The JID shown: phone-number JID when known, else LID; group, newsletter, broadcast as they are. */
  jid: string
  lid: string | null
  name: string
  /** 'given' (address book, subject), 'push' (push name), 'default' (made from the JID): a better source wins. */
  name_source: string
  last_message_at: Millis
  expiration_seconds: number
  is_archived: Flag
  is_pinned: Flag
  unread_count: number
  /** Rows of `messages` in this chat, so that a page's total needs no count. */
  message_count: number
  created_at: Millis
  updated_at: Millis
}

interface MessagesTable {
  device_id: string
  account: string
  chat_id: string
  id: string
  /** Author as shown (phone-number JID when known), without device part. */
  sender: string
  /** Chat and author as addressed on the wire: keys of edits, revokes and receipts use these. */
  wire_chat: string
  wire_sender: string
  is_from_me: Flag
  /** 1 when sent through this API: such a message never fires a `message` webhook. */
  is_from_api: Flag
  /** 1 when only history sync brought it: should it still arrive live, its `message` event is due. */
  is_from_history: Flag
  status: string
  failure: string | null
  content: string
  content_type: string
  media_type: string
  filename: string
  url: string
  file_length: number
  replied_to_id: string | null
  /** By which WhatsApp knows a channel's post; null for other messages, and where it is not known. */
  server_id: number | null
  is_revoked: Flag
  is_starred: Generated<number>
  edited_at: number | null
  /** Protobuf `Message`; null for rows known only by a receipt or placeholder. */
  raw: Buffer | null
  /** The span that sent it, in W3C's form; null where nothing was traced. */
  traceparent: ColumnType<string | null, string | null | undefined, string | null>
  sent_at: Millis
  created_at: Millis
  updated_at: Millis
}

/** One recipient's best receipt for one own message. */
interface MessageReceiptsTable {
  device_id: string
  account: string
  message_id: string
  recipient: string
  receipt_type: string
  at: Millis
}

interface LabelsTable {
  device_id: string
  account: string
  /** WhatsApp's small number, as text. */
  id: string
  name: string
  color: number
  is_deleted: Flag
  /** What else the last edit has set, as JSON; null when nothing. */
  further: string | null
  updated_at: Millis
}

interface ChatLabelsTable {
  device_id: string
  account: string
  chat_id: string
  label_id: string
  at: Millis
}

/** Protobufs of sent revokes, edits, reactions and timers, for peers that ask for them again. */
interface SentChangesTable {
  device_id: string
  id: string
  raw: Bytes
  /** JSON of what it does here; null once it is settled. */
  effect: string | null
  at: Millis
}

interface ReactionsTable {
  device_id: string
  account: string
  chat_id: string
  message_id: string
  sender: string
  emoji: string
  at: Millis
}

/** Everybody's last vote in a poll. */
interface PollVotesTable {
  device_id: string
  account: string
  chat_id: string
  poll_id: string
  voter: string
  /** JSON list of the names of the chosen options. */
  options: string
  at: Millis
}

interface ContactsTable {
  device_id: string
  account: string
  /** Phone-number JID when known, else LID. */
  jid: string
  lid: string | null
  name: string
  push_name: string
  verified_name: string
  updated_at: Millis
}

/** The event log. `position` orders all devices' events by commit for readers; `seq` counts within one device. */
interface EventsTable {
  position: Generated<number>
  id: string
  device_id: string
  seq: number
  kind: string
  lane: string
  dedupe_key: string
  body: string
  created_at: Millis
  /** It and what is behind it in its lane are not delivered before; null for events that wait for nothing. */
  held_until: ColumnType<number | null, number | null | undefined, number | null>
  /** The span it came of, in W3C's form, to be gone on with where it is delivered; null where nothing was traced. */
  traceparent: ColumnType<string | null, string | null | undefined, string | null>
}

interface WebhookEndpointsTable {
  id: string
  /** null for global endpoints. */
  device_id: string | null
  url: string
  secret: string
  /** Comma list of event kinds; '' for the reference's kinds. */
  events: string
  skip_tls_verify: Flag
  /** 'config' (environment, flags; trusted target), 'slot' (the reference's one per device) or 'api'. */
  source: string
  is_active: Flag
  /** Comma list of JIDs, or `@server` for all of a server. */
  ignore_jids: ColumnType<string, string | undefined, string>
  /** JSON object of further request headers. */
  headers: ColumnType<string, string | undefined, string>
  /** 'plain' or 'cloudevents'. */
  format: ColumnType<string, string | undefined, string>
  /** What a 410 does: 'retry', 'drop' (the event) or 'disable' (the endpoint). */
  when_gone: ColumnType<string, string | undefined, string>
  /** Why it is not in use; '' when a caller said so, or when it is in use. */
  disabled_reason: ColumnType<string, string | undefined, string>
  created_at: Millis
  updated_at: Millis
}

interface DeliveriesTable {
  id: Generated<number>
  endpoint_id: string
  event_id: string
  device_id: string
  lane: string
  /** 'pending', 'delivered', 'dead'. */
  state: string
  attempts: number
  next_attempt_at: Millis
  last_status: number | null
  last_error: string | null
  created_at: Millis
  delivered_at: number | null
  last_attempt_at: number | null
  last_duration_ms: number | null
}

/** What a try that failed met; the one that succeeded is in the delivery itself. */
interface DeliveryFailuresTable {
  endpoint_id: string
  event_id: string
  device_id: string
  attempt: number
  at: Millis
  duration_ms: number
  status: number | null
  error: string
}

interface IdempotencyKeysTable {
  credential: string
  device_id: string
  route: string
  key: string
  body_hash: string
  /** 'running' or 'done'. */
  state: string
  status: number | null
  response: string | null
  created_at: Millis
}

/** What became of the media of messages that arrive, and of what was asked for. */
interface MediaDownloadsTable {
  device_id: string
  account: string
  message_id: string
  /** Which of the message's files, counted from 0. */
  position: number
  /** Lane and dedupe key of the message's event, which waits a little for the file; '' when none does. */
  lane: string
  event_key: string
  /** 'wanted', 'done', 'failed', 'removed'. */
  state: string
  attempts: number
  next_attempt_at: Millis
  /** Error code of the last try. */
  failure: string | null
  /** Names the file in the media store, once it is there. */
  ref: string | null
  created_at: Millis
  updated_at: Millis
}

interface SettingsTable {
  name: string
  value: string
  updated_at: Millis
}
