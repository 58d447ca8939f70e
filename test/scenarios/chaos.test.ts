import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Group, Person } from '@gatewa/simulator'
import { afterEach, describe, expect, it } from 'vitest'
import { testDialects } from '../../src/db/test-database.ts'
import { WebhookReceiver } from '../../src/features/webhooks/webhook-receiver.ts'
import { ChildGateway, freePort } from '../child-gateway.ts'
import { eventually, TestWorld } from '../harness.ts'

/** How long everything goes wrong: 15 s in CI, `npm run chaos -- --minutes 30` at night. */
const chaosMs = Number(process.env['CHAOS_MINUTES'] ?? 0.25) * 60_000
const devices = Number(process.env['CHAOS_DEVICES'] ?? (chaosMs > 60_000 ? 10 : 3))
/** The instants are random; a failing run is repeated with its `SEED`. */
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
/** How long what piled up may take to be delivered. */
const drainMs = 60_000 + chaosMs

describe.each(testDialects())('chaos (%s)', (dialect) => {
  let world: TestWorld | undefined
  let gateway: ChildGateway | undefined
  let crews: Crew[] = []
  const receivers: Endpoint[] = []

  afterEach(async () => {
    await Promise.all(crews.map((crew) => crew.stop()))
    await gateway?.end('SIGKILL')
    await Promise.all(receivers.splice(0).map(({ receiver }) => receiver.close()))
    await world?.close()
    crews = []
  })

  it('loses nothing, doubles nothing, keeps order and sessions, whatever goes wrong', {
    timeout: chaosMs + drainMs + 60_000,
  }, async () => {
    const random = randomOf(seed)
    world = await TestWorld.open(dialect)
    const { simulator } = world
    for (const name of ['steady', 'moody', 'away']) receivers.push(new Endpoint(name, random))
    const urls = await Promise.all(receivers.map(({ receiver }) => receiver.listen()))
    gateway = new ChildGateway({
      ...world.settings,
      APP_PORT: String(await freePort()),
      APP_LOG_LEVEL: 'error',
      WHATSAPP_WEBHOOK: urls.join(','),
      WHATSAPP_WEBHOOK_TIMEOUT: '2',
      WHATSAPP_WEBHOOK_RETRY_LONGEST: '2',
    })
    await gateway.start()
    for (let number = 0; number < devices; number += 1) {
      const owner = simulator.addPerson({ name: `Owner ${number}` })
      const contact = simulator.addPerson({ name: `Contact ${number}` })
      const group = simulator.addGroup({
        subject: `Group ${number}`,
        owner: contact,
        members: [owner, contact],
      })
      await link(gateway.url, `d${number}`, owner)
      crews.push(new Crew({ url: gateway.url, device: `d${number}`, owner, contact, group }))
    }
    const [, moody, away] = receivers
    if (away !== undefined) away.mood = 'down'

    const troubles = { kills: 0, disconnects: 0, duplicated: 0, reordered: 0, outages: 0 }
    const until = Date.now() + chaosMs
    while (Date.now() < until) {
      await pause(200 + random() * 800)
      const dice = random()
      if (dice < 0.25) {
        await gateway.end('SIGKILL')
        await gateway.start()
        troubles.kills += 1
      } else if (dice < 0.45) {
        simulator.dropConnections()
        troubles.disconnects += 1
      } else if (dice < 0.6) {
        simulator.faults.duplicateStanza({ count: 3 })
        troubles.duplicated += 3
      } else if (dice < 0.75) {
        simulator.faults.reorder({ count: 2 })
        troubles.reordered += 2
      } else if (moody !== undefined) {
        moody.mood = pick(['good', 'down', 'slow', 'lying'] as const, random)
        troubles.outages += 1
      }
    }
    simulator.faults.clear()
    for (const endpoint of receivers) endpoint.mood = 'good'
    for (const { owner } of crews.map(({ parts }) => parts))
      await owner.hasClientOnline({ timeoutMs: 30_000 })
    await Promise.all(crews.map((crew) => crew.stop()))

    const written = crews.flatMap((crew) => crew.written)
    const missing = () =>
      receivers.flatMap((endpoint) => {
        const seen = endpoint.account()
        return written.filter((text) => !seen.ids.has(text)).map((text) => `${endpoint.name}: ${text}`)
      })
    await eventually(
      `everything written at every endpoint (seed ${seed})`,
      () => missing().length === 0 || undefined,
      () => ({
        missing: missing().slice(0, 20),
        count: missing().length,
        log: gateway?.output.slice(-4_000),
      }),
      drainMs,
    )
    const figures = {
      seed,
      ...troubles,
      written: written.length,
      acknowledged: sum(crews, (crew) => crew.acknowledged.size),
      lost: sum(crews, (crew) => crew.lostSends().length),
      doubledSends: sum(crews, (crew) => crew.doubledSends().length),
      doubledIds: sum(receivers, (endpoint) => endpoint.account().doubled),
      outOfOrder: sum(receivers, (endpoint) => endpoint.account().outOfOrder),
      brokenSessions: sum(crews, (crew) => crew.retries()),
    }
    process.stdout.write(`chaos ${dialect}: ${JSON.stringify(figures)}\n`)
    expect(figures).toMatchObject({
      lost: 0,
      doubledSends: 0,
      doubledIds: 0,
      outOfOrder: 0,
      brokenSessions: 0,
    })
    expect(figures.acknowledged).toBeGreaterThan(0)
    expect(written.length).toBeGreaterThan(devices)
  })
})

