import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { createApp } from '../src/app.ts'
import { loadConfig } from '../src/config/load-config.ts'
import { asDeviceId } from '../src/core/ids.ts'
import { silentLogger } from '../src/core/logger.ts'
import { openDatabase } from '../src/db/open-database.ts'
import { IdentityStore } from '../src/features/identities/identity-store.ts'
import { MessageReader } from '../src/features/messages/message-reader.ts'
import { MessageStore } from '../src/features/messages/message-store.ts'
import { ReactionStore } from '../src/features/messages/reaction-store.ts'
import { ReceiptStore } from '../src/features/messages/receipt-store.ts'
import { SentChangeStore } from '../src/features/messages/sent-change-store.ts'
import { parseJid } from '../src/whatsapp/jid.ts'
import { percentile } from './percentile.ts'
import type { Aim, Row } from './report.ts'

const device = 'bench'
const account = '6281000000000@s.whatsapp.net'
const partner = '6281000000001@s.whatsapp.net'
/** The chat that is read: every tenth message of the store is in it. */
const bigChat = 'chat-0000'
const smallChats = 1_000
const rowsPerCommit = 50_000
const pageSize = 50
const reads = 1_000
const under5Ms: Aim = { below: 5 }

/** Reads of one page of a large chat, out of a SQLite store of `count` messages. */
export async function measureStore(count: number, note: (text: string) => void): Promise<Row[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatewa-bench-store-'))
  try {
    note(`store: writing ${count} messages`)
    await fill(dataDir, count)
    return [...(await readPages(dataDir, count)), ...(await requestPages(dataDir, count))]
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** Written by SQL, in the order of their times, so that neighbours of a chat lie apart as they do in life. */
async function fill(dataDir: string, count: number): Promise<void> {
  const { inTransaction, close } = await openDatabase({ uri: '', dataDir, version: 'bench' }, silentLogger)
  await inTransaction(async (tx) => {
    await sql`insert into devices (id, display_name, jid, lid, is_linked, last_close_reason, event_seq, epoch,
        created_at, updated_at)
      values (${device}, 'Bench', ${account}, '', 1, '', 0, 0, 0, 0)`.execute(tx)
    await sql`with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < ${smallChats})
      insert into chats (device_id, account, id, jid, lid, name, name_source, last_message_at, expiration_seconds,
        is_archived, is_pinned, unread_count, message_count, created_at, updated_at)
      select ${device}, ${account}, printf('chat-%04d', n), printf('%d@s.whatsapp.net', 6281000000001 + n), null,
        printf('Chat %d', n), 'default', ${count}, 0, 0, 0, 0,
        iif(n = 0, ${count / 10}, ${(count * 9) / 10 / smallChats}), 0, 0
      from numbers`.execute(tx)
  })
  for (let first = 0; first < count; first += rowsPerCommit) {
    const last = Math.min(first + rowsPerCommit, count) - 1
    await inTransaction((tx) =>
      sql`with recursive numbers(n) as (select cast(${first} as integer) union all select n + 1 from numbers where n < ${last})
        insert into messages (device_id, account, chat_id, id, sender, wire_chat, wire_sender, is_from_me, is_from_api,
          is_from_history, status, failure, content, content_type, media_type, filename, url, file_length,
          replied_to_id, is_revoked, edited_at, raw, sent_at, created_at, updated_at)
        select ${device}, ${account}, iif(n % 10 = 0, ${bigChat}, printf('chat-%04d', 1 + (n * 7919) % ${smallChats})),
          '3EB0' || hex(randomblob(9)), ${partner}, ${partner}, ${partner}, 0, 0, 0, 'delivered', null,
          'A message of a common length, number ' || n, 'extendedTextMessage', iif(n % 20 = 0, 'image', ''), '', '', 0,
          null, 0, null, randomblob(150), n * 1000, n * 1000, n * 1000
        from numbers`.execute(tx),
    )
  }
  await close()
}

async function readPages(dataDir: string, count: number): Promise<Row[]> {
  const { db, close } = await openDatabase({ uri: '', dataDir, version: 'bench' }, silentLogger)
  const reader = new MessageReader({
    db,
    scanDb: db,
    messages: new MessageStore(),
    reactions: new ReactionStore(),
    receipts: new ReceiptStore(),
    sentChanges: new SentChangeStore(),
    identities: new IdentityStore(),
  })
  const scope = { deviceId: asDeviceId(device), account: parseJid(account) }
  const chat = { id: bigChat, messageCount: count / 10 }
  const page = (offset: number) => reader.page(scope, chat, { limit: pageSize, offset })
  const first = await timed(() => page(0))
  const near = await timed((at) => page((at % 20) * pageSize))
  const deep = await timed(() => page(count / 20))
  await close()
  return [
    ...rowsOf(`page of ${pageSize} from ${count} messages, first`, first, under5Ms),
    ...rowsOf(`page of ${pageSize} from ${count} messages, first 20 pages`, near, under5Ms),
    ...rowsOf(`page of ${pageSize} from ${count} messages, offset ${count / 20}`, deep),
  ]
}

async function requestPages(dataDir: string, count: number): Promise<Row[]> {
  const environment = { APP_DATA_DIR: dataDir, APP_PORT: '0' }
  const loaded = loadConfig({ environment, dotenvFolders: [] })
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'))
  // Not started: nothing connects, only the routes answer.
  const app = await createApp(loaded.config, { logger: silentLogger })
  await app.http.ready()
  const took = await timed(async () => {
    const answer = await app.http.inject({
      url: `/chat/${partner}/messages?limit=${pageSize}`,
      headers: { 'x-device-id': device, host: '127.0.0.1' },
    })
    const { results } = answer.json<{ results?: { data: unknown[] } }>()
    if (results?.data.length !== pageSize) throw new Error(`no page: ${answer.body.slice(0, 200)}`)
  })
  await app.stop()
  return rowsOf(`the same as GET /chat/{jid}/messages, from ${count}`, took, under5Ms)
}

async function timed(work: (at: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let at = 0; at < reads; at += 1) {
    const startedAt = performance.now()
    await work(at)
    times.push(performance.now() - startedAt)
  }
  return times
}

function rowsOf(what: string, times: readonly number[], aim?: Aim): Row[] {
  return [0.5, 0.99].map((part) => ({
    what: `${what}, p${part * 100}`,
    unit: 'ms',
    subject: 'gatewa',
    value: percentile(times, part),
    ...(aim === undefined ? {} : { aim }),
  }))
}
