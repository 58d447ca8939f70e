import { envelopeOf, errorEnvelope, errorResponses, type HttpRoutes, ok } from '../../http/http-app.ts'
import { sanitisePhone } from '../phone-input.ts'
import { sendChatPresenceBody, sendPresenceBody } from './presence-schemas.ts'
import type { PresenceService } from './presence-service.ts'
import { sendResults } from './send-schemas.ts'

const responses = {
  ...errorResponses,
  200: envelopeOf(sendResults),
  401: errorEnvelope.describe('Not logged in, or not connected'),
}

/** `POST /send/presence` and `POST /send/chat-presence`. */
export function presenceRoutes({ presence }: { readonly presence: PresenceService }): HttpRoutes {
  return (app) => {
    app.post(
      '/send/presence',
      {
        config: { device: 'scoped', scope: 'send' },
        schema: {
          operationId: 'sendPresence',
          tags: ['send'],
          summary: 'Send presence status',
          body: sendPresenceBody,
          response: responses,
        },
      },
      async (request) => {
        const { type } = request.body
        await presence.setAvailable(request.deviceId, type === 'available')
        const status = `Send presence success ${type}`
        return ok(status, { message_id: 'presence', status })
      },
    )
    app.post(
      '/send/chat-presence',
      {
        config: { device: 'scoped', scope: 'send' },
        schema: {
          operationId: 'sendChatPresence',
          tags: ['send'],
          summary: 'Send chat presence (typing indicator)',
          description: 'Shows in a chat that something is being typed, or no longer.',
          body: sendChatPresenceBody,
          response: responses,
        },
      },
      async (request) => {
        const { phone, action } = request.body
        await presence.setChatState(request.deviceId, phone, action === 'start' ? 'composing' : 'paused')
        const status = `Send chat presence ${action} typing success ${sanitisePhone(phone)}`
        return ok(status, { message_id: `chat-presence-${action}`, status })
      },
    )
  }
}
