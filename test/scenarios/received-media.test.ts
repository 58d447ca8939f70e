import { createHash, randomBytes } from 'node:crypto'
import type { MediaToSend, SentMessage } from '@gatewa/simulator'
import { describe, expect, onTestFinished } from 'vitest'
import { eventually, type WebhookEvent } from '../harness.ts'
import { resultsOf, type Stage, scenario } from '../scenario.ts'

interface Download {
  readonly data: string
  readonly mime_type: string
  readonly file_size: number
  readonly file_name: string
  readonly file_path: string
  readonly file_url: string
  readonly media_type: string
}

/** A small file of any kind. */
function aFile(overrides: Partial<MediaToSend> = {}): MediaToSend & { bytes: Buffer } {
  return { type: 'image', bytes: randomBytes(40_000), mimeType: 'image/jpeg', ...overrides }
}

const kinds: readonly MediaToSend[] = [
  aFile({ caption: 'look' }),
  aFile({ type: 'video', mimeType: 'video/mp4', caption: 'and listen' }),
  aFile({ type: 'video_note', mimeType: 'video/mp4' }),
  aFile({ type: 'audio', mimeType: 'audio/ogg; codecs=opus', isVoice: true }),
  aFile({ type: 'document', mimeType: 'application/pdf', fileName: 'offer.pdf' }),
  aFile({ type: 'sticker', mimeType: 'image/webp' }),
]

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Bytes behind a path that an event or answer names. */
async function fetchPath(stage: Stage, path: string): Promise<Buffer> {
  const answer = await fetch(`${stage.gateway.url}/${path}`)
  expect(answer.status).toBe(200)
  return Buffer.from(await answer.arrayBuffer())
}

function pathIn(event: WebhookEvent, kind: string): string {
  const value = event.payload[kind] as string | { path: string } | undefined // as docs/events.md has it
  return typeof value === 'object' ? value.path : (value ?? '')
}

