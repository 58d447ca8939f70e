import sharp, { type Metadata } from 'sharp'
import { expect } from 'vitest'
import type { Answer } from '../harness.ts'
import { resultsOf } from '../scenario.ts'
import { changesRefused, newGroup, post } from './group-calls.ts'
import type { Operation, OperationWorld } from './operation.ts'

const path = '/group/photo'

/** Posts a form as browsers do. */
async function postForm(
  { gateway }: OperationWorld,
  groupId: string,
  photo: Blob | null,
  device = 'main',
): Promise<Answer> {
  const form = new FormData()
  form.set('group_id', groupId)
  if (photo !== null) form.set('photo', photo, 'photo.png')
  const answer = await fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { 'x-device-id': device },
    body: form,
  })
  const text = await answer.text()
  return { status: answer.status, text, json: JSON.parse(text) as Answer['json'] } // the envelope
}

async function aPicture(width: number, height: number): Promise<Blob> {
  const image = sharp({ create: { width, height, channels: 3, background: '#3366cc' } })
  return new Blob([new Uint8Array(await image.png().toBuffer())], { type: 'image/png' })
}

/** The picture of a group as the media host serves it. */
async function pictureOf({ world }: OperationWorld, group: string): Promise<Metadata> {
  const jpeg = world.simulator.pictures.bytesOf(group)
  if (jpeg === undefined) throw new Error('the group has no picture')
  return sharp(jpeg).metadata()
}

/** What is promised of `POST /group/photo`. */
export const groupPhotoOperations: readonly Operation[] = [
  {
    operationId: 'setGroupPhoto',
    works: async (world) => {
      const group = newGroup(world)
      const { pictures } = world.world.simulator
      const set = await postForm(world, group.jid, await aPicture(900, 700))
      expect(set.status, set.text).toBe(200)
      expect(set.json).toMatchObject({ message: 'Success update group photo' })
      expect(resultsOf<object>(set)).toEqual({
        picture_id: pictures.idOf(group.jid),
        message: 'Success update group photo',
      })
      expect(await pictureOf(world, group.jid)).toMatchObject({ format: 'jpeg', width: 640, height: 640 })
      const removed = await postForm(world, group.jid, null)
      expect(pictures.idOf(group.jid)).toBeUndefined()
      expect(resultsOf<object>(removed)).toEqual({
        picture_id: 'remove',
        message: 'Success remove group photo',
      })
      return removed
    },
    refuses: {
      ...changesRefused(path, {}, { isForAdmins: true }),
      'what is no picture, and keeps the one that is there': {
        call: async (world) => {
          const group = newGroup(world)
          await postForm(world, group.jid, await aPicture(20, 20))
          const before = world.world.simulator.pictures.idOf(group.jid)
          const answer = await postForm(world, group.jid, new Blob(['no picture'], { type: 'image/png' }))
          expect(world.world.simulator.pictures.idOf(group.jid)).toBe(before)
          return answer
        },
        status: 400,
        code: 'INVALID_IMAGE_FORMAT',
        message: 'Image validation failed: invalid image file: it is unknown content',
      },
      'what is no picture, before it asks for a login': {
        call: (world) => postForm(world, newGroup(world).jid, new Blob(['no picture']), 'blank'),
        status: 400,
        code: 'INVALID_IMAGE_FORMAT',
      },
      'a picture for a device without a login': {
        call: async (world) => postForm(world, newGroup(world).jid, await aPicture(20, 20), 'blank'),
        status: 401,
        code: 'AUTHENTICATION_ERROR',
      },
      'what does not even say that it is a picture': {
        call: (world) =>
          postForm(world, newGroup(world).jid, new Blob(['no picture'], { type: 'text/plain' })),
        status: 400,
        code: 'INVALID_IMAGE_FORMAT',
        message: 'Image validation failed: unsupported image format: text/plain (supported: JPEG, PNG, WebP)',
      },
      'a picture that is cut off': {
        call: async (world) => {
          const whole = await (await aPicture(200, 200)).arrayBuffer()
          const half = new Blob([whole.slice(0, 40)], { type: 'image/png' })
          return postForm(world, newGroup(world).jid, half)
        },
        status: 400,
        code: 'INVALID_IMAGE_FORMAT',
      },
      'a picture of more than ten megabytes': {
        call: (world) => postForm(world, newGroup(world).jid, new Blob([new Uint8Array(10 * 1_048_576 + 1)])),
        status: 400,
        code: 'INVALID_IMAGE_FORMAT',
        message: 'Image validation failed: image file too large (max 10MB for processing)',
      },
      'a text in place of the file': {
        call: (world) =>
          post(path, { group_id: newGroup(world).jid, photo: 'https://example.com/a.png' })(world),
        status: 400,
        code: 'VALIDATION_ERROR',
        message: 'photo: must be a file.',
      },
    },
  },
]