/** A receiver with moods, that keeps account of what it has confirmed. */
class Endpoint {
  readonly receiver = new WebhookReceiver()
  readonly name: string
  mood: 'good' | 'down' | 'slow' | 'lying' = 'good'
  readonly #ids = new Map<string, Set<string>>()
  readonly #lastSeq = new Map<string, number>()
  readonly #known = new Set<string>()
  #outOfOrder = 0

  constructor(name: string, random: () => number) {
    this.name = name
    this.receiver.respond = ({ headers, text }, response) => {
      const id = String(headers['x-gatewa-event-id'])
      // Confirmed, but the confirmation may get lost on the way: the event comes again under its id.
      const take = (end: (reply: ServerResponse) => void) => {
        this.#take(id, Number(headers['x-gatewa-event-seq']), text)
        end(response)
      }
      if (this.mood === 'down') response.writeHead(503).end()
      else if (this.mood === 'slow') void pause(random() * 1500).then(() => take((late) => late.end()))
      else if (this.mood === 'lying' && random() < 0.5) take((gone) => gone.destroy())
      else take((good) => good.end())
      // Everything is in the account; the bodies of a long run would fill the memory.
      this.receiver.received.length = 0
    }
  }

  account() {
    const doubled = [...this.#ids.values()].filter((ids) => ids.size > 1).length
    return { ids: this.#ids, doubled, outOfOrder: this.#outOfOrder }
  }

  #take(id: string, seq: number, text: string): void {
    if (this.#known.has(id)) return
    this.#known.add(id)
    const { event, session_id: device, payload } = JSON.parse(text) as Told // our own gateway's
    const lane = `${device} ${payload.chat_id ?? 'device'}`
    if (seq < (this.#lastSeq.get(lane) ?? 0)) this.#outOfOrder += 1
    this.#lastSeq.set(lane, Math.max(seq, this.#lastSeq.get(lane) ?? 0))
    if (event !== 'message' || payload.body === undefined) return
    this.#ids.set(payload.body, (this.#ids.get(payload.body) ?? new Set()).add(id))
  }
}

interface Told {
  readonly event: string
  readonly session_id: string
  readonly payload: { readonly body?: string; readonly chat_id?: string }
}

/** One device's two-way traffic, which goes on over the gateway's deaths, and its account. */
class Crew {
  readonly written: string[] = []
  readonly acknowledged = new Set<string>()
  readonly parts: { url: string; device: string; owner: Person; contact: Person; group: Group }
  readonly #running: Promise<unknown>
  #isStopped = false

  constructor(parts: Crew['parts']) {
    this.parts = parts
    this.#running = Promise.all([this.#write(), this.#send()])
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running
  }

  /** Sends that WhatsApp had acknowledged and the phone never got. */
  lostSends(): string[] {
    const arrived = new Set(this.parts.contact.inbox.map(({ text }) => text))
    return [...this.acknowledged].filter((text) => !arrived.has(text))
  }

  /** Sends that the phone got as two messages. */
  doubledSends(): string[] {
    const ids = Map.groupBy(this.parts.contact.inbox, ({ text }) => text)
    return [...ids].filter(([, all]) => new Set(all.map(({ id }) => id)).size > 1).map(([text]) => text)
  }

  /** A session that broke shows as a request to send again, by the phone or by us. */
  retries(): number {
    const { contact } = this.parts
    return contact.retriesAsked + contact.log.receipts.filter(({ type }) => type === 'retry').length
  }

  async #write(): Promise<void> {
    const { device, owner, contact, group } = this.parts
    for (let number = 0; !this.#isStopped; number += 1) {
      const text = `${device} in ${number}`
      await contact.sendText(number % 3 === 0 ? group : owner, text)
      this.written.push(text)
      await pause(30)
    }
  }

  async #send(): Promise<void> {
    const { device, contact, group } = this.parts
    for (let number = 0; !this.#isStopped; number += 1) {
      const text = `${device} out ${number}`
      const status = await this.#untilAnswered(number % 3 === 0 ? group.jid : contact.jid, text)
      if (status === 200) this.acknowledged.add(text)
      await pause(50)
    }
  }

  /** As a careful client does it: the same key until there is an answer that says what became of the message. */
  async #untilAnswered(phone: string, message: string): Promise<number> {
    const { url, device } = this.parts
    for (;;) {
      const answer = await fetch(`${url}/send/message`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-device-id': device, 'idempotency-key': message },
        body: JSON.stringify({ phone, message }),
      }).catch(() => null)
      const status = answer?.status ?? 0
      const text = (await answer?.text().catch(() => '')) ?? ''
      if (status === 200 || status === 504) return status
      if (status !== 0 && status !== 401 && status !== 409 && status !== 503)
        throw new Error(`answered ${status}: ${text}`)
      await pause(30)
    }
  }
}

async function link(url: string, device: string, person: Person): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  await fetch(`${url}/devices`, { method: 'POST', headers, body: JSON.stringify({ device_id: device }) })
  const login = await fetch(`${url}/devices/${device}/login`)
  const { results } = (await login.json()) as { results: { qr_code: string } } // our own gateway's answer
  await person.scanQr(results.qr_code)
  await person.hasClientOnline()
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0)
}

function pick<T>(choices: readonly [T, ...T[]], random: () => number): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0]
}

/** A small generator of numbers in [0, 1) that a seed repeats (mulberry32). */
function randomOf(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
