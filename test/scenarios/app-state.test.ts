import type { Person, SentMessage } from '@gatewa/simulator'
import { describe, expect, onTestFinished } from 'vitest'
import { openDatabaseView } from '../database-view.ts'
import { eventually } from '../harness.ts'
import { messageIdOf, resultsOf, type Stage, scenario } from '../scenario.ts'

const allKinds = { settings: { WHATSAPP_WEBHOOK_EVENTS: '*' }, timeoutMs: 40_000 }

/** Rows of a table, beside the gateway. */
async function tables(stage: Stage) {
  const uri = stage.world.settings['DB_URI'] ?? ''
  const view = await openDatabaseView(stage.dialect, uri)
  onTestFinished(() => view.close())
  return (query: string) => view.rows(query)
}

/** Waits until the one row that a query finds has these columns. */
async function becomes(
  rows: (query: string) => Promise<Record<string, unknown>[]>,
  query: string,
  wanted: Record<string, unknown> | null,
): Promise<void> {
  let last: unknown
  await eventually(
    `${query} being ${JSON.stringify(wanted)}`,
    async () => {
      const [row] = await rows(query)
      last = row
      if (wanted === null) return row === undefined || undefined
      return (
        Object.entries(wanted).every(
          ([name, value]) => row !== undefined && String(row[name]) === String(value),
        ) || undefined
      )
    },
    () => last,
  )
}

const chatRow = (jid: string) => `select * from chats where jid = '${jid}'`
const messageRow = (id: string) => `select * from messages where id = '${id}'`

async function archivedChats({ gateway }: Stage): Promise<string[]> {
  const answer = await gateway.call('GET', '/chats?archived=true', { device: 'main' })
  return resultsOf<{ data: { jid: string }[] }>(answer).data.map(({ jid }) => jid)
}

/** A text from somebody that our rows have. */
async function texted(stage: Stage, from: Person, to: Person, text: string): Promise<SentMessage> {
  const sent = await from.sendText(to, text)
  await stage.world.nextEvent('message', ({ payload }) => payload.id === sent.id)
  return sent
}

