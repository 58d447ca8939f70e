import { z } from 'zod'
import { envelopeOf, errorResponses, type HttpRoutes, ok, whatsAppResponses } from '../../http/http-app.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import type { ChatActionService } from './chat-action-service.ts'

/** What the routes that change chats need. */
export interface ChatActionRoutesDeps {
  readonly devices: Pick<DeviceReader, 'linkedScope'>
  readonly actions: ChatActionService
}

const config = { device: 'scoped' } as const
const refusals = { ...errorResponses, ...whatsAppResponses }
const params = z.object({ chat_jid: z.string() })
const done = { status: z.literal('success'), message: z.string(), chat_jid: z.string() }
const timers = [0, 86_400, 604_800, 7_776_000]

/** An envelope with the HTTP status in its body, where the published contract declares it. */
function numbered<Results extends z.ZodType>(results: Results) {
  return envelopeOf(results).extend({ status: z.literal(200) })
}

/** `POST /chat/{chat_jid}/pin`, `/archive` and `/disappearing`. */
export function chatActionRoutes({ devices, actions }: ChatActionRoutesDeps): HttpRoutes {
  return (app) => {
    app.post(
      '/chat/:chat_jid/pin',
      {
        config,
        schema: {
          operationId: 'pinChat',
          tags: ['chat'],
          summary: 'Pin or unpin a chat',
          params,
          body: z.object({ pinned: z.boolean() }),
          response: { ...refusals, 200: envelopeOf(z.object({ ...done, pinned: z.boolean() })) },
        },
      },
      async (request) => {
        const { pinned } = request.body
        const scope = await devices.linkedScope(request.deviceId)
        const { jid } = await actions.pin(scope, request.params.chat_jid, pinned)
        const message = `Chat ${pinned ? 'pinned' : 'unpinned'} successfully`
        return ok(message, { status: 'success' as const, message, chat_jid: jid, pinned })
      },
    )

    app.post(
      '/chat/:chat_jid/archive',
      {
        config,
        schema: {
          operationId: 'archiveChat',
          tags: ['chat'],
          summary: 'Archive or unarchive a chat',
          params,
          body: z.object({ archived: z.boolean() }),
          response: { ...refusals, 200: numbered(z.object({ ...done, archived: z.boolean() })) },
        },
      },
      async (request) => {
        const { archived } = request.body
        const scope = await devices.linkedScope(request.deviceId)
        const { jid } = await actions.archive(scope, request.params.chat_jid, archived)
        const message = `Chat ${archived ? 'archived' : 'unarchived'} successfully`
        const results = { status: 'success' as const, message, chat_jid: jid, archived }
        return { ...ok(message, results), status: 200 as const }
      },
    )

    app.post(
      '/chat/:chat_jid/disappearing',
      {
        config,
        schema: {
          operationId: 'setDisappearingTimer',
          tags: ['chat'],
          summary: 'Set disappearing messages timer',
          params,
          body: z.object({
            timer_seconds: z
              .int()
              .refine((seconds) => timers.includes(seconds), {
                message: 'timer_seconds must be one of: 0 (off), 86400 (24h), 604800 (7d), 7776000 (90d)',
              })
              .describe('0 (off), 86400 (24h), 604800 (7d) or 7776000 (90d).'),
          }),
          response: { ...refusals, 200: numbered(z.object({ ...done, timer_seconds: z.int() })) },
        },
      },
      async (request) => {
        const { timer_seconds: seconds } = request.body
        const scope = await devices.linkedScope(request.deviceId)
        const { jid } = await actions.setTimer(scope, request.params.chat_jid, seconds)
        const message =
          seconds === 0 ? 'Disappearing messages disabled' : `Disappearing messages set to ${seconds} seconds`
        const results = { status: 'success' as const, message, chat_jid: jid, timer_seconds: seconds }
        return { ...ok(message, results), status: 200 as const }
      },
    )
  }
}
