import type { FastifyRequest } from 'fastify'
import { AppError } from '../../core/app-error.ts'
import { asMessageId, type MessageId, newMessageId } from '../../core/ids.ts'
import { envelopeOf, errorEnvelope, errorResponses, type HttpRoutes, ok } from '../../http/http-app.ts'
import type { OutgoingMessage } from '../../whatsapp/outgoing-message.ts'
import type { AccountScope } from '../account-scope.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import { sanitisePhone } from '../phone-input.ts'
import type { Idempotency } from './idempotency.ts'
import { toMentions } from './mentions.ts'
import { readIdempotencyKey, type SendMessageBody, sendMessageBody, sendResults } from './send-schemas.ts'
import type { SendService, SentMessage } from './send-service.ts'

/** What sending needs. */
export interface SendRoutesDeps {
  readonly sends: SendService
  readonly idempotency: Idempotency
  readonly devices: Pick<DeviceReader, 'scopeOf'>
}

/** A sent message as recorded under an idempotency key. */
type Recorded = { readonly messageId: string; readonly at: number }

/** `POST /send/message`. */
export function sendRoutes(deps: SendRoutesDeps): HttpRoutes {
  return (app) => {
    app.post(
      '/send/message',
      {
        config: { device: 'scoped', idempotency: 'by-key' },
        schema: {
          operationId: 'sendMessage',
          tags: ['send'],
          summary: 'Send Message',
          description:
            'Answers once WhatsApp confirmed the message. 504 SEND_OUTCOME_UNKNOWN: it may or may not arrive; results.message_id names it, and it is never sent again by itself.',
          body: sendMessageBody,
          response: {
            ...errorResponses,
            200: envelopeOf(sendResults),
            401: errorEnvelope.describe('Not logged in, or not connected'),
            504: errorEnvelope.describe('Nobody knows whether it was sent'),
          },
        },
      },
      async (request) => {
        const { body } = request
        const scope = await deps.devices.scopeOf(request.deviceId)
        if (scope === null) throw new AppError('device_not_logged_in')
        const sent = await once(deps, request, scope, body, (id) =>
          deps.sends.send(scope, body.phone, toOutgoing(body), {
            id,
            ...(body.reply_message_id ? { replyTo: asMessageId(body.reply_message_id) } : {}),
          }),
        )
        const status = `Message sent to ${sanitisePhone(body.phone)} (server timestamp: ${serverTime(sent.at)})`
        return ok(status, { message_id: sent.id, status })
      },
    )
  }
}

async function once(
  { sends, idempotency }: SendRoutesDeps,
  request: FastifyRequest,
  scope: AccountScope,
  body: SendMessageBody,
  work: (id: MessageId) => Promise<SentMessage>,
): Promise<SentMessage> {
  const key = readIdempotencyKey(request.headers['idempotency-key'])
  if (key === null) return work(newMessageId())
  const { messageId, at } = await idempotency.run<Recorded>({
    identity: {
      credential: request.credential,
      deviceId: scope.deviceId,
      route: 'POST /send/message',
      key,
    },
    request: body,
    work: async (id) => toRecorded(await work(id)),
    recover: async (id) => {
      const sent = await sends.outcome(scope, id)
      return sent === null ? null : toRecorded(sent)
    },
  })
  return { id: asMessageId(messageId), at: new Date(at) }
}

function toRecorded(sent: SentMessage): Recorded {
  return { messageId: sent.id, at: sent.at.getTime() }
}

function toOutgoing(body: SendMessageBody): OutgoingMessage {
  const mentions = toMentions(body.message, body.mentions ?? [])
  return {
    kind: 'text',
    text: body.message,
    context: {
      ...(mentions === null ? {} : { mentions }),
      ...(body.is_forwarded === true ? { isForwarded: true } : {}),
      ...(body.duration ? { expirationSeconds: body.duration } : {}),
    },
  }
}

/** A time as the reference writes it in sentences: `2025-12-20 10:11:12 +0000 UTC`. */
function serverTime(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`
}
