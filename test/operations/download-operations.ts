import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { messageIdOf, resultsOf } from '../scenario.ts'
import type { Operation, OperationWorld } from './operation.ts'

async function anImage({ world, ada, bo }: OperationWorld) {
  const bytes = randomBytes(10_000)
  const { id } = await bo.sendMedia(ada, { type: 'image', bytes, mimeType: 'image/jpeg' })
  await world.nextEvent('message', ({ payload }) => payload.id === id)
  return { id, bytes }
}

function download({ gateway }: OperationWorld, id: string, query: string, device = 'main') {
  return gateway.call('GET', `/message/${id}/download${query}`, { device })
}

/** What is promised of downloading media. */
export const downloadOperations: readonly Operation[] = [
  {
    operationId: 'downloadMessageMedia',
    async works(world) {
      const { id, bytes } = await anImage(world)
      const answer = await download(world, id, `?phone=${world.bo.phone}`)
      expect(resultsOf<{ data: string }>(answer).data).toBe(bytes.toString('base64'))
      return answer
    },
    refuses: {
      'no phone': {
        call: (world) => download(world, 'X', ''),
        status: 400,
        code: 'VALIDATION_ERROR',
        message: 'phone: cannot be blank.',
      },
      'an unknown message': {
        call: (world) => download(world, 'UNKNOWN', `?phone=${world.bo.phone}`),
        status: 404,
        code: 'NOT_FOUND',
        message: 'message with ID UNKNOWN not found',
      },
      'a message of another chat': {
        async call(world) {
          const { id } = await anImage(world)
          return download(world, id, `?phone=${world.cy.phone}`)
        },
        status: 404,
        code: 'NOT_FOUND',
      },
      'a message without media': {
        async call(world) {
          const sent = await world.gateway.sendText('main', world.bo.phone, 'a text')
          return download(world, messageIdOf(sent), `?phone=${world.bo.phone}`)
        },
        status: 404,
        code: 'MEDIA_NOT_FOUND',
      },
      'a device that was never linked': {
        call: (world) => download(world, 'X', `?phone=${world.bo.phone}`, 'blank'),
        status: 401,
        code: 'AUTHENTICATION_ERROR',
      },
      'an unknown device': {
        call: (world) => download(world, 'X', `?phone=${world.bo.phone}`, 'nobody'),
        status: 404,
      },
    },
  },
]
