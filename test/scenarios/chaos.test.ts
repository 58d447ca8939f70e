import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { type TestDatabase, testDialects } from '../../src/db/test-database.ts'
import { Crew, Endpoint, link, moods } from '../chaos-cast.ts'
import { ChildGateway } from '../child-gateway.ts'
import { openDatabaseView } from '../database-view.ts'
import { freePort } from '../free-port.ts'
import { eventually, TestWorld } from '../harness.ts'
import { PostgresServer } from '../postgres-server.ts'
import { randomOf } from '../random.ts'

/** How long everything goes wrong: 15 s in CI, `npm run chaos -- --minutes 30` at night. */
const chaosMs = Number(process.env['CHAOS_MINUTES'] ?? 0.25) * 60_000
const isLong = chaosMs > 60_000
const devices = Number(process.env['CHAOS_DEVICES'] ?? (isLong ? 10 : 3))
/** The instants are random; a failing run is repeated with its `SEED`. */
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
/** So long nothing may move while what piled up is delivered; how long all of it takes is the machine's affair. */
const standstillMs = 60_000
/** The longest peace between two troubles. */
const peaceMs = isLong ? 3_000 : 1_000

/** What goes wrong, as often as it is named in every round. */
const perRound = { kill: 2, disconnect: 2, duplicate: 2, reorder: 2, mood: 3, database: 1 }
type Trouble = keyof typeof perRound
const troubles = Object.entries(perRound).flatMap(
  ([trouble, times]) => Array.from({ length: times }, () => trouble as Trouble), // a key of it
)

