import { setTimeout as pause } from 'node:timers/promises'
import type { Group, Person } from '@gatewa/simulator'
import { describe, expect, onTestFinished } from 'vitest'
import { eventually } from '../harness.ts'
import { randomOf } from '../random.ts'
import { type Stage, scenario } from '../scenario.ts'

/** How many blows the network deals: `BLOWS=300` at night. */
const blowCount = Number(process.env['BLOWS'] ?? 16)
/** The blows are random; a failing run is repeated with its `SEED`. */
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)

describe('a network that keeps failing under two-way traffic', () => {
  scenario(
    'loses no message, doubles no event and sends nothing twice',
    async (stage) => {
      const { world, clock } = stage
      const { ada, bo } = await stage.linkedPair()
      const group = world.simulator.addGroup({ subject: 'Two', owner: bo, members: [ada, bo] })
      clock.haste = 20
      const traffic = new Traffic(stage, { ada, bo, group })
      onTestFinished(() => traffic.stop())
      const random = randomOf(seed)
      for (let blow = 0; blow < blowCount; blow += 1) {
        // Now and then the device must have been well enough to send; a command ends the growing waits between tries.
        if (blow % 4 === 3) {
          await stage.gateway.call('POST', '/devices/main/reconnect')
          await traffic.isAcknowledgedOnceMore()
        }
        await pause(random() * 120)
        await strike(stage, ada, random)
      }
      await traffic.stop()
      world.simulator.faults.clear()
      await stage.gateway.loggedIn('main')

      await bo.sendText(ada, 'the last')
      await bo.sendText(group, 'the last of the group')
      const written = [...traffic.written, 'the last', 'the last of the group']
      const told = () => world.events('message').map(({ payload }) => payload.body)
      const missing = () => {
        const seen = new Set(told())
        return written.filter((text) => !seen.has(text))
      }
      const isAllTold = () => missing().length === 0 || undefined
      await eventually(`every message as an event, seed ${seed}`, isAllTold, missing, 60_000)
      expect(told().sort(), `seed ${seed}`).toEqual(written.sort())
      const arrived = bo.inbox.map(({ text }) => text)
      expect(new Set(arrived).size, `arrived as two messages, seed ${seed}`).toBe(arrived.length)
      const lost = [...traffic.acknowledged].filter((text) => !arrived.includes(text))
      expect(lost, `acknowledged and not at the phone, seed ${seed}`).toEqual([])
      expect(traffic.acknowledged.size, `seed ${seed}`).toBeGreaterThan(0)
      expect(await stage.gateway.sendText('main', bo.phone, 'after the storm')).toMatchObject({ status: 200 })
      await bo.receives('after the storm')
    },
    { timeoutMs: 90_000 + blowCount * 3_000, settings: { WHATSAPP_WEBHOOK_EVENTS: 'message' } },
  )
})

/** So many messages may be on their way to the device. */
const mostAhead = 40

/** Lets one thing go wrong. */
async function strike({ world, gateway }: Stage, ada: Person, random: () => number): Promise<void> {
  const { simulator } = world
  const { faults } = simulator
  const blows: (() => void | Promise<unknown>)[] = [
    () => simulator.dropConnections(),
    () => faults.streamError(ada, 515),
    () => faults.streamError(ada, 503),
    () => faults.streamEnd(ada),
    () => faults.failNextLogin(ada, 503),
    () => faults.dropDuringOffline(Math.floor(random() * 6), { person: ada }),
    () => faults.duplicateStanza({ person: ada, count: 3 }),
    () => faults.reorder({ person: ada }),
    () => faults.undecryptable({ person: ada }),
    () => faults.closeBeforeAck({ person: ada }),
    () => faults.dropAck({ person: ada }),
    () => faults.refuseWith(479, { person: ada }),
    () => faults.receiptBeforeAck({ person: ada }),
    async () => {
      await simulator.cutNetwork()
      await pause(random() * 50)
      await simulator.restoreNetwork()
    },
    () => gateway.call('POST', '/devices/main/reconnect'),
  ]
  await blows[Math.floor(random() * blows.length)]?.()
}

/** Two-way traffic that keeps account of what each side was promised. */
class Traffic {
  readonly written: string[] = []
  readonly acknowledged = new Set<string>()
  readonly #running: Promise<unknown>
  #isStopped = false

  constructor(stage: Stage, people: { ada: Person; bo: Person; group: Group }) {
    this.#running = Promise.all([this.#write(stage, people), this.#send(stage, people)])
  }

  /** Waits until a send is answered with 200. */
  async isAcknowledgedOnceMore(): Promise<void> {
    const before = this.acknowledged.size
    const isMore = () => this.acknowledged.size > before || undefined
    await eventually('a send that is acknowledged', isMore, () => before, 30_000)
  }

  /** Lets what is under way come to an end. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running
  }

  async #write(
    { world }: Stage,
    { ada, bo, group }: { ada: Person; bo: Person; group: Group },
  ): Promise<void> {
    for (let number = 0; !this.#isStopped; number += 1) {
      // On a slow machine the network would otherwise bring more than can be taken in between two blows.
      while (this.written.length - world.webhooks.received.length > mostAhead && !this.#isStopped)
        await pause(15)
      const text = `in ${number}`
      await bo.sendText(number % 3 === 0 ? group : ada, text)
      this.written.push(text)
      await pause(15)
    }
  }

  async #send({ gateway }: Stage, { bo, group }: { bo: Person; group: Group }): Promise<void> {
    for (let number = 0; !this.#isStopped; number += 1) {
      const text = `out ${number}`
      const { status } = await gateway.sendText('main', number % 3 === 0 ? group.jid : bo.jid, text)
      if (status === 200) this.acknowledged.add(text)
      await pause(15)
    }
  }
}
