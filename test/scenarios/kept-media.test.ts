import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Person } from '@gatewa/simulator'
import { describe, expect, onTestFinished } from 'vitest'
import { ChildGateway } from '../child-gateway.ts'
import { freePort } from '../free-port.ts'
import { eventually } from '../harness.ts'
import { clip, made, postForm } from '../sample-files.ts'
import { resultsOf, type Stage, scenario } from '../scenario.ts'

const dayMs = 86_400_000

const aPicture = () => ({ type: 'image' as const, bytes: randomBytes(40_000), mimeType: 'image/jpeg' })

/** Names of the files that the gateway has, in the store and beside it. */
async function filesOf(stage: Stage): Promise<string[]> {
  const folder = join(stage.world.settings['APP_DATA_DIR'] ?? '', 'media')
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
}

async function stateOf({ gateway }: Stage, bo: Person, id: string): Promise<string | undefined> {
  return (await gateway.messages('main', bo.jid)).find((message) => message.id === id)?.media_state
}

function becomes(stage: Stage, bo: Person, id: string, state: string): Promise<true> {
  let last: string | undefined
  return eventually(
    `the media being ${state}`,
    async () => {
      last = await stateOf(stage, bo, id)
      return last === state || undefined
    },
    () => last,
  )
}

function download({ gateway }: Stage, bo: Person, id: string) {
  return gateway.call('GET', `/message/${id}/download?phone=${bo.phone}`, { device: 'main' })
}

/** A program in ffmpeg's place that works as it does, at the speed of life, and notes under which number. */
async function slowFfmpeg(): Promise<{ path: string; pids: () => Promise<number[]> }> {
  const dir = await mkdtemp(join(tmpdir(), 'gatewa-slow-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const [path, notes] = [join(dir, 'ffmpeg'), join(dir, 'pids')]
  await writeFile(path, `#!/bin/sh\necho $$ >> '${notes}'\nexec ffmpeg -re "$@"\n`)
  await writeFile(join(dir, 'ffprobe'), '#!/bin/sh\nexec ffprobe "$@"\n')
  for (const name of ['ffmpeg', 'ffprobe']) await chmod(join(dir, name), 0o700)
  const read = () => readFile(notes, 'utf8').catch(() => '')
  return { path, pids: async () => (await read()).split('\n').filter(Boolean).map(Number) }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('media that is kept', () => {
  scenario(
    'goes after its days: its message stays and says so, its link is dead, and a download fetches it again',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      const [media, lost] = [aPicture(), aPicture()]
      const { id } = await bo.sendMedia(ada, media)
      const event = await stage.world.nextEvent('message', ({ payload }) => payload.id === id)
      const path = String(event.payload['image'])
      const { id: lostId } = await bo.sendMedia(ada, lost)
      await stage.world.nextEvent('message', ({ payload }) => payload.id === lostId)
      const cards = [aPicture(), aPicture()].map((each) => ({ text: 'Card', buttons: [], media: each }))
      const carousel = await bo.sendCarousel(ada, { text: 'New in', cards })
      await stage.world.nextEvent('message', ({ payload }) => payload.id === carousel.id)
      expect((await fetch(`${stage.gateway.url}/${path}`)).status).toBe(200)
      for (const each of [id, lostId, carousel.id]) await becomes(stage, bo, each, 'stored')
      expect(await filesOf(stage)).toHaveLength(4)

      await stage.gateway.stop()
      stage.clock.putForward(2 * dayMs)
      stage.clock.hurriedFromMs = 60_000
      await stage.start()
      await stage.gateway.loggedIn('main')
      for (const each of [id, lostId, carousel.id]) await becomes(stage, bo, each, 'removed')
      expect(await filesOf(stage)).toEqual([])
      const gone = await fetch(`${stage.gateway.url}/${path}`)
      expect([gone.status, await gone.json()]).toMatchObject([404, { code: 'NOT_FOUND' }])

      const again = resultsOf<{ data: string; file_url: string }>(await download(stage, bo, id))
      expect(Buffer.from(again.data, 'base64').equals(media.bytes)).toBe(true)
      expect((await fetch(again.file_url)).status).toBe(200)
      expect((await fetch(`${stage.gateway.url}/${path}`)).status).toBe(200)
      await becomes(stage, bo, id, 'stored')

      // What WhatsApp and the phone have thrown away meanwhile cannot be had again.
      ada.behaviour.reuploads = 'has-it-no-more'
      const [, stored] = stage.world.simulator.media.files
      if (stored) stored.failure = 410
      expect(await download(stage, bo, lostId)).toMatchObject({
        status: 410,
        json: { code: 'MEDIA_EXPIRED' },
      })
    },
    { settings: { APP_MEDIA_RETENTION_DAYS: '1' } },
  )

  scenario(
    'is no more than the quota: what comes then is refused by name, leaves nothing, and can be sent all the same',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      const sent: string[] = []
      for (let count = 0; count < 3; count += 1) sent.push((await bo.sendMedia(ada, aPicture())).id)
      const [one = '', two = '', three = ''] = sent
      await stage.world.nextEvent('message', ({ payload }) => payload.id === three)
      for (const id of [one, two]) expect((await download(stage, bo, id)).status).toBe(200)
      const refused = await download(stage, bo, three)
      expect(refused).toMatchObject({ status: 507, json: { code: 'MEDIA_QUOTA_EXCEEDED' } })
      expect(await filesOf(stage)).toHaveLength(2)
      expect(await stateOf(stage, bo, three)).toBeUndefined()
      const bytes = await clip()
      const upload = { field: 'video', name: 'a.mp4', type: 'video/mp4', bytes }
      const answer = await postForm(stage.gateway, '/send/video', { phone: bo.phone }, [upload])
      expect(answer.status, answer.text).toBe(200)
      // What is there already is answered still.
      expect((await download(stage, bo, one)).status).toBe(200)
    },
    { settings: { APP_MEDIA_QUOTA: '100000', WHATSAPP_AUTO_DOWNLOAD_MEDIA: 'false' } },
  )
})

describe('media that is fetched by itself', () => {
  scenario(
    'shows how it stands with it, and its message does not wait for long',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      ada.behaviour.reuploads = 'keeps-silent'
      stage.clock.runFast(5)
      const { media } = stage.world.simulator
      media.throwsAwayUploads = true
      const { id } = await bo.sendMedia(ada, aPicture())
      media.throwsAwayUploads = false
      await becomes(stage, bo, id, 'waiting')
      const event = await stage.world.nextEvent('message', ({ payload }) => payload.id === id)
      expect(event.payload).not.toHaveProperty('image')
      expect(await stateOf(stage, bo, id)).toBe('waiting')
      expect(stage.world.events('media.failed')).toEqual([])
      await stage.world.nextEvent('media.failed', ({ payload }) => payload.id === id)
      await becomes(stage, bo, id, 'failed')
    },
    { settings: { WHATSAPP_WEBHOOK_EVENTS: '*' } },
  )
})