describe('media that arrives', () => {
  scenario('is fetched by itself, and its event tells where it is served', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    for (const media of kinds) {
      const { id } = await bo.sendMedia(ada, media)
      const event = await stage.world.nextEvent('message', ({ payload }) => payload.id === id)
      const served = await fetchPath(stage, pathIn(event, media.type))
      expect(served.equals(media.bytes), media.type).toBe(true)
      expect(event.payload.body).toBe(media.caption)
    }
  })

  scenario('above the buttons of an interactive message is named among its media', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const media = aFile()
    const sent = await bo.sendButtons(ada, { text: 'Pick one', buttons: ['Yes', 'No'], media })
    const { payload } = await stage.world.nextEvent('message', ({ payload: { id } }) => id === sent.id)
    expect(payload).toMatchObject({
      interactive: 'Pick one\nYes\nNo',
      interactive_media: [expect.stringContaining(hashOf(media.bytes))],
    })
    expect(payload).not.toHaveProperty('image')
    const [path] = payload['interactive_media'] as [string] // just looked at
    expect((await fetchPath(stage, path)).equals(media.bytes)).toBe(true)
    const downloaded = resultsOf<Download>(await download(stage, sent, bo.phone))
    expect(Buffer.from(downloaded.data, 'base64').equals(media.bytes)).toBe(true)

    await stage.restart({ WHATSAPP_AUTO_DOWNLOAD_MEDIA: 'false' })
    const later = await bo.sendButtons(ada, { text: 'And now?', buttons: ['Yes'], media: aFile() })
    const told = await stage.world.nextEvent('message', ({ payload: { id } }) => id === later.id)
    expect(told.payload['interactive_media']).toEqual([expect.stringMatching(/^https:/)])
  })

  scenario(
    'on the cards of a carousel is all fetched and named, in the order of the cards',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      const files = [
        aFile(),
        aFile({ type: 'video', mimeType: 'video/mp4' }),
        aFile({ bytes: randomBytes(10) }),
        aFile(),
      ]
      const cards = files.map((media, index) => ({ text: `Card ${index + 1}`, buttons: ['Buy'], media }))
      const sent = await bo.sendCarousel(ada, {
        text: 'New in',
        cards: [...cards.slice(0, 2), { text: 'No picture', buttons: [] }, ...cards.slice(2)],
      })
      const { payload } = await stage.world.nextEvent('message', ({ payload: { id } }) => id === sent.id)
      expect(payload['interactive']).toBe(
        'New in\nCard 1\nBuy\nCard 2\nBuy\nNo picture\nCard 3\nBuy\nCard 4\nBuy',
      )
      expect(payload['interactive_media']).toEqual(
        files.map(({ bytes }): unknown => expect.stringContaining(hashOf(bytes))),
      )
      for (const [index, path] of (payload['interactive_media'] as string[]).entries()) // just looked at
        expect(hashOf(await fetchPath(stage, path))).toBe(hashOf(files[index]?.bytes ?? Buffer.alloc(0)))
      expect(stage.world.simulator.media.files.map(({ downloads }) => downloads)).toEqual([1, 1, 1, 1])
      const first = resultsOf<Download>(await download(stage, sent, bo.phone))
      expect(hashOf(Buffer.from(first.data, 'base64'))).toBe(hashOf(files[0]?.bytes ?? Buffer.alloc(0)))

      await stage.restart({ WHATSAPP_AUTO_DOWNLOAD_MEDIA: 'false' })
      const later = await bo.sendCarousel(ada, { text: 'And now?', cards: cards.slice(0, 2) })
      const told = await stage.world.nextEvent('message', ({ payload: { id } }) => id === later.id)
      const urls = stage.world.simulator.media.files
        .slice(-2)
        .map(({ directPath }) => `https://mmg.whatsapp.net${directPath}`)
      expect(told.payload['interactive_media']).toEqual(urls)
    },
  )

  scenario(
    'on the cards of a carousel is named as far as it came in time, and the rest told later',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      const files = [aFile(), aFile(), aFile(), aFile()]
      const cards = files.map((media) => ({ text: 'Card', buttons: ['Buy'], media }))
      stage.clock.runFast(5)
      const sending = bo.sendCarousel(ada, { text: 'New in', cards })
      const [, slow, gone] = stage.world.simulator.media.files
      if (slow === undefined || gone === undefined) throw new Error('nothing was uploaded')
      slow.stallsAfter = 100
      gone.failure = 410
      const { id } = await sending
      const { payload } = await stage.world.nextEvent('message', (event) => event.payload.id === id)
      const named = [0, 3].map((index) => hashOf(files[index]?.bytes ?? Buffer.alloc(0)))
      expect(payload['interactive_media']).toEqual(
        named.map((hash): unknown => expect.stringContaining(hash)),
      )
      const failed = await stage.world.nextEvent('media.failed', (event) => event.payload.id === id)
      expect(failed.payload).toMatchObject({ position: 2, error: 'MEDIA_EXPIRED' })
      expect(ada.receiptsFor(id).filter(({ type }) => type === 'server-error')).toEqual([])

      slow.stallsAfter = undefined
      await stage.restart()
      const late = await stage.world.nextEvent('media.downloaded', (event) => event.payload['position'] === 1)
      expect(hashOf(await fetchPath(stage, String(late.payload['path'])))).toBe(
        hashOf(files[1]?.bytes ?? Buffer.alloc(0)),
      )
      const positions = stage.world.events('media.downloaded').map((event) => event.payload['position'])
      expect(positions.toSorted()).toEqual([0, 1, 3])
      expect(stage.world.events('message')).toHaveLength(1)
    },
    { settings: { WHATSAPP_WEBHOOK_EVENTS: '*' } },
  )

  scenario('holds up nobody else, and keeps its place in its chat', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const cy = stage.world.simulator.addPerson({ name: 'Cy' })
    stage.clock.runFast(5)
    const { id } = await bo.sendMedia(ada, aFile())
    const stored = stage.world.simulator.media.files.at(-1)
    if (stored) stored.stallsAfter = 100
    await bo.sendText(ada, 'behind it')
    await cy.sendText(ada, 'elsewhere')
    await stage.world.nextEvent('message', ({ payload }) => payload.body === 'elsewhere')
    expect(stage.world.events('message')).toHaveLength(1)
    await stage.world.nextEvent('message', ({ payload }) => payload.body === 'behind it')
    const order = stage.world.events('message').map(({ payload }) => payload.body ?? payload.id)
    expect(order).toEqual(['elsewhere', id, 'behind it'])
    const [, event] = stage.world.events('message')
    expect(event?.payload).not.toHaveProperty('image')
  })

  scenario('that nobody still has is told without it, at once', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    ada.behaviour.reuploads = 'has-it-no-more'
    ada.behaviour.online = true
    const sent = await expired(stage, () => bo.sendMedia(ada, aFile()))
    const event = await stage.world.nextEvent('message', ({ payload }) => payload.id === sent.id)
    expect(event.payload).not.toHaveProperty('image')
    const answer = await download(stage, sent, bo.phone)
    expect(answer.status).toBe(410)
    expect(answer.json.code).toBe('MEDIA_EXPIRED')
  })

  scenario('is fetched after a restart when there was no time before', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const media = aFile()
    const { id } = await bo.sendMedia(ada, media)
    const stored = stage.world.simulator.media.files.at(-1)
    if (stored === undefined) throw new Error('nothing was uploaded')
    stored.stallsAfter = 100
    await eventually('the message being stored', async () =>
      (await stage.gateway.messages('main', bo.jid)).find((message) => message.id === id),
    )
    stored.stallsAfter = undefined
    await stage.restart()
    const event = await stage.world.nextEvent('message', ({ payload }) => payload.id === id)
    expect(pathIn(event, 'image')).toContain(hashOf(media.bytes))
  })

  scenario(
    'is left where it is when it is not to be fetched, and fetched when asked for',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      for (const media of kinds) {
        const sent = await bo.sendMedia(ada, media)
        const event = await stage.world.nextEvent('message', ({ payload }) => payload.id === sent.id)
        const { url } = event.payload[media.type] as { url: string } // as docs/events.md has it
        expect(url).toMatch(/^https:/)
        const answer = await download(stage, sent, bo.phone)
        const results = resultsOf<Download>(answer)
        expect(results).toMatchObject({
          media_type: media.type,
          mime_type: media.mimeType,
          file_size: media.bytes.length,
        })
        expect(Buffer.from(results.data, 'base64').equals(media.bytes)).toBe(true)
        expect((await fetchPath(stage, results.file_path)).equals(media.bytes)).toBe(true)
        expect(results.file_url).toBe(`${stage.gateway.url}/${results.file_path}`)
      }
    },
    { settings: { WHATSAPP_AUTO_DOWNLOAD_MEDIA: 'false' } },
  )

  scenario(
    'is asked of WhatsApp once, however many ask for it',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      const media = aFile({ bytes: randomBytes(300_000) })
      const sent = await bo.sendMedia(ada, media)
      await stage.world.nextEvent('message')
      const answers = await Promise.all(Array.from({ length: 5 }, () => download(stage, sent, bo.phone)))
      for (const answer of answers) {
        expect(Buffer.from(resultsOf<Download>(answer).data, 'base64').equals(media.bytes)).toBe(true)
      }
      const stored = stage.world.simulator.media.files.at(-1)
      expect(stored?.downloads).toBe(1)
      // From then on WhatsApp is not needed.
      if (stored) stored.failure = 500
      expect((await download(stage, sent, bo.phone)).status).toBe(200)
    },
    { settings: { WHATSAPP_AUTO_DOWNLOAD_MEDIA: 'false' } },
  )

  scenario(
    'comes as it is, whole and in parts, when no JSON is wanted',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      const media = aFile({ type: 'document', mimeType: 'application/pdf', fileName: "it's ünïcode.pdf" })
      const sent = await bo.sendMedia(ada, media)
      await stage.world.nextEvent('message')
      const get = (query: string, headers: Record<string, string> = {}) =>
        fetch(`${stage.gateway.url}/message/${sent.id}/download?phone=${bo.phone}${query}`, {
          headers: { 'x-device-id': 'main', ...headers },
        })
      const whole = await get('&raw=1')
      expect(whole.headers.get('content-type')).toBe('application/pdf')
      expect(whole.headers.get('content-disposition')).toContain(
        "filename*=UTF-8''it%27s%20%C3%BCn%C3%AFcode.pdf",
      )
      expect(Buffer.from(await whole.arrayBuffer()).equals(media.bytes)).toBe(true)
      const part = await get('', { accept: 'application/pdf', range: 'bytes=100-199' })
      expect(part.status).toBe(206)
      expect(part.headers.get('content-range')).toBe('bytes 100-199/40000')
      expect(Buffer.from(await part.arrayBuffer()).equals(media.bytes.subarray(100, 200))).toBe(true)
      const beyond = await get('&raw=1', { range: 'bytes=40000-' })
      expect(beyond.status).toBe(416)
      await beyond.text()
      for (const accept of ['Application/JSON', 'image/png;q=0.9, application/json']) {
        expect((await get('', { accept })).headers.get('content-type'), accept).toContain('application/json')
      }
      const json = await get('', { accept: '*/*' })
      expect(json.headers.get('content-type')).toContain('application/json')
      expect(await json.json()).toMatchObject({ results: { data: media.bytes.toString('base64') } })
    },
    { settings: { WHATSAPP_AUTO_DOWNLOAD_MEDIA: 'false' } },
  )

  scenario(
    'that the phone had to upload again is found at its new place from then on',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      const media = aFile()
      const sent = await expired(stage, () => bo.sendMedia(ada, media))
      await stage.world.nextEvent('message')
      const answer = resultsOf<Download>(await download(stage, sent, bo.phone))
      expect(Buffer.from(answer.data, 'base64').equals(media.bytes)).toBe(true)
      expect(ada.receiptsFor(sent.id).filter(({ type }) => type === 'server-error')).toHaveLength(1)
    },
    { settings: { WHATSAPP_AUTO_DOWNLOAD_MEDIA: 'false' } },
  )

  scenario(
    'that was changed on the way is refused, and nothing of it is kept',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      const sent = await bo.sendMedia(ada, aFile())
      const stored = stage.world.simulator.media.files.at(-1)
      if (stored === undefined) throw new Error('nothing was uploaded')
      stored.bytes = Buffer.from(stored.bytes).fill(0, 500, 600)
      await stage.world.nextEvent('message')
      const answer = await download(stage, sent, bo.phone)
      expect(answer.status).toBe(502)
      expect(answer.json.code).toBe('MEDIA_DAMAGED')
      stored.bytes = stored.original
      expect((await download(stage, sent, bo.phone)).status).toBe(200)
    },
    { settings: { WHATSAPP_AUTO_DOWNLOAD_MEDIA: 'false' } },
  )
})

function download(stage: Stage, message: SentMessage, phone: string) {
  return stage.gateway.call('GET', `/message/${message.id}/download?phone=${phone}`, { device: 'main' })
}

/** Sends media that the hosts throw away before anybody can fetch it. */
async function expired(stage: Stage, send: () => Promise<SentMessage>): Promise<SentMessage> {
  const { media } = stage.world.simulator
  media.throwsAwayUploads = true
  onTestFinished(() => {
    media.throwsAwayUploads = false
  })
  const sent = await send()
  media.throwsAwayUploads = false
  return sent
}
