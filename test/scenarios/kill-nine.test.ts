import { setTimeout as pause } from 'node:timers/promises'
import type { Group, Person } from '@gatewa/simulator'
import { afterEach, describe, expect, it } from 'vitest'
import { testDialects } from '../../src/db/test-database.ts'
import { ChildGateway } from '../child-gateway.ts'
import { freePort } from '../free-port.ts'
import { eventually, TestWorld } from '../harness.ts'
import { randomOf } from '../random.ts'

/** How often the gateway is killed: 20 in CI, `KILLS=200` (or more) at night. */
const kills = Number(process.env['KILLS'] ?? 20)
/** The instants are random; a failing run is repeated with its `SEED`. */
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)

/** How long what piled up over the kills may take to be delivered. */
const drainMs = 120_000

/** How long a gateway that is online again may take to its first acknowledged send: what is slow is told, not failed. */
const firstAckMs = 60_000

/** Written to the device and not told as an event yet: beyond this the contact waits, however slow the machine is. */
const mostUntold = 500

describe.each(testDialects())('kill -9 under two-way traffic (%s)', (dialect) => {
  let world: TestWorld | undefined
  let gateway: ChildGateway | undefined
  let traffic: Traffic | undefined

  afterEach(async () => {
    await traffic?.stop()
    await gateway?.end('SIGKILL')
    await world?.close()
  })

  it(`loses no acknowledged message, doubles no event and breaks no session over ${kills} kills`, {
    timeout: 60_000 + kills * 15_000,
  }, async () => {
    const random = randomOf(seed)
    world = await TestWorld.open(dialect)
    gateway = new ChildGateway({
      ...world.settings,
      APP_PORT: String(await freePort()),
      APP_LOG_LEVEL: process.env['KILL_LOG_LEVEL'] ?? 'warn',
    })
    const { simulator } = world
    const [ada, bo] = [simulator.addPerson({ name: 'Ada' }), simulator.addPerson({ name: 'Bo' })]
    const group = simulator.addGroup({ subject: 'Two', owner: bo, members: [ada, bo] })
    await gateway.start()
    await link(gateway.url, ada)
    const events = new SeenEvents(world)
    traffic = new Traffic({ url: gateway.url, ada, bo, group, toldCount: () => events.look().size })

    const startedAt = Date.now()
    const killMs: number[] = []
    const ackMs: number[] = []
    let killCount = 0
    for (let kill = 0; kill < kills; kill += 1) {
      const begunAt = Date.now()
      await ada.hasClientOnline({ timeoutMs: 30_000 })
      const before = traffic.acknowledged.size
      const onlineAt = Date.now()
      await eventually(
        `a send that is acknowledged after ${killCount} kills (seed ${seed})`,
        () => acknowledgedBy(traffic) > before || undefined,
        () => ({ answers: traffic?.answers, log: gateway?.output.slice(-6_000) }),
        firstAckMs,
      )
      ackMs.push(Date.now() - onlineAt)
      await pause(random() * 300)
      await gateway.end('SIGKILL')
      await gateway.start()
      killCount += 1
      // Some kills fall into the start itself: before the connection, in its handshake, in the offline queue.
      if (random() < 0.3) {
        await pause(random() * 300)
        await gateway.end('SIGKILL')
        await gateway.start()
        killCount += 1
      }
      killMs.push(Date.now() - begunAt)
    }
    await ada.hasClientOnline({ timeoutMs: 30_000 })
    await traffic.stop()
    const { written, acknowledged, given } = traffic
    expect(written.length, `seed ${seed}`).toBeGreaterThan(kills)
    expect(acknowledged.size, `seed ${seed}`).toBeGreaterThanOrEqual(kills)

    const seen = () => events.look()
    const missing = () => {
      const now = seen()
      return written.filter((text) => !now.has(text))
    }
    await eventually(
      `every message written to the device as an event (seed ${seed})`,
      () => missing().length === 0 || undefined,
      () => {
        const asked = bo.log.receipts.filter(({ type }) => type === 'retry').length
        return {
          missing: missing().length,
          of: written.length,
          first: missing().slice(0, 20),
          asked,
          log: gateway?.output.slice(-6_000),
        }
      },
      drainMs,
    )
    const doubled = [...seen()].filter(([, ids]) => ids.size > 1)
    expect(doubled, `events that came as two, seed ${seed}`).toEqual([])

    const arrivals = new Map<string, Set<string>>()
    for (const { text, id } of bo.inbox) arrivals.set(text, (arrivals.get(text) ?? new Set()).add(id))
    const lost = [...acknowledged].filter((text) => !arrivals.has(text))
    expect(lost, `acknowledged and not at the phone, seed ${seed}`).toEqual([])
    const twice = [...given].filter((text) => (arrivals.get(text)?.size ?? 0) > 1)
    expect(twice, `arrived as two messages, seed ${seed}`).toEqual([])

    // A session that broke would show as a request to send again, by us or by the phone.
    expect(
      bo.log.receipts.filter(({ type }) => type === 'retry'),
      `seed ${seed}`,
    ).toEqual([])
    expect(bo.retriesAsked, `seed ${seed}`).toBe(0)
    await bo.sendText(ada, 'the last word')
    await eventually('the last word as an event', () => seen().has('the last word') || undefined)
    process.stdout.write(
      `${dialect}, seed ${seed}: ${killCount} kills in ${Math.round((Date.now() - startedAt) / 1000)} s, ` +
        `${written.length} messages to the device, ${acknowledged.size} of ${given.size} sends acknowledged; ` +
        `${lost.length} lost, ${doubled.length + twice.length} doubled, ${bo.retriesAsked} retries; ` +
        `time per kill in tenths of the run: ${tenths(killMs).join(' ')} ms; ` +
        `from online to the first acknowledged send: ${tenths(ackMs).join(' ')}, at most ${Math.max(...ackMs)} ms\n`,
    )
  })
})