describe('what the phone changes', () => {
  scenario(
    'of a chat is so here: archived, pinned, read and unread, and in the list of chats',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      await texted(stage, bo, ada, 'hello')
      const rows = await tables(stage)
      await ada.settings.archive(bo)
      await becomes(rows, chatRow(bo.jid), { is_archived: 1 })
      expect(await archivedChats(stage)).toEqual([bo.jid])
      await ada.settings.archive(bo, false)
      await becomes(rows, chatRow(bo.jid), { is_archived: 0 })
      expect(await archivedChats(stage)).toEqual([])
      await ada.settings.pin(bo)
      await becomes(rows, chatRow(bo.jid), { is_pinned: 1 })
      await ada.settings.pin(bo, false)
      await becomes(rows, chatRow(bo.jid), { is_pinned: 0 })
      await ada.settings.markChatRead(bo, false)
      await becomes(rows, chatRow(bo.jid), { unread_count: 1 })
      await ada.settings.markChatRead(bo)
      await becomes(rows, chatRow(bo.jid), { unread_count: 0 })
    },
  )

  scenario(
    'of a message is so here: starred or not, and deleted for the account alone, which is told',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      const first = await texted(stage, bo, ada, 'the first')
      const second = await texted(stage, bo, ada, 'the second')
      const rows = await tables(stage)
      await ada.settings.star(first)
      await becomes(rows, messageRow(first.id), { is_starred: 1 })
      await ada.settings.star(first, false)
      await becomes(rows, messageRow(first.id), { is_starred: 0 })
      await ada.settings.deleteForMe(first)
      await becomes(rows, messageRow(first.id), null)
      const { payload } = await stage.world.nextEvent('message.deleted')
      expect(payload).toEqual({
        deleted_message_id: first.id,
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        from: bo.jid,
        from_lid: bo.lid,
        sender_display_name: 'Bo',
        chat_id: bo.jid,
        chat_lid: bo.lid,
        original_content: 'the first',
        original_sender: bo.jid,
        original_timestamp: new Date(first.timestamp * 1000).toISOString().replace('.000Z', 'Z'),
        was_from_me: false,
      })
      await becomes(rows, chatRow(bo.jid), { message_count: 1 })
      expect((await stage.gateway.messages('main', bo.jid)).map(({ id }) => id)).toEqual([second.id])
    },
    allKinds,
  )

  scenario('of a message whose chat the phone keeps by its LID is found under its number', async (stage) => {
    const { ada } = await stage.linkedPair()
    const cy = stage.world.simulator.addPerson({ name: 'Cy', behaviour: { addressing: 'lid' } })
    const sent = await texted(stage, cy, ada, 'from a LID')
    const rows = await tables(stage)
    await ada.settings.star(sent, true, cy.lid)
    await becomes(rows, messageRow(sent.id), { is_starred: 1 })
    const own = messageIdOf(await stage.gateway.sendText('main', cy.phone, 'ours'))
    const ours = await cy.receives('ours')
    await ada.settings.star({ ...ours, id: own, from: ada.account }, true, cy.lid)
    await becomes(rows, messageRow(own), { is_starred: 1 })
  })

  scenario(
    'empties a chat of what was written until then, but for starred messages and later ones',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      const kept = await texted(stage, bo, ada, 'kept')
      const gone = await texted(stage, bo, ada, 'gone')
      const rows = await tables(stage)
      await ada.settings.star(kept)
      await becomes(rows, messageRow(kept.id), { is_starred: 1 })
      await bo.reactTo(gone, '👍')
      await becomes(rows, `select emoji from reactions where message_id = '${gone.id}'`, { emoji: '👍' })
      await ada.settings.clearChat(bo, { keepsStarred: true })
      await becomes(rows, messageRow(gone.id), null)
      await becomes(rows, `select * from reactions where message_id = '${gone.id}'`, null)
      await becomes(rows, chatRow(bo.jid), { message_count: 1 })
      // The phone cleared an hour ago: what came since stays.
      const hourAgo = Math.floor(Date.now() / 1000) - 3_600
      await ada.settings.clearChat(bo, { until: hourAgo })
      await ada.settings.deleteChat(bo, hourAgo)
      await ada.settings.pin(bo)
      await becomes(rows, chatRow(bo.jid), { is_pinned: 1, message_count: 1 })
      await ada.settings.clearChat(bo)
      await becomes(rows, chatRow(bo.jid), { message_count: 0 })
      expect(await stage.gateway.chats('main')).toEqual([bo.jid])
    },
  )

  scenario('deletes a chat with its labels, which begins anew with the next message', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    await texted(stage, bo, ada, 'hello')
    const rows = await tables(stage)
    await ada.settings.saveLabel({ id: '3', name: 'Leads' })
    await ada.settings.label(bo, '3')
    await becomes(rows, 'select * from chat_labels', { label_id: '3' })
    await ada.settings.deleteChat(bo)
    await becomes(rows, chatRow(bo.jid), null)
    await becomes(rows, 'select * from chat_labels', null)
    await becomes(rows, 'select * from messages', null)
    expect(await stage.gateway.chats('main')).toEqual([])
    const again = await texted(stage, bo, ada, 'once more')
    expect((await stage.gateway.messages('main', bo.jid)).map(({ id }) => id)).toEqual([again.id])
  })

  scenario(
    'of labels is so here and told: made, renamed, put on a chat, taken off it, deleted, and whatever else a phone sets of them',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      const { settings } = ada
      await texted(stage, bo, ada, 'hello')
      const rows = await tables(stage)
      const labels = () => stage.world.events('label.edit').map(({ payload }) => payload)
      const places = () => stage.world.events('label.association').map(({ payload }) => payload)
      await settings.saveLabel({ id: '3', name: 'Leads', color: 2, predefinedId: 4 })
      await becomes(rows, 'select * from labels', { id: '3', name: 'Leads', color: 2, is_deleted: 0 })
      await settings.saveLabel({ id: '3', name: 'Customers', color: 2 })
      await becomes(rows, 'select * from labels', { name: 'Customers' })
      await settings.label(bo, '3')
      await becomes(rows, 'select * from chat_labels', { label_id: '3' })
      await settings.label(bo, '3', false)
      await becomes(rows, 'select * from chat_labels', null)
      await settings.saveLabel({ id: '3', name: 'Customers', color: 2, deleted: true })
      await becomes(rows, 'select * from labels', { is_deleted: 1 })
      const told = (count: number) =>
        eventually(`${count} label.edit`, () => (labels().length === count ? true : undefined), labels)
      await told(3)
      await settings.saveLabel({ id: '3', name: 'Customers', color: 2, deleted: true, orderIndex: 5 })
      await told(4)
      await settings.saveLabel({
        id: '3',
        isActive: false,
        type: 'CUSTOM',
        isImmutable: true,
        muteEndTimeMs: 8e15,
      })
      const label = { label_id: '3', name: 'Customers', color: 2 }
      await told(5)
      expect(labels()).toEqual([
        { ...label, name: 'Leads', predefined_id: 4 },
        label,
        { ...label, deleted: true },
        { ...label, deleted: true, order_index: 5 },
        { label_id: '3', is_active: false, type: 'CUSTOM', is_immutable: true, mute_end_time_ms: 8e15 },
      ])
      await becomes(rows, 'select * from labels', { name: 'Customers', color: 2, is_deleted: 0 })
      await eventually('two label.association', () => (places().length === 2 ? true : undefined), places)
      expect(places()).toEqual([
        { label_id: '3', labeled: true, chat_id: bo.jid, chat_lid: bo.lid },
        { label_id: '3', labeled: false, chat_id: bo.jid, chat_lid: bo.lid },
      ])
    },
    allKinds,
  )

  scenario(
    'of several kinds is so here when one notification tells of all, of unknown ones too',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      await texted(stage, bo, ada, 'hello')
      const rows = await tables(stage)
      const { appState, router } = stage.world.simulator
      const state = appState.of(ada.account)
      await state.change('regular_low', ['pin_v1', bo.jid], { pinAction: { pinned: true } })
      await state.change('regular', ['label_edit', '3'], { labelEditAction: { name: 'Leads', color: 2 } })
      router.deliver(await ada.hasClientOnline(), {
        tag: 'notification',
        attrs: { id: 'NEWS', type: 'server_sync', from: '@s.whatsapp.net', t: '1767225600' },
        content: ['', 'newfangled', 'regular_low', 'regular'].map((name) => ({
          tag: 'collection',
          attrs: name === '' ? {} : { name, version: '1' },
        })),
      })
      await becomes(rows, chatRow(bo.jid), { is_pinned: 1 })
      await becomes(rows, 'select * from labels', { name: 'Leads' })
    },
  )

  scenario('of names is so here: a contact in the address book, and the own push name', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    await texted(stage, bo, ada, 'hello')
    const rows = await tables(stage)
    await ada.settings.saveContact(bo, 'Bo of the Bakery')
    await becomes(rows, chatRow(bo.jid), { name: 'Bo of the Bakery' })
    await ada.settings.saveContact(bo, 'Bo Baker')
    await becomes(rows, chatRow(bo.jid), { name: 'Bo Baker', name_source: 'given' })
    await ada.setPushName('Ada L.')
    await becomes(rows, "select * from devices where id = 'main'", { display_name: 'Ada L.' })
  })
})