describe.each(testDialects())('chaos (%s)', (dialect) => {
  let world: TestWorld | undefined
  let gateway: ChildGateway | undefined
  let postgres: PostgresServer | undefined
  let crews: Crew[] = []
  const receivers: Endpoint[] = []

  afterEach(async () => {
    await gateway?.end('SIGKILL')
    await Promise.allSettled(crews.map((crew) => crew.stop()))
    await Promise.all(receivers.splice(0).map(({ receiver }) => receiver.close()))
    await world?.close()
    await postgres?.stop()
    crews = []
    postgres = undefined
  })

  /** A server of its own, since it is going to be restarted. */
  async function openDatabase(): Promise<TestDatabase | undefined> {
    if (dialect === 'sqlite') return undefined
    postgres = await PostgresServer.start({ keepsCommits: true })
    return { uri: await postgres.createDatabase('chaos'), drop: async () => undefined }
  }

  it('loses nothing, doubles nothing, keeps order and sessions, whatever goes wrong', {
    timeout: 4 * chaosMs + 300_000,
  }, async () => {
    const random = randomOf(seed)
    const database = await openDatabase()
    world = await TestWorld.open(dialect, database === undefined ? {} : { database })
    const { simulator } = world
    for (const name of ['steady', 'moody', 'away']) receivers.push(new Endpoint(name, random))
    const urls = await Promise.all(receivers.map(({ receiver }) => receiver.listen()))
    const child = new ChildGateway({
      ...world.settings,
      APP_PORT: String(await freePort()),
      APP_LOG_LEVEL: 'error',
      WHATSAPP_WEBHOOK: urls.join(','),
      WHATSAPP_WEBHOOK_TIMEOUT: '2',
      WHATSAPP_WEBHOOK_RETRY_LONGEST: '2',
    })
    gateway = child
    await child.start()
    const [steady, moody, away] = receivers
    const log = () => child.output.slice(-4_000)
    for (let number = 0; number < devices; number += 1) {
      const owner = simulator.addPerson({ name: `Owner ${number}` })
      const contact = simulator.addPerson({ name: `Contact ${number}` })
      const group = simulator.addGroup({
        subject: `Group ${number}`,
        owner: contact,
        members: [owner, contact],
      })
      const device = `d${number}`
      await link(child.url, device, owner)
      const parts = { url: child.url, device, owner, contact, group, writeEveryMs: 12 * devices }
      crews.push(new Crew({ ...parts, delivered: () => steady?.count(device) ?? 0, log }))
    }
    if (away !== undefined) away.mood = 'down'

    const counts = { kill: 0, disconnect: 0, duplicate: 0, reorder: 0, mood: 0, database: 0 }
    const make: Record<Trouble, () => Promise<void> | void> = {
      kill: async () => {
        await child.end('SIGKILL')
        await child.start()
      },
      disconnect: () => simulator.dropConnections(),
      duplicate: () => simulator.faults.duplicateStanza({ count: 3 }),
      reorder: () => simulator.faults.reorder({ count: 2 }),
      mood: () => {
        if (moody !== undefined) moody.mood = pick(moods, random)
      },
      database: async () => {
        await postgres?.goDown({ dies: random() < 0.5 })
        await pause(random() * peaceMs)
        await postgres?.comeUp()
      },
    }
    const until = Date.now() + chaosMs
    let round: Trouble[] = []
    while (Date.now() < until && crews.every(({ failure }) => failure === null)) {
      await pause(200 + random() * peaceMs)
      if (round.length === 0) round = shuffled(troubles, random)
      const trouble = round.pop()
      if (trouble === undefined || (trouble === 'database' && postgres === undefined)) continue
      await make[trouble]()
      counts[trouble] += 1
    }
    simulator.faults.clear()
    for (const endpoint of receivers) endpoint.mood = 'good'
    for (const { parts } of crews) await parts.owner.hasClientOnline({ timeoutMs: 60_000 })
    await Promise.all(crews.map((crew) => crew.stop()))

    const written = crews.flatMap((crew) => crew.written)
    const drainedAt = Date.now()
    await untilDelivered(written, log)
    const stored = await storedTexts(world.settings['DB_URI'] ?? '')
    const figures = {
      seed,
      devices,
      ...counts,
      written: written.length,
      acknowledged: sum(crews, (crew) => crew.acknowledged.size),
      answers: Object.fromEntries(totals(crews.map(({ answers }) => answers))),
      drainedInSeconds: Math.round((Date.now() - drainedAt) / 1000),
      lost: sum(crews, (crew) => crew.lostSends().length),
      notStored: written.filter((text) => !stored.has(text)).length,
      doubledSends: sum(crews, (crew) => crew.doubledSends().length),
      doubledRows: [...stored.values()].filter((rows) => rows > 1).length,
      doubledIds: sum(receivers, (endpoint) => endpoint.doubled),
      outOfOrder: sum(receivers, (endpoint) => endpoint.outOfOrder),
      brokenSessions: sum(crews, (crew) => crew.retries()),
    }
    process.stdout.write(`chaos ${dialect}: ${JSON.stringify(figures)}\n`)
    expect(figures).toMatchObject({
      lost: 0,
      notStored: 0,
      doubledSends: 0,
      doubledRows: 0,
      doubledIds: 0,
      outOfOrder: 0,
      brokenSessions: 0,
    })
    expect(figures.acknowledged).toBeGreaterThan(0)
    expect(written.length).toBeGreaterThan(devices)
  })

  /** Resolves when every endpoint has everything; rejects when nothing came for a minute and something is missing. */
  async function untilDelivered(written: readonly string[], log: () => string): Promise<void> {
    const missingOf = (endpoint: Endpoint) => written.filter((text) => !endpoint.has(text))
    const isMissing = (endpoint: Endpoint) => written.length > endpoint.count()
    let least = Infinity
    let movedAt = Date.now()
    await eventually(
      `everything written at every endpoint (seed ${seed})`,
      () => {
        // By number first: to look for every text takes the machine from those who deliver.
        const count = sum(receivers, (endpoint) =>
          isMissing(endpoint) ? written.length - endpoint.count() : missingOf(endpoint).length,
        )
        if (count < least) movedAt = Date.now()
        least = Math.min(least, count)
        if (Date.now() - movedAt > standstillMs) throw new Error(standstill(receivers, missingOf, log()))
        return count === 0 || undefined
      },
      undefined,
      Infinity,
    )
  }

  /** How many rows the gateway's own database has for each text that was received. */
  async function storedTexts(uri: string): Promise<Map<string, number>> {
    const view = await openDatabaseView(dialect, uri)
    try {
      const rows = await view.rows(
        'select content, count(*) as many from messages where is_from_me = 0 group by content',
      )
      return new Map(rows.map(({ content, many }) => [String(content), Number(many)]))
    } finally {
      await view.close()
    }
  }
})

/** What is missing where, by chat, for whoever has to find out why. */
function standstill(
  receivers: readonly Endpoint[],
  missingOf: (endpoint: Endpoint) => string[],
  log: string,
): string {
  const lines = receivers.map((endpoint) => {
    const missing = missingOf(endpoint)
    return `${endpoint.name}: ${missing.length}, as ${missing.slice(0, 10).join(', ')}`
  })
  return [`nothing was delivered for a minute (seed ${seed}); missing:`, ...lines, log].join('\n')
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0)
}

function totals(maps: readonly ReadonlyMap<number, number>[]): Map<number, number> {
  const total = new Map<number, number>()
  for (const [key, count] of maps.flatMap((map) => [...map])) total.set(key, (total.get(key) ?? 0) + count)
  return total
}

function pick<T>(choices: readonly [T, ...T[]], random: () => number): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0]
}

function shuffled<T>(all: readonly T[], random: () => number): T[] {
  return all
    .map((one) => ({ one, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one)
}
