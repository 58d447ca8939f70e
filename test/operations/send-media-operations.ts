import { createHash } from 'node:crypto'
import type { ReceivedMessage } from '@gatewa/simulator'
import sharp from 'sharp'
import { expect } from 'vitest'
import type { Answer } from '../harness.ts'
import { clip, picture, postForm, probe, tone, type Upload } from '../sample-files.ts'
import { messageIdOf, resultsOf } from '../scenario.ts'
import type { Operation, OperationWorld, RefusedCall } from './operation.ts'
import { successSentences } from './success-sentences.ts'

function post(
  { gateway }: OperationWorld,
  path: string,
  fields: Readonly<Record<string, string>>,
  upload?: Upload,
  device = 'main',
  idempotencyKey = '',
): Promise<Answer> {
  return postForm(gateway, path, fields, upload ? [upload] : [], {
    'x-device-id': device,
    ...(idempotencyKey === '' ? {} : { 'idempotency-key': idempotencyKey }),
  })
}

/** What the phone of Bo got of an answered send, opened and checked there. */
async function arrived(
  { bo }: OperationWorld,
  answer: Answer,
): Promise<{ message: ReceivedMessage; bytes: Buffer }> {
  const id = messageIdOf(answer)
  const message = await bo.receives((each) => each.id === id)
  return { message, bytes: message.media() }
}

/** The own message downloaded again is what was sent. */
async function comesBack({ gateway, bo }: OperationWorld, answer: Answer, bytes: Buffer): Promise<void> {
  const path = `/message/${messageIdOf(answer)}/download?phone=${bo.phone}`
  const again = await gateway.call('GET', path, { device: 'main' })
  expect(again.status, again.text).toBe(200)
  expect(Buffer.from(resultsOf<{ data: string }>(again).data, 'base64').equals(bytes)).toBe(true)
}

/** What all five refuse. */
function refusals(path: string, name: string, url: string): Record<string, RefusedCall> {
  const invalid = { status: 400, code: 'VALIDATION_ERROR' } as const
  return {
    'no phone': { call: (world) => post(world, path, {}), ...invalid, message: 'phone: cannot be blank.' },
    'neither a file nor a URL': {
      call: (world) => post(world, path, { phone: world.bo.phone }),
      ...invalid,
      message: `either ${name} or ${name}URL must be provided`,
    },
    'neither, before a timer that is none': {
      call: (world) => post(world, path, { phone: world.bo.phone, duration: '-1' }),
      ...invalid,
      message: `either ${name} or ${name}URL must be provided`,
    },
    'a URL that is none': {
      call: (world) => post(world, path, { phone: world.bo.phone, [url]: 'http://' }),
      ...invalid,
      message: `${name}URL must be a valid URL`,
    },
    'a URL inside the network': {
      call: (world) => post(world, path, { phone: world.bo.phone, [url]: 'http://10.0.0.1/a.jpg' }),
      status: 400,
      code: 'URL_REFUSED',
    },
    'a device that was never linked': {
      call: (world) =>
        post(world, path, { phone: world.bo.phone, [url]: 'http://example.com/a' }, undefined, 'blank'),
      status: 401,
      code: 'AUTHENTICATION_ERROR',
    },
    'an unknown device': {
      call: (world) => post(world, path, { phone: world.bo.phone }, undefined, 'nobody'),
      status: 404,
    },
  }
}

/** A sticker that moves is told by its own sentence, and a repeat under its key says the same. */
async function sendsMovingSticker(world: OperationWorld): Promise<void> {
  const frames = await Promise.all([picture(100, 100, 'png'), picture(100, 100, 'png')])
  const bytes = await sharp(frames, { join: { animated: true } })
    .gif({ delay: [100, 100] })
    .toBuffer()
  const upload = { field: 'sticker', name: 'a.gif', type: 'image/gif', bytes }
  // Forms of browsers send the fields that were left empty too.
  const fields = { phone: world.bo.phone, sticker_url: '' }
  const first = await post(world, '/send/sticker', fields, upload, 'main', 'a moving sticker')
  expect(first.json.message).toMatch(successSentences['sendSticker'] ?? '')
  expect(first.json.message).toMatch(/^Animated sticker sent to /)
  const again = await post(world, '/send/sticker', fields, upload, 'main', 'a moving sticker')
  expect(again.json).toEqual(first.json)
  expect((await arrived(world, first)).message.message.stickerMessage?.isAnimated).toBe(true)
}

function otherKind(path: string, field: string, message: string): RefusedCall {
  return {
    call: (world) =>
      post(
        world,
        path,
        { phone: world.bo.phone },
        {
          field,
          name: `a.${field}`,
          type: 'image/jpeg',
          bytes: Buffer.from('PK\u0003\u0004 a zip that calls itself a picture'),
        },
      ),
    status: 400,
    code: 'VALIDATION_ERROR',
    message,
  }
}