describe('a setting that is written here', () => {
  scenario('is written once more when another device was quicker, and both changes stay', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    await texted(stage, bo, ada, 'hello')
    stage.world.simulator.faults.anotherDeviceWritesFirst({ person: ada })
    const answer = await stage.gateway.call('POST', `/chat/${bo.jid}/archive`, {
      device: 'main',
      body: { archived: true },
    })
    expect(answer.status).toBe(200)
    const changes = ada.settings.changes.filter(({ collection }) => collection === 'regular_low')
    // What is put into the archive is not pinned any more.
    expect(changes.map(({ index, device }) => [index[0], device === 0])).toEqual([
      ['time_format', true],
      ['pin_v1', false],
      ['archive', false],
    ])
    expect(changes.at(-1)?.value.archiveChatAction?.archived).toBe(true)
    expect(await archivedChats(stage)).toEqual([bo.jid])
  })

  scenario('is refused with 409 when other devices are quicker each time', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    await texted(stage, bo, ada, 'hello')
    stage.world.simulator.faults.anotherDeviceWritesFirst({ person: ada, count: 100 })
    const answer = await stage.gateway.call('POST', `/chat/${bo.jid}/archive`, {
      device: 'main',
      body: { archived: true },
    })
    expect(answer).toMatchObject({ status: 409, json: { code: 'APP_STATE_CONFLICT' } })
    expect(await archivedChats(stage)).toEqual([])
  })

  scenario('is refused with 503 until the phone has shared its key', async (stage) => {
    const [ada, bo] = stage.people('Ada', 'Bo')
    stage.world.simulator.faults.withholdAppStateKey({ person: ada })
    await stage.gateway.link(ada, 'main')
    await texted(stage, bo, ada, 'hello')
    const answer = await stage.gateway.call('POST', `/chat/${bo.jid}/pin`, {
      device: 'main',
      body: { pinned: true },
    })
    expect(answer).toMatchObject({ status: 503, json: { code: 'APP_STATE_NOT_READY' } })
  })

  scenario(
    'is refused when WhatsApp answers of something else, and is not asked for again and again',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      await texted(stage, bo, ada, 'hello')
      const rows = await tables(stage)
      const asked: string[] = []
      let answersOfNothing = true
      stage.world.simulator.iqs.add({
        xmlns: 'w:sync:app:state',
        handle: (iq) => {
          if (!answersOfNothing) return Promise.resolve(undefined)
          asked.push(iq.attrs['id'] ?? '')
          return Promise.resolve([{ tag: 'sync', attrs: {} }])
        },
      })
      const answer = await stage.gateway.call('POST', `/chat/${bo.jid}/pin`, {
        device: 'main',
        body: { pinned: true },
      })
      expect(answer).toMatchObject({ status: 403, json: { code: 'WHATSAPP_REFUSED' } })
      await ada.settings.archive(bo)
      await eventually('the question', () => asked.length > 3 || undefined)
      answersOfNothing = false
      await ada.settings.pin(bo)
      await becomes(rows, chatRow(bo.jid), { is_pinned: 1, is_archived: 1 })
      expect(asked.length).toBeLessThan(10)
    },
  )

  scenario(
    'is refused with 504 when WhatsApp does not answer',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      await texted(stage, bo, ada, 'hello')
      const rows = await tables(stage)
      stage.world.simulator.faults.ignoreIq('w:sync:app:state', { person: ada, count: 1_000 })
      stage.clock.haste = 20
      const answer = await stage.gateway.call('POST', `/chat/${bo.jid}/pin`, {
        device: 'main',
        body: { pinned: true },
      })
      expect(answer).toMatchObject({ status: 504, json: { code: 'GATEWAY_TIMEOUT' } })
      await becomes(rows, chatRow(bo.jid), { is_pinned: 0 })
    },
    { timeoutMs: 40_000 },
  )
})
