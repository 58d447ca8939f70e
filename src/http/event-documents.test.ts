import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { examples } from '../../test/docs/event-examples.ts'
import { eventKinds } from '../core/event-envelope.ts'
import { asDeviceId, newEventId } from '../core/ids.ts'
import type { LoggedEvent } from '../features/events/event-log-store.ts'
import { toWireEvent, toWireGap } from '../features/events/wire-event-schemas.ts'
import { eventFrame, gapFrame } from '../websocket/websocket-frame.ts'
import { asyncApiDocument, openApiWebhooks } from './event-documents.ts'
import { aServer } from './test-server.ts'

interface Reference {
  readonly $ref: string
}
interface AsyncApi {
  readonly asyncapi: string
  readonly channels: Readonly<Record<string, { readonly messages: Readonly<Record<string, Reference>> }>>
  readonly components: {
    readonly messages: Readonly<Record<string, { readonly name: string; readonly payload: Reference }>>
  }
}

describe('the published schemas of events', () => {
  const document = asyncApiDocument({ version: '1', basePath: '/gate' }) as AsyncApi // made one function above
  const ajv = new Ajv({ strict: false, formats: { 'date-time': true } })

  ajv.addSchema({ $id: 'document', ...document })

  /** The check of what a channel carries of a kind. */
  function checkOf(channel: string, kind: string) {
    const message = Object.values(document.channels[channel]?.messages ?? {})
      .map(({ $ref }) => document.components.messages[$ref.replace('#/components/messages/', '')])
      .find((each) => each?.name === kind)
    return ajv.compile({ $ref: `document${message?.payload.$ref}` })
  }

  it('describe what is told of events that are gone', () => {
    const gap = { after: 12, deletedTo: 340 }
    for (const [channel, carried] of [
      ['events', toWireGap(gap)],
      ['websocket', gapFrame(gap)],
    ] as const) {
      const check = checkOf(channel, 'gap')
      expect(check(carried), JSON.stringify(check.errors)).toBe(true)
      expect(check({})).toBe(false)
    }
  })

  it.each([...eventKinds])('%s takes the example of the documentation and nothing else', (kind) => {
    const { body } = examples[kind]
    const check = checkOf('webhook', kind)
    expect(check(body), JSON.stringify(check.errors)).toBe(true)
    expect(check({ ...body, payload: { unknown: 1 } })).toBe(false)
    expect(Object.keys(openApiWebhooks('openapi-3.0'))).toContain(kind)
  })

  it.each([...eventKinds])('%s is described as streams and sockets carry it', (kind) => {
    const event: LoggedEvent = {
      position: 7,
      id: newEventId(new Date()),
      deviceId: asDeviceId('main'),
      seq: 3,
      kind,
      lane: 'device',
      body: examples[kind].body,
      createdAt: new Date(),
    }
    for (const [channel, carried] of [
      ['events', toWireEvent(event)],
      ['websocket', eventFrame(event)],
    ] as const) {
      const check = checkOf(channel, kind)
      expect(check(carried), JSON.stringify(check.errors)).toBe(true)
      expect(check(event.body), channel).toBe(false)
      const other = kind === 'message' ? 'poll.vote' : 'message'
      expect(checkOf(channel, other)(carried), channel).toBe(false)
    }
  })

  it('are served', async () => {
    const app = await aServer({})
    const asyncApi = await app.inject('/asyncapi.json')
    expect(asyncApi.json<AsyncApi>().asyncapi).toBe('3.0.0')
    const openApi = await app.inject('/openapi.json')
    expect(Object.keys(openApi.json<{ 'x-webhooks': object }>()['x-webhooks'])).toEqual([...eventKinds])
  })
})
