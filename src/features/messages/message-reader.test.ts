import { CompiledQuery, type KyselyPlugin, type RootOperationNode, sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Db } from '../../db/database.ts'
import type { OpenDatabase } from '../../db/open-database.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { ana, anasLid, anId, at, openHistory, received, scope } from '../../inbox/history-fixture.ts'
import { IdentityStore } from '../identities/identity-store.ts'
import { MessageRawStore } from './message-raw-store.ts'
import { MessageReader } from './message-reader.ts'
import { MessageStore } from './message-store.ts'
import { ReactionStore } from './reaction-store.ts'
import { ReceiptStore } from './receipt-store.ts'
import { SentChangeStore } from './sent-change-store.ts'
import type { MessageFilter } from './stored-message.ts'

const page = { limit: 100, offset: 0 }

describeEachDialect('reading messages', (open) => {
  test.each<[string, Partial<MessageFilter>, string[]]>([
    ['nothing', {}, ['E', 'D', 'C', 'B', 'A']],
    ['limit and offset', { limit: 2, offset: 1 }, ['D', 'C']],
    ['a start, inclusive', { startAt: at(3) }, ['E', 'D', 'C']],
    ['an end, inclusive', { endAt: at(3) }, ['C', 'B', 'A']],
    ['own messages', { isFromMe: true }, ['D']],
    ['messages of others', { isFromMe: false }, ['E', 'C', 'B', 'A']],
    ['media', { mediaOnly: true }, ['B']],
    ['text in any case', { search: 'HELLO' }, ['E', 'A']],
    ['text, literally', { search: '%' }, ['C']],
    ['all at once', { search: 'hello', startAt: at(2), isFromMe: false, offset: 0 }, ['E']],
    ['text with an offset', { search: 'hello', offset: 1 }, ['A']],
    ['an offset past the end', { offset: 9 }, []],
  ])('by %s', async (_title, filter, expected) => {
    const history = await openHistory(await open())
    const media = { mimeType: '', fileName: 'a.pdf', caption: '', url: '', fileLength: 1 }
    await history.apply(
      received({ id: anId('A'), sentAt: at(1), text: 'hello' }),
      received({ id: anId('B'), sentAt: at(2), text: '', media: { ...media, kind: 'document' } }),
      received({ id: anId('C'), sentAt: at(3), text: '100 % sure' }),
      received({ id: anId('D'), sentAt: at(4), text: 'mine', isFromMe: true, sender: scope.account }),
      received({ id: anId('E'), sentAt: at(5), text: 'Hello again' }),
    )
    const chat = (await history.chats.get(scope, ana)) ?? { id: '', messageCount: 0 }
    const found = await history.messages.page(scope, chat, { ...page, ...filter })
    expect(found.messages.map((message) => message.id.slice(4))).toEqual(expected)
    const { limit: _limit, offset: _offset, ...conditions } = filter
    const everything = await history.messages.page(scope, chat, { ...page, ...conditions })
    expect(found.total).toBe(everything.messages.length)
  })

  test('messages of the same second are shown in the order they came', async () => {
    const history = await openHistory(await open())
    const ids = ['M', 'A', 'Z', 'B'].map((name) => anId(name))
    await history.apply(...ids.map((id) => received({ id, sentAt: at(1) })))
    const chat = (await history.chats.get(scope, ana)) ?? { id: '', messageCount: 0 }
    const { messages } = await history.messages.page(scope, chat, page)
    expect(messages.map(({ id }) => id)).toEqual(ids.reverse())
  })

  test('a long read is made where it holds nobody up, a short one is not', async () => {
    const { db } = await open()
    const scans: RootOperationNode[] = []
    const reader = readerOn(db, db.withPlugin(capturing(scans)))
    const [short, long] = [20_000, 20_001].map((messageCount) => ({ id: 'chat-1', messageCount }))
    if (short === undefined || long === undefined) throw new Error('expected two chats')
    await reader.page(scope, short, { ...page, isFromMe: true, offset: 19_999 })
    await reader.page(scope, long, page)
    expect(scans).toHaveLength(0)
    await reader.page(scope, short, { ...page, search: 'x' })
    await reader.page(scope, long, { ...page, isFromMe: true })
    expect(scans).toHaveLength(4)
    await reader.page(scope, long, { ...page, offset: 20_001 })
    expect(scans).toHaveLength(5)
  })

  test('a message is found by its id, in either form of its chat', async () => {
    const history = await openHistory(await open())
    await history.apply(received({ chatAlt: anasLid, senderAlt: anasLid }))
    const chat = (await history.chats.get(scope, anasLid)) ?? { id: '' }
    expect(await history.messages.get(scope, anId('FROMANA'), chat)).toMatchObject({ content: 'Hello' })
    expect(await history.messages.get(scope, anId('FROMANA'), { id: 'other' })).toBeNull()
    expect(await history.messages.get(scope, anId('NONE'))).toBeNull()
    expect(await history.messages.rawMessage(scope.deviceId, anId('NONE'))).toBeNull()
  })
})

