import { randomBytes } from 'node:crypto'
import { describe, expect } from 'vitest'
import { runPerson } from '../../src/cli/person.ts'
import { RecordingTerminal } from '../../src/cli/recording-terminal.ts'
import { openDatabaseView } from '../database-view.ts'
import { eventually } from '../harness.ts'
import { messageIdOf, resultsOf, type Stage, scenario } from '../scenario.ts'

const tables = [
  ...['chats', 'messages', 'contacts', 'identities', 'reactions', 'message_receipts', 'poll_votes', 'events'],
  ...['deliveries', 'delivery_failures', 'sent_changes', 'idempotency_keys', 'stanza_journal', 'signal_keys'],
  ...['decrypted_messages', 'media_downloads', 'chat_labels', 'labels', 'webhook_endpoints', 'settings'],
  ...['devices', 'device_leases', 'credentials', 'api_keys', 'stream_tickets', 'audit_log', 'audit_chain'],
]

/** The tables whose rows hold one of these texts anywhere, read from outside. */
async function tracesOf(stage: Stage, texts: readonly string[]): Promise<string[]> {
  const view = await openDatabaseView(stage.dialect, stage.world.settings['DB_URI'] ?? '')
  const found: string[] = []
  const words = stage.dialect === 'sqlite' ? ['message_words', 'message_text_data'] : []
  for (const table of [...tables, ...words]) {
    for (const row of await view.rows(`select * from ${table}`)) {
      const values = Object.values(row).map((value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
      )
      const text = texts.find((candidate) => values.some((value) => value.includes(candidate)))
      if (text !== undefined) found.push(`${table}: ${text}`)
    }
  }
  await view.close()
  return [...new Set(found)]
}

describe('what is kept about a person', () => {
  scenario(
    'is handed out whole, and erased without a trace; others keep what is theirs',
    async (stage) => {
      const { gateway, world } = stage
      const { ada, bo } = await stage.linkedPair()
      const [cy] = stage.people('Cy')
      const club = world.simulator.addGroup({ subject: 'Club', owner: ada, members: [ada, bo, cy] })

      const toBo = await gateway.call('POST', '/send/message', {
        device: 'main',
        body: { phone: bo.phone, message: 'Bo alone, from Ada' },
      })
      expect(toBo.status, toBo.text).toBe(200)
      const onlyTo = { name: 'k', scopes: ['send'], recipients: [bo.phone] }
      const { id: keyId } = resultsOf<{ id: string }>(await gateway.call('POST', '/keys', { body: onlyTo }))
      const { id: hookId } = resultsOf<{ id: string }>(
        await gateway.call('POST', '/devices/main/webhooks', {
          body: { url: 'http://127.0.0.1:9/', events: ['call.offer'], ignore_jids: [bo.jid, cy.jid, bo.lid] },
        }),
      )
      await bo.sendText(ada, 'a secret of Bo')
      await bo.sendMedia(ada, { type: 'image', bytes: randomBytes(5_000), mimeType: 'image/jpeg' })
      const inClub = await bo.sendText(club, 'Bo speaks up')
      const answer = await cy.sendText(club, `as @${bo.phone} says`, { quoted: inClub, mentions: [bo.jid] })
      const plain = await cy.sendText(club, 'nobody in particular')
      const toClub = await gateway.sendText('main', club.jid, 'from Ada to all')
      const heard = await bo.receives(({ id }) => id === messageIdOf(toClub))
      await bo.reactTo(heard, '👍')
      await world.nextEvent('message.reaction')
      await world.nextEvent('message', ({ payload }) => payload.id === plain.id)
      const traces = [bo.phone, bo.lid.split('@')[0] ?? '', 'a secret of Bo', 'Bo alone', 'Bo speaks up']
      await eventually(
        'receipts of Bo',
        async () =>
          (await tracesOf(stage, traces)).some((trace) => trace.startsWith('message_receipts')) || undefined,
      )
      expect(await tracesOf(stage, traces)).not.toEqual([])

      const exported = await gateway.call('GET', `/people/${bo.phone}/data`)
      expect(exported.status).toBe(200)
      const rows = exported.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { table: string; row: Record<string, unknown> })
      const contents = rows.filter(({ table }) => table === 'messages').map(({ row }) => row['content'])
      expect(contents.toSorted()).toEqual(
        ['Bo alone, from Ada', 'a secret of Bo', 'Bo speaks up', '', `as @${bo.phone} says`].toSorted(),
      )
      expect([...new Set(rows.map(({ table }) => table))].toSorted()).toEqual(
        [
          ...['chats', 'messages', 'contacts', 'identities', 'reactions', 'message_receipts', 'events'],
          ...['api_keys', 'webhook_endpoints'],
        ].toSorted(),
      )

      const terminal = new RecordingTerminal()
      const person = (action: string, options: object) =>
        runPerson(
          { flags: { gatewayUrl: gateway.url }, action, options: { of: bo.phone, ...options } },
          terminal,
        )
      await person('export', {})
      expect(terminal.printed).toHaveLength(rows.length)
      await expect(person('erase', {})).rejects.toThrow('say --yes')
      await expect(person('export', { of: 'nobody' })).rejects.toThrow('INVALID_JID')

      const erased = await gateway.call('DELETE', `/people/${bo.lid}/data`)
      expect(resultsOf(erased)).toMatchObject({ chats: 1, messages_of_others: 1 })
      expect(await tracesOf(stage, traces)).toEqual([])
      // A key for them alone is for nobody now, and not for everybody.
      const keys = resultsOf<{ id: string; recipients?: string[] }[]>(await gateway.call('GET', '/keys'))
      expect(keys.find(({ id }) => id === keyId)?.recipients).toEqual([])
      const hook = await gateway.call('GET', `/devices/main/webhooks/${hookId}`)
      expect(resultsOf<{ ignore_jids: string[] }>(hook).ignore_jids).toEqual([cy.jid])
      expect(await gateway.chats('main')).toEqual([club.jid])
      expect((await gateway.messages('main', club.jid)).map(({ id }) => id).toSorted()).toEqual(
        [answer.id, plain.id, messageIdOf(toClub)].toSorted(),
      )
      const cleaned = await gateway.message('main', club.jid, ({ id }) => id === answer.id)
      expect(cleaned.content).toBe(`as @${'0'.repeat(bo.phone.length)} says`)

      // What was quoted can still be passed on, and the two can still write to each other.
      const forward = { device: 'main', body: { phone: cy.phone } }
      const forwarded = await gateway.call('POST', `/message/${answer.id}/forward`, forward)
      expect(forwarded.status, forwarded.text).toBe(200)
      await bo.sendText(ada, 'here again')
      await world.nextEvent('message', ({ payload }) => payload.body === 'here again')
      expect((await gateway.sendText('main', bo.phone, 'welcome back')).status).toBe(200)
      await bo.receives('welcome back')
      expect((await gateway.sendText('main', club.jid, 'and to all')).status).toBe(200)
      await bo.receives('and to all')
    },
    { timeoutMs: 60_000 },
  )

  scenario('is not mistaken for what is kept about others', async (stage) => {
    const { gateway, world } = stage
    const { ada, bo } = await stage.linkedPair()
    const longer = world.simulator.addPerson({ phone: `${bo.phone}1`, name: 'Longer' })
    await longer.sendText(ada, 'not Bo')
    await world.nextEvent('message', ({ payload }) => payload.body === 'not Bo')
    await gateway.call('DELETE', `/people/${bo.phone}/data`)
    expect(await gateway.messages('main', longer.jid)).toMatchObject([{ content: 'not Bo' }])
    const { json } = await gateway.call('GET', '/events?events=message')
    expect(JSON.stringify(json.results)).toContain('not Bo')

    for (const wrong of ['120363000000000000@g.us', 'abc', 'x@newsletter']) {
      const answer = await gateway.call('DELETE', `/people/${encodeURIComponent(wrong)}/data`)
      expect([answer.status, answer.json.code], answer.text).toEqual([400, 'INVALID_JID'])
    }
    const own = await gateway.call('DELETE', `/people/${ada.phone}/data`)
    expect([own.status, own.json.message]).toEqual([
      400,
      'that is the account of device main; remove the device instead',
    ])
    const kept = await gateway.call('GET', '/retention')
    expect(resultsOf(kept)).toMatchObject({ events_days: 14, messages_days: 0, audit_days: 365 })
  })
})
