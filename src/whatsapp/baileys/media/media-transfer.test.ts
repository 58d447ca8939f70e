import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MediaToSend, ReceivedMessage, SentMessage } from '@gatewa/simulator'
import { mediaIn } from '@gatewa/simulator'
import { proto } from 'baileys'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EngineWorld, hastyClock, jidOf } from '../../../../test/engine-world.ts'
import { asMessageId } from '../../../core/ids.ts'
import { silentLogger } from '../../../core/logger.ts'
import { type OpenDatabase, openDatabase } from '../../../db/open-database.ts'
import { type Jid, parseJid } from '../../jid.ts'
import type { MediaMessage } from '../../media-actions.ts'
import type { OutgoingMedia } from '../../outgoing-media.ts'
import type { WhatsAppSession } from '../../whatsapp-session.ts'

describe('media', () => {
  let database: OpenDatabase
  let world: EngineWorld
  let dir: string
  let session: WhatsAppSession

  beforeEach(async () => {
    database = await openDatabase({ uri: ':memory:', dataDir: '.', version: 'test' }, silentLogger)
    world = await EngineWorld.start(database, { clock: hastyClock(20) })
    dir = await mkdtemp(join(tmpdir(), 'gatewa-media-'))
    session = (await world.linked()).session
  })

  afterEach(async () => {
    await session.close()
    await world.close()
    await database.close()
    await rm(dir, { recursive: true, force: true })
  })

  async function aFile(bytes: Buffer, mimeType = 'image/jpeg') {
    const path = join(dir, `out-${randomBytes(4).toString('hex')}`)
    await writeFile(path, bytes)
    return { path, mimeType, sizeBytes: bytes.length }
  }

  async function sent(to: Jid, media: OutgoingMedia): Promise<ReceivedMessage> {
    const { id } = await world.sendAny(session, to, media)
    return world.contact.receives((message) => message.id === id)
  }

  describe('that is sent', () => {
    const look = { width: 640, height: 480, thumbnail: Buffer.from('a small jpeg') }

    it.each([0, 1, 15, 16, 17, 262_144, 1_000_003])('arrives whole when it has %i bytes', async (size) => {
      const bytes = randomBytes(size)
      const received = await sent(world.contactJid, { kind: 'image', file: await aFile(bytes), context: {} })
      expect(received.media().equals(bytes)).toBe(true)
    })

    it('carries everything that is known of an image', async () => {
      const received = await sent(world.contactJid, {
        kind: 'image',
        file: await aFile(randomBytes(2_000), 'image/png'),
        caption: 'look',
        ...look,
        context: {
          isForwarded: true,
          mentions: { people: [parseJid('628111@s.whatsapp.net')], everyone: false },
        },
      })
      expect(received.message.imageMessage).toMatchObject({
        caption: 'look',
        mimetype: 'image/png',
        width: 640,
        height: 480,
        contextInfo: { isForwarded: true, forwardingScore: 100, mentionedJid: ['628111@s.whatsapp.net'] },
      })
      expect(Buffer.from(received.message.imageMessage?.jpegThumbnail ?? []).toString()).toBe('a small jpeg')
      expect(received.attributes['type']).toBe('media')
    })

    it('keeps its mentions and its timer when it may be seen once', async () => {
      const received = await sent(world.contactJid, {
        kind: 'image',
        file: await aFile(randomBytes(10)),
        isViewOnce: true,
        context: {
          expirationSeconds: 86_400,
          mentions: { people: [parseJid('628111@s.whatsapp.net')], everyone: false },
        },
      })
      const inner = received.message.viewOnceMessage?.message?.imageMessage
      expect(inner).toMatchObject({
        viewOnce: true,
        contextInfo: { expiration: 86_400, mentionedJid: ['628111@s.whatsapp.net'] },
      })
    })

    it('is a video, a GIF, a round video, a voice message, a document and a sticker as asked', async () => {
      const file = await aFile(randomBytes(1_000), 'video/mp4')
      const video = await sent(world.contactJid, {
        kind: 'video',
        file,
        seconds: 7,
        caption: 'v',
        ...look,
        context: {},
      })
      expect(video.message.videoMessage).toMatchObject({ seconds: 7, caption: 'v', width: 640 })
      const gif = await sent(world.contactJid, { kind: 'video', file, isGif: true, context: {} })
      expect(gif.message.videoMessage?.gifPlayback).toBe(true)
      const note = await sent(world.contactJid, {
        kind: 'video',
        file,
        isVideoNote: true,
        seconds: 3,
        context: {},
      })
      expect(note.message.ptvMessage).toMatchObject({ seconds: 3 })
      expect(note.attributes['type']).toBe('media')
      const voice = await sent(world.contactJid, {
        kind: 'audio',
        file: { ...file, mimeType: 'audio/ogg; codecs=opus' },
        isVoice: true,
        seconds: 4,
        waveform: new Uint8Array(64).fill(50),
        context: {},
      })
      expect(voice.message.audioMessage).toMatchObject({
        ptt: true,
        seconds: 4,
        mimetype: 'audio/ogg; codecs=opus',
      })
      expect(voice.message.audioMessage?.waveform).toHaveLength(64)
      const document = await sent(world.contactJid, {
        kind: 'document',
        file: { ...file, mimeType: 'application/pdf' },
        fileName: 'résumé 履歴書.pdf',
        caption: 'mine',
        context: {},
      })
      expect(document.message.documentMessage).toMatchObject({
        fileName: 'résumé 履歴書.pdf',
        caption: 'mine',
      })
      const sticker = await sent(world.contactJid, {
        kind: 'sticker',
        file: { ...file, mimeType: 'image/webp' },
        isAnimated: true,
        width: 512,
        height: 512,
        context: {},
      })
      expect(sticker.message.stickerMessage).toMatchObject({ isAnimated: true, width: 512 })
      for (const each of [video, gif, note, voice, document, sticker])
        expect(each.media()).toHaveLength(1_000)
    })

    it('is not sent when no host takes it, and the next one is', async () => {
      const { media } = world.simulator
      media.uploadFailure = 500
      const image: OutgoingMedia = { kind: 'image', file: await aFile(randomBytes(10)), context: {} }
      await expect(sent(world.contactJid, image)).rejects.toMatchObject({
        code: 'upload_failed',
        certain: true,
      })
      expect(world.contact.inbox).toEqual([])
      media.uploadFailure = undefined
      expect((await sent(world.contactJid, image)).media()).toHaveLength(10)
    })

    it('goes to another host when one is down, and with a new token when the old one is refused', async () => {
      const { media } = world.simulator
      media.hostNames.unshift('localhost:1')
      const image: OutgoingMedia = { kind: 'image', file: await aFile(randomBytes(10)), context: {} }
      expect((await sent(world.contactJid, image)).media()).toHaveLength(10)
      media.auth = 'another'
      expect((await sent(world.contactJid, image)).media()).toHaveLength(10)
    })

    it('goes to the hosts that there are by now when those that were named are gone', async () => {
      const { media } = world.simulator
      const image: OutgoingMedia = { kind: 'image', file: await aFile(randomBytes(10)), context: {} }
      const [host = ''] = media.hostNames.splice(0, 1, 'localhost:1', 'localhost:2')
      await expect(sent(world.contactJid, image)).rejects.toMatchObject({ code: 'upload_failed' })
      media.hostNames.splice(0, 2, host)
      expect((await sent(world.contactJid, image)).media()).toHaveLength(10)
    })

    it('does not hold up texts of the same chat while it is uploaded', async () => {
      const image: OutgoingMedia = { kind: 'video', file: await aFile(randomBytes(3_000_000)), context: {} }
      const big = sent(world.contactJid, image)
      await world.send(session, world.contactJid, 'meanwhile')
      await world.contact.receives('meanwhile')
      const { id } = await big
      const order = world.contact.inbox.map((message) => message.text || message.id)
      expect(order).toEqual(['meanwhile', id])
    })
  })

  describe('that was received', () => {
    const kinds: readonly MediaToSend['type'][] = [
      'image',
      'video',
      'video_note',
      'audio',
      'document',
      'sticker',
    ]

    function asMessage(message: SentMessage, isFromMe = false): MediaMessage {
      const chat = jidOf(world.contact)
      return {
        key: { chat, id: asMessageId(message.id), sender: chat, isFromMe },
        raw: proto.Message.encode(message.message).finish(),
      }
    }

    async function anImage(bytes: Buffer, type: MediaToSend['type'] = 'image') {
      const message = await world.contact.sendMedia(world.owner, { type, bytes, mimeType: 'image/jpeg' })
      await world.owner.receives(({ id }) => id === message.id)
      const stored = world.simulator.media.files.at(-1)
      if (stored === undefined) throw new Error('nothing was uploaded')
      return { message: asMessage(message), stored }
    }

    const target = () => join(dir, 'in')
    const limits = { maxBytes: 10_000_000 }

    it.each(kinds)('is the same as what was sent: %s', async (type) => {
      const bytes = randomBytes(700_001)
      const { message } = await anImage(bytes, type)
      expect(await session.media.download(message, target(), limits)).toEqual({
        sizeBytes: bytes.length,
        renewedRaw: null,
      })
      expect((await readFile(target())).equals(bytes)).toBe(true)
    })

    it.each([
      ['a byte', (bytes: Buffer) => bytes.fill(bytes.readUInt8(100) ^ 1, 100, 101)],
      [
        'the signature',
        (bytes: Buffer) => bytes.fill(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1),
      ],
      ['its end', (bytes: Buffer) => bytes.subarray(0, -16)],
      ['everything', (bytes: Buffer) => randomBytes(bytes.length)],
    ])('is refused when %s was changed on the way, and nothing is kept', async (_what, change) => {
      const { message, stored } = await anImage(randomBytes(5_000))
      stored.bytes = change(Buffer.from(stored.bytes))
      const refused = session.media.download(message, target(), limits)
      await expect(refused).rejects.toMatchObject({ code: 'media_damaged' })
      expect(await readdir(dir)).toEqual([])
    })

    it.each([404, 410, 403])('is uploaded again by the phone when the hosts answer %i', async (status) => {
      const bytes = randomBytes(5_000)
      const { message, stored } = await anImage(bytes)
      stored.failure = status
      const { renewedRaw } = await session.media.download(message, target(), limits)
      expect((await readFile(target())).equals(bytes)).toBe(true)
      const renewed = mediaIn(proto.Message.decode(renewedRaw ?? new Uint8Array()))
      expect(renewed?.content.directPath).toBe(world.simulator.media.files.at(-1)?.directPath)
      // What was learnt is enough for the next time.
      const next = { ...message, raw: renewedRaw ?? new Uint8Array() }
      expect(await session.media.download(next, `${target()}-2`, limits)).toMatchObject({ renewedRaw: null })
    })

    it('of a carousel is the card that is asked for; for one that is gone no phone is asked in vain', async () => {
      const media = [randomBytes(3_000), randomBytes(2_000)].map((bytes): MediaToSend => {
        return { type: 'image', bytes, mimeType: 'image/jpeg' }
      })
      const cards = media.map((file) => ({ text: 'Card', buttons: [], media: file }))
      const sent = await world.contact.sendCarousel(world.owner, { text: 'New in', cards })
      await world.owner.receives(({ id }) => id === sent.id)
      const message = asMessage(sent)
      for (const [position, { bytes }] of media.entries()) {
        await session.media.download({ ...message, position }, target(), limits)
        expect((await readFile(target())).equals(bytes)).toBe(true)
        await rm(target())
      }
      const none = session.media.download({ ...message, position: 2 }, target(), limits)
      await expect(none).rejects.toMatchObject({ code: 'message_has_no_media' })
      const stored = world.simulator.media.files.at(-1)
      if (stored) stored.failure = 410
      const gone = session.media.download({ ...message, position: 1 }, target(), limits)
      await expect(gone).rejects.toMatchObject({ code: 'media_expired' })
      expect(world.owner.receiptsFor(sent.id).filter(({ type }) => type === 'server-error')).toEqual([])
      expect(await readdir(dir)).toEqual([])
    })

    it.each(['has-it-no-more', 'fails', 'keeps-silent'] as const)(
      'is gone when the phone %s',
      async (behaviour) => {
        const { message, stored } = await anImage(randomBytes(100))
        stored.failure = 410
        world.owner.behaviour.reuploads = behaviour
        const gone = session.media.download(message, target(), limits)
        await expect(gone).rejects.toMatchObject({ code: 'media_expired' })
        expect(await readdir(dir)).toEqual([])
      },
    )

    it('comes from another host when one is down', async () => {
      world.simulator.media.hostNames.unshift('localhost:1')
      const { message } = await anImage(randomBytes(100))
      expect(await session.media.download(message, target(), limits)).toMatchObject({ sizeBytes: 100 })
    })

    it('is refused when it is larger than allowed, whatever the sender says', async () => {
      const { message } = await anImage(randomBytes(5_000))
      const small = { maxBytes: 4_999 }
      await expect(session.media.download(message, target(), small)).rejects.toMatchObject({
        code: 'media_too_large',
      })
      const lying = proto.Message.decode(message.raw)
      if (lying.imageMessage) lying.imageMessage.fileLength = 10
      const raw = proto.Message.encode(lying).finish()
      const refused = session.media.download({ ...message, raw }, target(), small)
      await expect(refused).rejects.toMatchObject({ code: 'media_too_large' })
      expect(await readdir(dir)).toEqual([])
    })

    it('is not looked for in a message without media', async () => {
      const { message } = await anImage(randomBytes(10))
      const raw = proto.Message.encode({ conversation: 'hi' }).finish()
      const refused = session.media.download({ ...message, raw }, target(), limits)
      await expect(refused).rejects.toMatchObject({ code: 'message_has_no_media' })
    })

    it('ends when it is told to', async () => {
      const { message, stored } = await anImage(randomBytes(5_000))
      stored.stallsAfter = 1_000
      const end = new AbortController()
      const download = session.media.download(message, target(), { ...limits, signal: end.signal })
      end.abort()
      await expect(download).rejects.toMatchObject({ code: 'media_download_failed' })
      expect(await readdir(dir)).toEqual([])
    })
  })
})
