import { afterEach, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import type { DeviceId } from '../../core/ids.ts'
import { silentLogger } from '../../core/logger.ts'
import type { OpenDatabase } from '../../db/open-database.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { addDevice, anEvent, countDeliveries } from '../../outbox/outbox-fixtures.ts'
import { OutboxRelay } from '../../outbox/outbox-relay.ts'
import { SqlOutbox } from '../../outbox/outbox-store.ts'
import { WebhookEndpoints } from './webhook-endpoints.ts'
import { type ReceivedWebhook, WebhookReceiver } from './webhook-receiver.ts'
import { WebhookTransport } from './webhook-transport.ts'

describeEachDialect('webhooks, from the commit to the receiver', (open) => {
  let database: OpenDatabase
  let device: DeviceId
  let receivers: WebhookReceiver[]
  let urls: string[]

  beforeEach(async () => {
    database = await open()
    device = await addDevice(database)
    receivers = [new WebhookReceiver(), new WebhookReceiver()]
    urls = await Promise.all(receivers.map((receiver) => receiver.listen()))
  })
  afterEach(async () => {
    await Promise.all(receivers.map((receiver) => receiver.close()))
  })

  /** One life of the gateway, as far as webhooks go. */
  const startDelivering = async () => {
    const transport = new WebhookTransport({ timeoutMs: 300 })
    const endpoints = new WebhookEndpoints({
      ...database,
      clock: systemClock,
      logger: silentLogger,
      transport,
      settings: {
        urls,
        secret: 'key',
        insecureSkipVerify: false,
        events: [],
        ignoreJids: [],
        includeOutgoing: true,
        headers: {},
        format: 'plain',
        whenGone: 'retry',
      },
      retries: { firstDelayMs: 2 },
    })
    await endpoints.start()
    const relay = new OutboxRelay({ ...database, clock: systemClock, logger: silentLogger })
    const outbox = new SqlOutbox({ endpoints, clock: systemClock, onWake: () => relay.wake() })
    relay.start(endpoints.sinks())
    const end = async (graceMs: number) => {
      await relay.stop(graceMs)
      await transport.close()
    }
    return { outbox, end }
  }

  const append = (outbox: SqlOutbox, from: number, count: number) =>
    Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const number = from + index
        const lane = `chat-${number % 6}`
        await database.inTransaction((tx) => outbox.append(tx, device, anEvent({ lane })))
        outbox.wake()
      }),
    )

  it('reaches each receiver in order and without loss, whatever the receivers do and however often the gateway restarts', async () => {
    const accepted = receivers.map((receiver, index) => {
      const taken: ReceivedWebhook[] = []
      const random = pseudoRandom(11 + index)
      receiver.respond = (webhook, response) => {
        const dice = random()
        if (dice < 0.1) response.writeHead(503).end()
        else if (dice < 0.2) response.destroy()
        else {
          taken.push(webhook)
          response.end()
        }
      }
      return taken
    })
    let sent = 0
    for (const graceMs of [5000, 0, 5000]) {
      const life = await startDelivering()
      await append(life.outbox, sent, 40)
      sent += 40
      const enough = sent - 25
      await receivers[0]?.until(() => distinct(accepted[0] ?? []).length >= enough)
      await life.end(graceMs)
    }
    const life = await startDelivering()
    for (const [index, receiver] of receivers.entries()) {
      await receiver.until(() => distinct(accepted[index] ?? []).length === sent)
    }
    await life.end(5000)

    const log = await database.db.selectFrom('events').select(['id', 'lane']).orderBy('seq').execute()
    const laneOf = new Map(log.map(({ id, lane }) => [id, lane]))
    const idsByLane = Map.groupBy(
      log.map(({ id }) => id),
      (id) => laneOf.get(id),
    )
    for (const taken of accepted) {
      expect(Map.groupBy(distinct(taken).map(idOf), (id) => laneOf.get(id))).toEqual(idsByLane)
      // Only what was under way when a life was cut short may have come twice: one per chat and that chat's unnoted one.
      expect(taken.length - sent).toBeLessThanOrEqual(12)
    }
    expect(await countDeliveries(database)).toEqual({ delivered: 2 * sent })
  })

  it('goes on with one receiver while another never answers', async () => {
    const [silent, healthy] = receivers
    if (silent !== undefined) silent.respond = () => undefined
    const life = await startDelivering()
    await append(life.outbox, 0, 60)
    await healthy?.until((received) => received.length === 60)
    await life.end(5000)
    expect(await countDeliveries(database)).toEqual({ delivered: 60, pending: 60 })
  })
})

/** The first of each event id. */
function distinct(webhooks: readonly ReceivedWebhook[]): ReceivedWebhook[] {
  const byId = new Map<string, ReceivedWebhook>()
  for (const webhook of webhooks) {
    if (!byId.has(idOf(webhook))) byId.set(idOf(webhook), webhook)
  }
  return [...byId.values()]
}

const idOf = (webhook: ReceivedWebhook) => String(webhook.headers['x-gatewa-event-id'])

/** A small generator with a seed, so that a failure can be repeated. */
function pseudoRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}