describeEachDialect('the plan of a page query', (open, dialect) => {
  let database: OpenDatabase
  beforeAll(async () => {
    database = await open()
    await fill(database)
  })

  describe.each<[string, Partial<MessageFilter>, string]>([
    ['the first page', {}, 'messages_by_time'],
    ['a page between two times', { startAt: at(100), endAt: at(200) }, 'messages_by_time'],
    ['a page of media', { mediaOnly: true }, 'messages_with_media'],
  ])('of %s', (_title, filter, index) => {
    test('walks the index and sorts nothing', async () => {
      const nodes: RootOperationNode[] = []
      const reader = readerOn(database.db.withPlugin(capturing(nodes)))
      await reader.page(scope, { id: 'chat-1', messageCount: 0 }, { limit: 50, offset: 0, ...filter })
      const query = nodes[0]
      if (query === undefined) throw new Error('no query was made')
      const plan = await explain(database.db, dialect, query)
      expect(plan).toContain(index)
      expect(plan).not.toMatch(/temp b-tree|\bsort\b/i)
    })
  })
})

describeEachDialect('the plan of a look-up by id', (open, dialect) => {
  test('finds the row by its id, not among all of the account', async () => {
    const database = await open()
    await fill(database)
    const nodes: RootOperationNode[] = []
    const db = database.db.withPlugin(capturing(nodes))
    const store = new MessageStore()
    const raws = new MessageRawStore()
    await store.findById(db, scope, [anId('1')])
    await raws.raw(db, scope.deviceId, anId('1'))
    await database.inTransaction(async (tx) => {
      const captured = tx.withPlugin(capturing(nodes))
      await raws.storeRaw(captured, scope, anId('1'), new Uint8Array())
      await store.raiseStatus(captured, scope, [anId('1')], 'sent', null, at(1))
    })
    expect(nodes).toHaveLength(4)
    for (const node of nodes) expect(await explain(database.db, dialect, node)).toContain('messages_by_id')
  })
})

function readerOn(db: Db, scanDb = db): MessageReader {
  return new MessageReader({
    db,
    scanDb,
    messages: new MessageStore(),
    reactions: new ReactionStore(),
    receipts: new ReceiptStore(),
    sentChanges: new SentChangeStore(),
    identities: new IdentityStore(),
  })
}

function capturing(nodes: RootOperationNode[]): KyselyPlugin {
  return {
    transformQuery({ node }) {
      nodes.push(node)
      return node
    },
    transformResult: async ({ result }) => result,
  }
}

async function explain(db: Db, dialect: string, node: RootOperationNode): Promise<string> {
  const compiled = db.getExecutor().compileQuery(node, { queryId: 'explained' })
  const words = dialect === 'sqlite' ? 'explain query plan' : 'explain'
  const result = await db.executeQuery(
    // A prepared query has its values put in after this.
    CompiledQuery.raw(`${words} ${compiled.sql}`, compiled.parameters.map(known)),
  )
  return JSON.stringify(result.rows)
}

function known(value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Buffer.isBuffer(value) ? '1' : value
}

/** 20,000 messages in 10 chats, every twentieth with media. */
async function fill({ db, dialect, inTransaction }: OpenDatabase): Promise<void> {
  await inTransaction(async (tx) => {
    for (let start = 0; start < 20_000; start += 1000) {
      await tx
        .insertInto('messages')
        .values(
          Array.from({ length: 1000 }, (_, index) => ({
            device_id: scope.deviceId,
            account: scope.account,
            chat_id: `chat-${(start + index) % 10}`,
            id: `M${start + index}`,
            sender: ana,
            wire_chat: ana,
            wire_sender: ana,
            is_from_me: 0,
            is_from_api: 0,
            is_from_history: 0,
            status: 'delivered',
            failure: null,
            content: `text ${start + index}`,
            content_type: 'conversation',
            media_type: index % 20 === 1 ? 'image' : '',
            filename: '',
            url: '',
            file_length: 0,
            replied_to_id: null,
            is_revoked: 0,
            edited_at: null,
            raw: null,
            sent_at: at(start + index).getTime(),
            created_at: 0,
            updated_at: 0,
          })),
        )
        .execute()
    }
  })
  if (dialect === 'postgres') await sql`analyze messages`.execute(db)
}
