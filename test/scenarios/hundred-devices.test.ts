import { describe, expect } from 'vitest'
import { eventually } from '../harness.ts'
import { scenario } from '../scenario.ts'

const count = 100
/** Linked side by side: as many as shake hands at once. */
const atOnce = 5

describe('a hundred devices in one process', () => {
  scenario(
    'are linked, each sends and each receives, and all are back after a restart',
    async (stage) => {
      const { world } = stage
      const [bo] = stage.people('Bo')
      const owners = Array.from({ length: count }, (_, number) => ({
        device: `device-${number}`,
        person: world.simulator.addPerson({ name: `Owner ${number}` }),
      }))
      const waiting = [...owners]
      const linkNext = async (): Promise<void> => {
        for (let owner = waiting.pop(); owner !== undefined; owner = waiting.pop()) {
          await stage.gateway.link(owner.person, owner.device)
        }
      }
      await Promise.all(Array.from({ length: atOnce }, linkNext))

      const answers = await Promise.all(
        owners.map(({ device }) => stage.gateway.sendText(device, bo.phone, `from ${device}`)),
      )
      expect(answers.filter(({ status }) => status !== 200)).toEqual([])
      await Promise.all(owners.map(({ device }) => bo.receives(`from ${device}`, { timeoutMs: 20_000 })))
      for (const { device, person } of owners) {
        const message = bo.inbox.find(({ text }) => text === `from ${device}`)
        expect(message?.from).toBe(person.account)
      }

      const gateway = await stage.restart()
      await Promise.all(owners.map(({ device, person }) => bo.sendText(person, `to ${device}`)))
      const told = () => world.events('message')
      await eventually(
        'every message as an event',
        () => told().length >= count || undefined,
        () => told().length,
        60_000,
      )
      const expected = owners.map(({ device, person }) => [device, person.jid, `to ${device}`])
      const seen = told().map(({ session_id, device_id, payload }) => [session_id, device_id, payload.body])
      expect(seen.sort()).toEqual(expected.sort())
      for (const { device } of owners) await gateway.loggedIn(device)
    },
    { timeoutMs: 240_000 },
  )
})