interface TrafficParts {
  readonly url: string
  readonly ada: Person
  readonly bo: Person
  readonly group: Group
  /** How many texts were told as events so far. */
  readonly toldCount: () => number
}

/** Two-way traffic that goes on over the gateway's deaths: each side keeps account of what it was promised. */
class Traffic {
  /** Texts that WhatsApp has taken for the device. */
  readonly written: string[] = []
  /** Texts that the API has answered with 200. */
  readonly acknowledged = new Set<string>()
  /** Texts that were ever given to the API. */
  readonly given = new Set<string>()
  /** The last answers of the API, as status and time: what a wait in vain is explained by. */
  readonly answers: string[] = []
  readonly #parts: TrafficParts
  readonly #running: Promise<unknown>
  #isStopped = false

  constructor(parts: TrafficParts) {
    this.#parts = parts
    this.#running = Promise.all([this.#write(), this.#send(0), this.#send(1)])
  }

  /** Lets what is under way come to an answer. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running
  }

  async #write(): Promise<void> {
    const { ada, bo, group, toldCount } = this.#parts
    for (let number = 0; !this.#isStopped; number += 1) {
      const text = `in ${number}`
      await bo.sendText(number % 3 === 0 ? group : ada, text)
      this.written.push(text)
      await pause(10)
      while (!this.#isStopped && this.written.length - toldCount() > mostUntold) await pause(10)
    }
  }

  async #send(lane: number): Promise<void> {
    const { bo, group } = this.#parts
    for (let number = 0; !this.#isStopped; number += 1) {
      const text = `out ${lane} ${number}`
      this.given.add(text)
      const status = await this.#sendUntilAnswered(number % 3 === 0 ? group.jid : bo.jid, text)
      if (status === 200) this.acknowledged.add(text)
      await pause(10)
    }
  }

  /** As a careful client does it: the same key until there is an answer that says what became of the message. */
  async #sendUntilAnswered(phone: string, message: string): Promise<number> {
    for (;;) {
      const askedAt = Date.now()
      const answer = await fetch(`${this.#parts.url}/send/message`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-device-id': 'main', 'idempotency-key': message },
        body: JSON.stringify({ phone, message }),
      }).catch(() => null)
      const status = answer?.status ?? 0
      await answer?.text().catch(() => '')
      this.answers.push(`${message}: ${status} after ${Date.now() - askedAt} ms`)
      if (this.answers.length > 40) this.answers.shift()
      if (status === 200 || status === 504) return status
      if (status !== 0 && status !== 401 && status !== 409 && status !== 503)
        throw new Error(`answered ${status}`)
      await pause(20)
    }
  }
}

function acknowledgedBy(traffic: Traffic | undefined): number {
  return traffic?.acknowledged.size ?? 0
}

/** The events that webhooks told of, by the text they told: which event ids each text came under. */
class SeenEvents {
  readonly ids = new Map<string, Set<string>>()
  readonly #world: TestWorld
  #read = 0

  constructor(world: TestWorld) {
    this.#world = world
  }

  /** Looks at what has come since the last look. */
  look(): ReadonlyMap<string, ReadonlySet<string>> {
    const { received } = this.#world.webhooks
    for (const { headers, text } of received.slice(this.#read)) {
      const { event, payload } = JSON.parse(text) as { event: string; payload: { body?: string } } // our own gateway's
      if (event !== 'message' || payload.body === undefined) continue
      const ids = this.ids.get(payload.body) ?? new Set()
      this.ids.set(payload.body, ids.add(String(headers['x-gatewa-event-id'])))
    }
    this.#read = received.length
    return this.ids
  }
}

/** Means over ten parts of a row of figures: growth shows from left to right. */
function tenths(figures: readonly number[]): number[] {
  return Array.from({ length: 10 }, (_, part) => {
    const slice = figures.slice((part * figures.length) / 10, ((part + 1) * figures.length) / 10)
    return Math.round(slice.reduce((sum, figure) => sum + figure, 0) / Math.max(1, slice.length))
  })
}

async function link(url: string, person: Person): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  await fetch(`${url}/devices`, { method: 'POST', headers, body: JSON.stringify({ device_id: 'main' }) })
  const login = await fetch(`${url}/devices/main/login`)
  const { results } = (await login.json()) as { results: { qr_code: string } } // our own gateway's answer
  await person.scanQr(results.qr_code)
  await person.hasClientOnline()
}
