import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { expect, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { changeDatabase } from '../database-view.ts'
import { eventually, type Frame } from '../harness.ts'
import { resultsOf, scenario } from '../scenario.ts'

interface LoggedEvent {
  readonly cursor: string
  readonly id: string
  readonly seq: number
  readonly event: string
  readonly body: { readonly payload: { readonly id?: string; readonly body?: string } }
}

interface Page {
  readonly data: readonly LoggedEvent[]
  readonly next: string
  readonly has_more: boolean
  readonly gap?: unknown
}

/** Opens a stream of Server-Sent Events; `events` grows as they come. */
function stream(url: string, headers: Record<string, string> = {}) {
  const events: LoggedEvent[] = []
  const gaps: unknown[] = []
  let isEnded = false
  let rest = ''
  const request = get(url, { headers: { accept: 'text/event-stream', ...headers } }, (response) => {
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (data === undefined) continue
        if (/^event: gap$/m.test(block)) gaps.push(JSON.parse(data))
        else events.push(JSON.parse(data) as LoggedEvent) // our own gateway's
      }
    })
    response.on('close', () => {
      isEnded = true
    })
  })
  request.on('error', () => {
    isEnded = true
  })
  onTestFinished(() => void request.destroy())
  return { events, gaps, end: () => request.destroy(), hasEnded: () => isEnded }
}

const bodies = (events: readonly LoggedEvent[]) => events.map(({ body }) => body.payload.body)

scenario(
  'the event log is read in pages and followed from any place, over HTTP and WebSocket',
  async (stage) => {
    const { gateway, world } = stage
    const { ada, bo } = await stage.linkedPair()
    for (const text of ['one', 'two', 'three']) await bo.sendText(ada, text)
    await eventually('three messages', () => (world.events('message').length === 3 ? true : undefined))
    const page = async (query: string) => resultsOf<Page>(await gateway.call('GET', `/events?${query}`))

    const first = await page('events=message&limit=2')
    expect(bodies(first.data)).toEqual(['one', 'two'])
    expect(first.has_more).toBe(true)
    const second = await page(`events=message&limit=2&after=${first.next}`)
    expect(bodies(second.data)).toEqual(['three'])
    expect(second.has_more).toBe(false)
    expect((await page(`events=message&after=${second.next}`)).data).toEqual([])
    const nothing = await page('events=device.restricted')
    expect(nothing.data).toEqual([])
    expect(Number(nothing.next)).toBeGreaterThanOrEqual(Number(second.next))
    expect((await page('events=group.*,message.*')).data.map(({ event }) => event)).toContain('message')
    const unknown = await gateway.call('GET', '/events?events=message,mesage')
    expect([unknown.status, JSON.stringify(unknown.json)]).toEqual([
      400,
      expect.stringContaining('must be kinds of events') as string,
    ])
    expect(bodies((await page(`events=message&after=${first.data[0]?.id}`)).data)).toEqual(['two', 'three'])
    expect((await page('device_id=other')).data).toEqual([])
    const named = async (header: string, query = '') =>
      resultsOf<Page>(
        await gateway.call('GET', `/events?events=message${query}`, { headers: { 'x-device-id': header } }),
      ).data.length
    expect(await Promise.all([named('other'), named('m%61in'), named(ada.jid)])).toEqual([0, 3, 3])
    // The query says it more closely: a header may be set for all that a client asks.
    expect(await Promise.all([named('other', '&device_id=main'), named('main', '&device_id=other')])).toEqual(
      [3, 0],
    )
    const all = (await page('limit=1000')).data
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1))
    expect((await gateway.call('GET', '/events?after=01JUNKNOWNEVENT')).status).toBe(404)
    for (const query of ['events=mesage', `events=&after=${'x'.repeat(41)}`]) {
      const [refusal] = (await once(
        new WebSocket(`${gateway.url.replace('http', 'ws')}/ws?device_id=main&${query}`),
        'unexpected-response',
      ).then(([, response]) => [response])) as [IncomingMessage] // what ws gives with that event
      expect(refusal.statusCode, query).toBe(400)
    }

    const live = stream(`${gateway.url}/events?events=message`)
    const elsewhere = stream(`${gateway.url}/events?events=message&after=0`, { 'x-device-id': 'other' })
    const resumed = stream(`${gateway.url}/events?events=message`, { 'last-event-id': first.next })
    await eventually('what was missed', () => (resumed.events.length === 1 ? true : undefined))
    const socket = new WebSocket(
      `${gateway.url.replace('http', 'ws')}/ws?device_id=main&events=message&after=${first.next}`,
    )
    onTestFinished(() => socket.terminate())
    const frames: Frame[] = []
    socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as Frame)) // our own gateway's frames
    const plain = await gateway.socket('main')
    await eventually('the missed frame', () => (frames.length === 1 ? true : undefined))

    await bo.sendText(ada, 'four')
    await eventually('the live event', () => (live.events.length === 1 ? true : undefined))
    await eventually('the resumed event', () => (resumed.events.length === 2 ? true : undefined))
    await eventually('the live frame', () => (frames.length === 2 ? true : undefined))
    expect(bodies(live.events)).toEqual(['four'])
    expect(elsewhere.events).toEqual([])
    expect(bodies(resumed.events)).toEqual(['three', 'four'])
    expect(frames.map(({ code, message }) => [code, message])).toEqual([
      ['EVENT', 'message'],
      ['EVENT', 'message'],
    ])
    expect(frames[1]?.result).toEqual(live.events[0])
    expect(plain.frames).toEqual([])

    await gateway.stop()
    await eventually('the end of the stream', () => (live.hasEnded() ? true : undefined))
  },
)

