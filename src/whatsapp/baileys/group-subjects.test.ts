import { expect, it, vi } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { silentLogger } from '../../core/logger.ts'
import { type Jid, makeJid } from '../jid.ts'
import type { WhatsAppEvent } from '../whatsapp-event.ts'
import { GroupSubjects } from './group-subjects.ts'

const [one, two, three] = ['1-1', '2-2', '3-3'].map((user) => makeJid(user, 'g.us')) as [Jid, Jid, Jid] // three of three

function aWorld(options: { named?: readonly Jid[] } = {}) {
  const clock = new ManualClock()
  const asked: Jid[] = []
  const told: WhatsAppEvent[] = []
  const failing = new Set<Jid>()
  let isAlive = true
  const subjects = new GroupSubjects({
    isNamed: async (group) => options.named?.includes(group) ?? false,
    fetch: async (group) => {
      asked.push(group)
      if (failing.has(group)) throw new Error('rate-overlimit')
      return { id: group, subject: `Group ${group[0]}`, owner: undefined, participants: [] }
    },
    tell: (events) => told.push(...events),
    committed: async () => undefined,
    isAlive: () => isAlive,
    clock,
    logger: silentLogger,
  })
  return { clock, asked, told, failing, subjects, end: () => (isAlive = false) }
}

it('a group that a message comes from is asked for once', async () => {
  const { asked, told, subjects } = aWorld()
  subjects.onMessage(one)
  subjects.onMessage(one)
  await vi.waitFor(() => expect(told).toHaveLength(1))
  subjects.onMessage(one)
  expect(told).toEqual([{ type: 'chat.updated', chat: { jid: one, name: 'Group 1', expirationSeconds: 0 } }])
  expect(asked).toEqual([one])
})

it('a group whose chat has a name is not asked for', async () => {
  const { asked, told, subjects } = aWorld({ named: [one] })
  subjects.onMessage(one)
  subjects.onMessage(two)
  await vi.waitFor(() => expect(told).toHaveLength(1))
  expect(asked).toEqual([two])
})

it('groups are asked for one after another, with a pause', async () => {
  const { asked, told, subjects, clock } = aWorld()
  for (const group of [one, two, three]) subjects.onMessage(group)
  for (const count of [1, 2, 3]) {
    await vi.waitFor(() => expect(told).toHaveLength(count))
    expect(asked).toHaveLength(count)
    // The pause begins in the turn after the telling.
    await vi.waitFor(() => {
      clock.advance(500)
      expect(asked.length).toBe(Math.min(count + 1, 3))
    })
  }
})

it('a group that could not be asked for is tried again after ten minutes', async () => {
  const { asked, told, failing, subjects, clock } = aWorld()
  failing.add(one)
  subjects.onMessage(one)
  await vi.waitFor(() => expect(asked).toEqual([one]))
  failing.clear()
  clock.advance(9 * 60_000)
  subjects.onMessage(one)
  clock.advance(2 * 60_000)
  subjects.onMessage(one)
  await vi.waitFor(() => expect(told).toHaveLength(1))
  expect(asked).toEqual([one, one])
})

it('a group that the account comes into has a chat from then on', async () => {
  const { told, subjects, clock } = aWorld({ named: [one] })
  subjects.onJoined(one)
  await vi.waitFor(() => expect(told).toHaveLength(1))
  expect(told).toMatchObject([{ chat: { jid: one, name: 'Group 1', lastMessageAt: clock.now() } }])
})

it('nothing is asked any more once the connection ends', async () => {
  const { asked, subjects, end } = aWorld()
  end()
  subjects.onMessage(one)
  await Promise.resolve()
  expect(asked).toEqual([])
})
