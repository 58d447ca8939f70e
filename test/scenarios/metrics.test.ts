import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { type CatalogueEntry, catalogue, processMetrics } from '../../src/metrics/metric-catalogue.ts'
import { eventually, type Gateway } from '../harness.ts'
import { messageIdOf, resultsOf, scenario } from '../scenario.ts'
import { readScrape, type ScrapedMetric } from '../scrape.ts'

const entries: readonly CatalogueEntry[] = Object.values(catalogue)
type Scrape = ReadonlyMap<string, ScrapedMetric>

/** Scrapes, and remembers what ever differed from the first time. */
class Watcher {
  readonly moved = new Set<string>()
  last = ''
  readonly #gateway: Gateway
  #first: Scrape | null = null

  constructor(gateway: Gateway) {
    this.#gateway = gateway
  }

  async scrape(): Promise<Scrape> {
    const { status, text } = await this.#gateway.call('GET', '/metrics')
    expect(status, text).toBe(200)
    this.last = text
    const now = readScrape(text)
    this.#first ??= now
    for (const { name, series } of now.values()) {
      const before = this.#first.get(name)?.series
      if ([...series].some(([key, value]) => before?.get(key) !== value)) this.moved.add(name)
    }
    return now
  }

  /** Waits until a scrape shows a series at a value. */
  async until(series: string, test: (value: number) => boolean): Promise<void> {
    await eventually(
      series,
      async () => {
        const name = series.replace(/\{.*/, '')
        const value = [...(await this.scrape()).values()].find((metric) =>
          name.startsWith(metric.name),
        )?.series
        return test(value?.get(series) ?? Number.NaN) || undefined
      },
      () => this.last,
    )
  }
}

describe('GET /metrics', () => {
  scenario(
    'moves every metric that docs/metrics.md lists, and tells of nobody',
    async (stage) => {
      const { world, gateway } = stage
      const watcher = new Watcher(gateway)
      const first = await watcher.scrape()
      expect([...first.keys()].filter((name) => name.startsWith('gatewa_'))).toEqual(
        entries.map(({ name }) => name),
      )

      const { ada, bo } = await stage.linkedPair('shop')
      await watcher.until('gatewa_devices{state="open"}', (value) => value === 1)
      await watcher.until('gatewa_device_connected{device="shop"}', (value) => value === 1)
      const sent = messageIdOf(await gateway.sendText('shop', bo.phone, 'hello'))
      world.simulator.faults.refuseWith(463)
      await gateway.sendText('shop', bo.phone, 'refused')
      await watcher.until('gatewa_sends_total{kind="text",outcome="accepted"}', (value) => value === 1)
      await watcher.until('gatewa_sends_total{kind="text",outcome="refused"}', (value) => value === 1)

      const broken = await bo.sendUndecryptable(ada, 'broken')
      await bo.getsReceipt(broken, 'retry')
      await world.nextEvent('message', ({ payload }) => payload.body === 'broken')
      await watcher.until('gatewa_decrypt_failures_total{}', (value) => value >= 1)
      await watcher.until(
        'gatewa_messages_received_total{origin="contact",type="conversation"}',
        (value) => value === 1,
      )

      const { socket } = await gateway.socket('shop')
      await watcher.until('gatewa_websockets{}', (value) => value === 1)
      const following = new AbortController()
      const stream = fetch(`${gateway.url}/events`, {
        headers: { accept: 'text/event-stream' },
        signal: following.signal,
      })
      await stream
      await watcher.until('gatewa_event_followers{}', (value) => value === 1)
      following.abort()
      socket.close()

      // An endpoint that is gone, and one that does not work while a message comes.
      const hook = world.settings['WHATSAPP_WEBHOOK'] ?? ''
      const made = await gateway.call('POST', '/devices/shop/webhooks', {
        body: { url: `${hook}/gone`, events: ['message'], when_gone: 'drop' },
      })
      const { id } = resultsOf<{ id: string }>(made)
      const answer = world.webhooks.respond
      world.webhooks.respond = ({ path }, response) => {
        response.statusCode = path.endsWith('/gone') ? 410 : 500
        response.end()
      }
      await bo.sendText(ada, 'nobody takes it')
      await watcher.until(`gatewa_webhook_events_given_up_total{endpoint="${id}"}`, (value) => value === 1)
      await eventually('a backlog', async () => {
        const backlog = (await watcher.scrape()).get('gatewa_webhook_backlog')?.series
        return [...(backlog?.values() ?? [])].some((value) => value > 0) || undefined
      })
      await eventually(
        'an age',
        async () =>
          (await watcher.scrape()) && (watcher.moved.has('gatewa_webhook_backlog_age_seconds') || undefined),
      )
      world.webhooks.respond = answer

      // What is at work only for moments is looked at until it is seen.
      const bytes = await sharp(randomBytes(3 * 2000 * 2000), {
        raw: { width: 2000, height: 2000, channels: 3 },
      })
        .jpeg()
        .toBuffer()
      await whileDoing(watcher, 'gatewa_media_conversions', async () => {
        const form = new FormData()
        form.set('phone', bo.phone)
        form.set('image', new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), 'a.jpg')
        await fetch(`${gateway.url}/send/image`, {
          method: 'POST',
          headers: { 'x-device-id': 'shop' },
          body: form,
        })
      })
      await whileDoing(watcher, 'gatewa_unsettled_stanzas', async () => {
        for (let number = 0; number < 20; number += 1) await bo.sendText(ada, `many ${number}`)
      })

      await gateway.call('GET', '/nothing/15550100')
      await gateway.call('POST', '/devices/shop/reconnect')
      await watcher.until('gatewa_connection_closes_total{reason="closed-by-us"}', (value) => value === 1)
      const last = await watcher.scrape()
      expect(entries.map(({ name }) => name).filter((name) => !watcher.moved.has(name))).toEqual([
        'gatewa_info',
      ])
      const requests = last.get('gatewa_http_requests_total')?.series
      expect(requests?.get('gatewa_http_requests_total{method="GET",route="none",status="404"}')).toBe(1)
      for (const { phone, lid, jid } of [ada, bo]) {
        for (const secret of [phone, lid, jid]) expect(watcher.last).not.toContain(secret)
      }
      for (const secret of [sent, 'http:', '127.0.0.1', 'hello']) expect(watcher.last).not.toContain(secret)
    },
    { settings: { APP_METRICS_DEVICES: 'true' }, timeoutMs: 90_000 },
  )

  scenario('names no device unless told to', async (stage) => {
    await stage.gateway.addSlot('a-device')
    const { text } = await stage.gateway.call('GET', '/metrics')
    expect(readScrape(text).get('gatewa_device_connected')?.series.size).toBe(0)
    expect(text).not.toContain('a-device')
  })

  scenario(
    'answers a basic credential and a key that may read, and nobody else',
    async (stage) => {
      const gateway = await stage.start({ APP_BASIC_AUTH: 'u:p' })
      const operator = { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` }
      const key = async (scope: string) => {
        const made = await gateway.call('POST', '/keys', {
          body: { name: 'a key', scopes: [scope] },
          headers: operator,
        })
        return { authorization: `Bearer ${resultsOf<{ key: string }>(made).key}` }
      }
      const status = async (headers: Record<string, string>) =>
        (await gateway.call('GET', '/metrics', { headers })).status
      expect(await status(operator)).toBe(200)
      expect(await status(await key('read'))).toBe(200)
      expect(await status(await key('send'))).toBe(403)
      expect(await status({})).toBe(401)
      const open = await stage.restart({ APP_BASIC_AUTH: 'u:p', APP_METRICS_PUBLIC: 'true' })
      expect((await open.call('GET', '/metrics')).status).toBe(200)
      expect((await open.call('GET', '/devices')).status).toBe(401)
    },
    { startsGateway: false },
  )
})

describe('docs/metrics.md', () => {
  it('lists what a scrape has, and no more', async () => {
    const { Registry, collectDefaultMetrics } = await import('prom-client')
    const register = new Registry()
    collectDefaultMetrics({ register })
    expect((await register.getMetricsAsJSON()).map(({ name }) => name)).toEqual(processMetrics)
    const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
    const listed = [...page.matchAll(/^(?:\| |- )`(\w+)`/gm)].map(([, name]) => name)
    expect(listed).toEqual([...entries.map(({ name }) => name), ...processMetrics])
  })
})

/** Does something again and again, scraping meanwhile, until a metric has moved. */
async function whileDoing(watcher: Watcher, metric: string, work: () => Promise<void>): Promise<void> {
  await eventually(metric, async () => {
    let isOver = false
    const working = work().finally(() => {
      isOver = true
    })
    while (!isOver && !watcher.moved.has(metric)) await watcher.scrape()
    await working
    return watcher.moved.has(metric) || undefined
  })
}