describe('work on a file', () => {
  scenario(
    'ends when its caller hangs up: the converter is killed, and nothing stays',
    async (stage) => {
      const ffmpeg = await slowFfmpeg()
      await stage.start({ FFMPEG_PATH: ffmpeg.path })
      const { bo } = await stage.linkedPair()
      const bytes = await made(
        'mp4',
        '-f',
        'lavfi',
        '-i',
        'testsrc=size=160x120:rate=5:duration=60',
        '-c:v',
        'libx264',
      )
      const form = new FormData()
      form.append('phone', bo.phone)
      form.append('video', new Blob([new Uint8Array(bytes)]), 'a.mp4')
      form.append('compress', 'true')
      const caller = new AbortController()
      const going = fetch(`${stage.gateway.url}/send/video`, {
        method: 'POST',
        headers: { 'x-device-id': 'main' },
        body: form,
        signal: caller.signal,
      })
      going.catch(() => undefined)
      const pid = await eventually('the conversion', async () => (await ffmpeg.pids())[0])
      await eventually('its files', async () => (await filesOf(stage)).length > 1 || undefined)
      expect(isRunning(pid)).toBe(true)
      caller.abort()
      await expect(going).rejects.toThrow()
      await eventually('the end of the converter', () => !isRunning(pid) || undefined)
      await eventually('nothing being left', async () => (await filesOf(stage)).length === 0 || undefined)
      expect(await stage.gateway.chats('main')).toEqual([])
      expect(stage.world.simulator.media.files).toEqual([])
      // The place is free for the next one.
      expect(await ffmpeg.pids()).toHaveLength(1)
    },
    { startsGateway: false },
  )

  scenario(
    'that a kill cut off is cleared away at the next start',
    async (stage) => {
      const { settings, simulator } = stage.world
      const gateway = new ChildGateway({
        ...settings,
        APP_PORT: String(await freePort()),
        NODE_EXTRA_CA_CERTS: simulator.media.caFile,
      })
      onTestFinished(async () => {
        await gateway.end('SIGKILL')
      })
      await gateway.start()
      const added = await fetch(`${gateway.url}/devices`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"device_id":"main"}',
      })
      expect(added.status).toBe(200)
      const upload = request(`${gateway.url}/send/video`, {
        method: 'POST',
        headers: { 'x-device-id': 'main', 'content-type': 'multipart/form-data; boundary=B' },
      })
      upload.on('error', () => undefined)
      upload.write('--B\r\ncontent-disposition: form-data; name="video"; filename="a.mp4"\r\n\r\n')
      upload.write(Buffer.alloc(500_000))
      await eventually('a half file', async () => (await filesOf(stage)).length === 1 || undefined)
      await gateway.end('SIGKILL')
      expect(await filesOf(stage)).toHaveLength(1)
      await gateway.start()
      expect(await filesOf(stage)).toEqual([])
    },
    { startsGateway: false },
  )
})
