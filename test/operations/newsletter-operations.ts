import { expect } from 'vitest'
import { resultsOf } from '../scenario.ts'
import type { Operation, OperationWorld } from './operation.ts'

const unknownChannel = '120363099999999999@newsletter'

function unfollow({ gateway }: OperationWorld, body: object, device = 'main') {
  return gateway.call('POST', '/newsletter/unfollow', { device, body })
}

/** What is promised of the operations under `/newsletter`. */
export const newsletterOperations: readonly Operation[] = [
  {
    operationId: 'unfollowNewsletter',
    works: async (world) => {
      const { ada, bo, gateway } = world
      const news = world.world.simulator.addNewsletter({ name: 'News', owner: bo, followers: [ada] })
      news.post('first')
      const posts = await gateway.call('GET', `/newsletter/messages?newsletter_id=${news.jid}`, {
        device: 'main',
      })
      expect(resultsOf<{ data: { text?: string }[] }>(posts).data).toMatchObject([{ text: 'first' }])
      const answer = await unfollow(world, { newsletter_id: news.jid })
      expect(news.members.has(ada.account)).toBe(false)
      return answer
    },
    mayLack: ['results'],
    refuses: {
      'a request without a channel': {
        call: (world) => unfollow(world, {}),
        status: 400,
        code: 'VALIDATION_ERROR',
        message: 'newsletter_id: cannot be blank.',
      },
      'what is no channel': {
        call: (world) => unfollow(world, { newsletter_id: world.bo.jid }),
        status: 400,
      },
      'a channel that is unknown': {
        call: (world) => unfollow(world, { newsletter_id: unknownChannel }),
        status: 404,
        code: 'NEWSLETTER_NOT_FOUND',
      },
      'a device that is unknown': {
        call: (world) => unfollow(world, { newsletter_id: unknownChannel }, 'nobody'),
        status: 404,
        code: 'DEVICE_NOT_FOUND',
      },
      'a device that was never linked': {
        call: (world) => unfollow(world, { newsletter_id: unknownChannel }, 'blank'),
        status: 401,
        message: 'you are not logged in',
      },
    },
  },
]