scenario('who comes back after events were deleted for their age is told so', async (stage) => {
  const { gateway, world } = stage
  const { ada, bo } = await stage.linkedPair()
  await bo.sendText(ada, 'too old')
  await world.nextEvent('message')
  const page = async (query: string) => resultsOf<Page>(await gateway.call('GET', `/events?${query}`))
  const { next } = await page('limit=1000')
  const before = String(Number(next) - 1)
  // As the sweep leaves it.
  await changeDatabase(
    stage.dialect,
    world.settings['DB_URI'] ?? '',
    `delete from events where position <= ${next};
     insert into settings (name, value, updated_at) values ('events_deleted_to', '${next}', 0)`,
  )
  await bo.sendText(ada, 'new')
  await world.nextEvent('message', ({ payload }) => payload.body === 'new')

  const gap = { after: before, deleted_to: next }
  const late = await page(`events=message&after=${before}`)
  expect([bodies(late.data), late.gap]).toEqual([['new'], gap])
  for (const query of [`after=${next}`, `after=${late.next}`, 'limit=1']) {
    expect(await page(query), query).not.toHaveProperty('gap')
  }

  const inTime = stream(`${gateway.url}/events?after=${next}`)
  const tooLate = stream(`${gateway.url}/events`, { 'last-event-id': before })
  const frames = async (after: string) => {
    const url = `${gateway.url.replace('http', 'ws')}/ws?device_id=main&events=message&after=${after}`
    const socket = new WebSocket(url)
    onTestFinished(() => socket.terminate())
    const found: Frame[] = []
    socket.on('message', (data: Buffer) => found.push(JSON.parse(data.toString()) as Frame)) // our own gateway's frames
    await eventually('the event', () => (found.at(-1)?.code === 'EVENT' ? true : undefined))
    return found
  }
  expect((await frames(next)).map(({ code }) => code)).toEqual(['EVENT'])
  expect((await frames(before))[0]).toEqual({
    code: 'EVENTS_GAP',
    message: 'events behind this place were deleted for their age',
    result: gap,
  })
  await eventually('the streams', () => (inTime.events.length * tooLate.events.length > 0 ? true : undefined))
  expect([inTime.gaps, tooLate.gaps]).toEqual([[], [gap]])
})

scenario(
  'a page of another origin follows the events of a gateway that lets it in',
  async ({ gateway }) => {
    const ended = new AbortController()
    onTestFinished(() => ended.abort())
    const answer = await fetch(`${gateway.url}/events`, {
      headers: {
        accept: 'text/event-stream',
        authorization: `Basic ${btoa('ana:secret')}`,
        origin: 'https://dash.example',
      },
      signal: ended.signal,
    })
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('x-request-id')).not.toBeNull()
    await answer.body?.cancel()
  },
  { settings: { APP_BASIC_AUTH: 'ana:secret' } },
)