/** What is promised of sending files. */
export const sendMediaOperations: readonly Operation[] = [
  {
    operationId: 'sendImage',
    async works(world) {
      const question = await world.bo.sendText(world.ada, 'how did it look?')
      await world.gateway.message('main', world.bo.jid, ({ id }) => id === question.id)
      const answer = await post(
        world,
        '/send/image',
        {
          phone: world.bo.phone,
          caption: `for @${world.cy.phone}`,
          view_once: 'true',
          is_forwarded: 'true',
          duration: '3600',
          reply_message_id: question.id,
        },
        { field: 'image', name: 'a.png', type: 'image/png', bytes: await picture(1_200, 900, 'png') },
      )
      expect(answer.status, answer.text).toBe(200)
      const { message, bytes } = await arrived(world, answer)
      const image = message.message.viewOnceMessage?.message?.imageMessage
      expect(image).toMatchObject({
        mimetype: 'image/jpeg',
        viewOnce: true,
        width: 600,
        height: 450,
        caption: `for @${world.cy.phone}`,
        contextInfo: {
          isForwarded: true,
          expiration: 3600,
          mentionedJid: [world.cy.jid],
          stanzaId: question.id,
        },
      })
      expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 600, height: 450 })
      expect(await sharp(Buffer.from(image?.jpegThumbnail ?? [])).metadata()).toMatchObject({
        format: 'jpeg',
      })
      await comesBack(world, answer, bytes)
      const stored = await world.gateway.messages('main', world.bo.jid)
      expect(stored.find(({ id }) => id === messageIdOf(answer))?.content).toBe(`🖼️ for @${world.cy.phone}`)
      return answer
    },
    refuses: {
      ...refusals('/send/image', 'Image', 'image_url'),
      'a zip named as a picture': otherKind(
        '/send/image',
        'image',
        'your image is not allowed. please use jpg/jpeg/png',
      ),
    },
  },
  {
    operationId: 'sendVideo',
    async works(world) {
      const upload = { field: 'video', name: 'a.mp4', type: 'video/mp4', bytes: await clip() }
      const answer = await post(
        world,
        '/send/video',
        { phone: world.bo.phone, caption: 'watch', gif_playback: 'true' },
        upload,
      )
      expect(answer.status, answer.text).toBe(200)
      const { message, bytes } = await arrived(world, answer)
      const video = message.message.videoMessage
      expect(video).toMatchObject({
        caption: 'watch',
        gifPlayback: true,
        seconds: 2,
        width: 320,
        height: 240,
      })
      const { streams, format } = await probe(bytes)
      expect(streams.map(({ codec_name }) => codec_name)).toEqual(['h264'])
      expect(format.format_name).toContain('mp4')
      expect(Math.round(Number(format.duration))).toBe(2)
      expect(await sharp(Buffer.from(video?.jpegThumbnail ?? [])).metadata()).toMatchObject({
        format: 'jpeg',
      })
      await comesBack(world, answer, bytes)
      return answer
    },
    refuses: {
      ...refusals('/send/video', 'Video', 'video_url'),
      'a zip named as a video': otherKind(
        '/send/video',
        'video',
        'your video type is not allowed. please use mp4/mkv/avi/x-msvideo',
      ),
    },
  },
  {
    operationId: 'sendAudio',
    async works(world) {
      const upload = { field: 'audio', name: 'a.mp3', type: 'audio/mpeg', bytes: await tone() }
      const answer = await post(world, '/send/audio', { phone: world.bo.phone, ptt: 'true' }, upload)
      expect(answer.status, answer.text).toBe(200)
      const { message, bytes } = await arrived(world, answer)
      expect(message.message.audioMessage).toMatchObject({
        ptt: true,
        seconds: 3,
        mimetype: 'audio/ogg; codecs=opus',
      })
      expect(message.message.audioMessage?.waveform).toHaveLength(64)
      const { streams } = await probe(bytes)
      expect(streams).toMatchObject([{ codec_name: 'opus', channels: 1 }])
      await comesBack(world, answer, bytes)
      return answer
    },
    refuses: refusals('/send/audio', 'Audio', 'audio_url'),
  },
  {
    operationId: 'sendFile',
    async works(world) {
      const bytes = Buffer.from('a,b\n1,2\n')
      const name = 'ünïcode 履歴書.csv'
      const answer = await post(
        world,
        '/send/file',
        { phone: world.bo.phone, caption: 'numbers' },
        { field: 'file', name, type: 'text/csv', bytes },
      )
      expect(answer.status, answer.text).toBe(200)
      const received = await arrived(world, answer)
      expect(received.message.message.documentMessage).toMatchObject({
        fileName: name,
        caption: 'numbers',
        mimetype: 'text/csv',
      })
      expect(createHash('sha256').update(received.bytes).digest('hex')).toBe(
        createHash('sha256').update(bytes).digest('hex'),
      )
      await comesBack(world, answer, bytes)
      return answer
    },
    refuses: refusals('/send/file', 'File', 'file_url'),
  },
  {
    operationId: 'sendSticker',
    async works(world) {
      const upload = {
        field: 'sticker',
        name: 'a.png',
        type: 'image/png',
        bytes: await picture(300, 200, 'png'),
      }
      const answer = await post(world, '/send/sticker', { phone: world.bo.phone }, upload)
      expect(answer.status, answer.text).toBe(200)
      const { message, bytes } = await arrived(world, answer)
      expect(message.message.stickerMessage).toMatchObject({
        mimetype: 'image/webp',
        isAnimated: false,
        width: 512,
        height: 512,
      })
      expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 512, height: 512 })
      await comesBack(world, answer, bytes)
      expect(answer.json.message).toMatch(/^Sticker sent to /)
      await sendsMovingSticker(world)
      return answer
    },
    refuses: {
      ...refusals('/send/sticker', 'Sticker', 'sticker_url'),
      'a file and a URL together': {
        call: async (world) =>
          post(
            world,
            '/send/sticker',
            { phone: world.bo.phone, sticker_url: 'http://example.com/a.webp' },
            { field: 'sticker', name: 'a.png', type: 'image/png', bytes: await picture(10, 10, 'png') },
          ),
        status: 400,
        code: 'VALIDATION_ERROR',
        message: 'cannot provide both Sticker file and StickerURL',
      },
    },
  },
]
