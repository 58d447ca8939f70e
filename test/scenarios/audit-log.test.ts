import { describe, expect } from 'vitest'
import { runAudit } from '../../src/cli/audit.ts'
import { RecordingTerminal } from '../../src/cli/recording-terminal.ts'
import { changeDatabase, openDatabaseView } from '../database-view.ts'
import { eventually, type Gateway } from '../harness.ts'
import { resultsOf, scenario } from '../scenario.ts'

interface Entry {
  readonly position: number
  readonly actor: string
  readonly operation: string
  readonly device_id?: string
  readonly subject?: string
  readonly status: number
}

const settings = { APP_BASIC_AUTH: 'u:p' }
const operator = { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` }

async function entries(gateway: Gateway, query = ''): Promise<Entry[]> {
  const answer = await gateway.call('GET', `/audit${query}`, { headers: operator })
  return resultsOf<{ data: Entry[] }>(answer).data
}

async function verdict(gateway: Gateway): Promise<object> {
  return resultsOf<object>(await gateway.call('GET', '/audit/verify', { headers: operator }))
}

describe('the audit log', () => {
  scenario(
    'says who did what to which device, and nothing of what was written to whom',
    async (stage) => {
      const { gateway, world, dialect } = stage
      gateway.headers = operator
      const { bo } = await stage.linkedPair()
      const body = { name: 'bot', scopes: ['send'] }
      const made = resultsOf<{ id: string; key: string }>(await gateway.call('POST', '/keys', { body }))
      const bot = { authorization: '', 'x-api-key': made.key }
      const message = { phone: bo.phone, message: 'between us' }
      await gateway.call('POST', '/send/message', { body: message, device: 'main', headers: bot })
      await gateway.call('POST', '/devices', { body: { device_id: 'mine' }, headers: bot })
      await gateway.call('GET', '/chats', { device: 'main' })
      await gateway.call('POST', '/devices', { headers: { authorization: 'Basic eDp5' } })
      await gateway.call('DELETE', `/keys/${made.id}`)

      const seen = await eventually('the send in the log', async () => {
        const all = await entries(gateway)
        return all.some(({ operation }) => operation === 'sendMessage') ? all : undefined
      })
      const key = `key:${made.id}`
      expect(seen.map(({ actor, operation, status }) => [actor, operation, status])).toEqual(
        expect.arrayContaining([
          ['u', 'addDevice', 200],
          ['u', 'loginDevice', 200],
          ['u', 'createKey', 200],
          [key, 'sendMessage', 200],
          [key, 'addDevice', 403],
          ['u', 'revokeKey', 200],
        ]),
      )
      expect(seen).toHaveLength(6)
      expect(seen.find(({ operation }) => operation === 'createKey')).toMatchObject({ subject: made.id })
      expect(await entries(gateway, `?actor=${key}&operation=sendMessage`)).toMatchObject([
        { device_id: 'main' },
      ])
      const [second] = await entries(gateway, '?limit=1&before=3')
      expect(second?.position).toBe(2)
      const view = await openDatabaseView(dialect, world.settings['DB_URI'] ?? '')
      const rows = JSON.stringify(await view.rows('select * from audit_log'))
      await view.close()
      expect(rows).not.toMatch(new RegExp(`between us|${bo.phone}|${made.key}`))
      expect(await verdict(gateway)).toEqual({ intact: true, good_entries: 6 })
    },
    { settings },
  )

  scenario(
    'shows that it was changed, that something was taken out, and that its end was cut off',
    async ({ gateway, world, dialect }) => {
      gateway.headers = operator
      for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) await gateway.addSlot(id)
      expect(await verdict(gateway)).toEqual({ intact: true, good_entries: 6 })
      const uri = world.settings['DB_URI'] ?? ''
      await changeDatabase(dialect, uri, 'delete from audit_log where position = 6')
      expect(await verdict(gateway)).toMatchObject({ intact: false, broken_at: 6, problem: 'cut-off' })
      await changeDatabase(dialect, uri, "update audit_log set actor = 'somebody' where position = 4")
      expect(await verdict(gateway)).toEqual({
        intact: false,
        good_entries: 3,
        broken_at: 4,
        problem: 'changed',
      })
      await changeDatabase(dialect, uri, 'delete from audit_log where position = 2')
      expect(await verdict(gateway)).toMatchObject({ good_entries: 1, broken_at: 2, problem: 'missing' })

      const terminal = new RecordingTerminal()
      const flags = { gatewayUrl: gateway.url, basicAuth: 'u:p' }
      expect(await runAudit({ flags, action: 'verify', options: {} }, terminal)).toBe(1)
      expect(terminal.printed).toEqual(['broken at entry 2 (missing), behind 1 good ones'])
      expect(await runAudit({ flags, action: 'list', options: { device: 'c' } }, terminal)).toBe(0)
      expect(terminal.printed.at(-1)).toMatch(/^3 .* u .* addDevice +c +c +200$/)
    },
    { settings },
  )

  scenario(
    'stays whole when many write at once and when the gateway is started again',
    async (stage) => {
      const first = stage.gateway
      first.headers = operator
      const ids = Array.from({ length: 40 }, (_, number) => `slot-${number}`)
      await Promise.all(ids.map((id) => first.addSlot(id)))
      const second = await stage.restart()
      second.headers = operator
      await second.addSlot('one-more')
      expect(await verdict(second)).toEqual({ intact: true, good_entries: 41 })
      expect((await entries(second, '?limit=1000')).map(({ position }) => position)).toEqual(
        Array.from({ length: 41 }, (_, index) => 41 - index),
      )
    },
    { settings },
  )
})
