import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { AppError } from '../../core/app-error.ts'
import { asMessageId, type MessageId, newMessageId } from '../../core/ids.ts'
import { toServerTime } from '../../core/server-time.ts'
import { clientGone } from '../../http/client-gone.ts'
import {
  envelopeOf,
  errorEnvelope,
  errorResponses,
  type HttpApp,
  ok,
  type UploadConfig,
} from '../../http/http-app.ts'
import type { AccountScope } from '../account-scope.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import { sanitisePhone } from '../phone-input.ts'
import type { Idempotency } from './idempotency.ts'
import type { LinkPreviewSource } from './link-composer.ts'
import { fileFacts } from './media-source-routes.ts'
import { ensureDuration, readIdempotencyKey, type SendFields, sendResults } from './send-schemas.ts'
import type { Composed, SendService, SentMessage } from './send-service.ts'

/** What sending needs. */
export interface SendRoutesDeps {
  readonly sends: SendService
  readonly idempotency: Idempotency
  readonly previews: LinkPreviewSource
  readonly devices: Pick<DeviceReader, 'scopeOf'>
}

/** Who asks, and what came with the request besides its body. */
export interface SendCall {
  readonly scope: AccountScope
  /** As the route's `params` let them through. */
  readonly params: unknown
  readonly request: FastifyRequest
  /** Fires when nobody waits for the answer any more; absent where the work is done all the same (with an idempotency key). */
  readonly signal: AbortSignal | undefined
}

/** One operation that sends a message. */
export interface SendRoute<Schema extends z.ZodType<SendFields>> {
  readonly path: `/${string}`
  readonly operationId: string
  /** Default `send`. */
  readonly tag?: string
  readonly summary: string
  /** In `/openapi.json`, before what is said of every send. */
  readonly description?: string
  readonly params?: z.ZodType
  readonly body: Schema
  /** Files that it takes in a form. */
  readonly upload?: UploadConfig
  /** Looks at what no schema can, before anything else is asked; throws. */
  readonly check?: (request: FastifyRequest) => void
  /** The message that the body asks for, or how to make it. */
  readonly compose: (body: z.infer<Schema>, call: SendCall) => Composed
  /** The answer's sentence up to the server's time; `phone` is the recipient as answers repeat it. */
  readonly statusOf: (phone: string, sent: SentMessage) => string
}

/** What a send answers, and what is recorded of it under an idempotency key: a repeat says the very same. */
type Answered = { readonly message_id: string; readonly status: string }

const everySend =
  'Answers once WhatsApp confirmed the message. 504 SEND_OUTCOME_UNKNOWN: it may or may not arrive; results.message_id names it, and it is never sent again by itself.'

/** Serves one operation that sends: answers with the message's id and WhatsApp's time, repeats an answer under its key. */
export function addSendRoute<Schema extends z.ZodType<SendFields>>(
  app: HttpApp,
  deps: SendRoutesDeps,
  route: SendRoute<Schema>,
): void {
  app.post(
    route.path,
    {
      config: {
        device: 'scoped',
        scope: 'send',
        idempotency: 'by-key',
        ...(route.upload ? { upload: route.upload } : {}),
      },
      schema: {
        operationId: route.operationId,
        tags: [route.tag ?? 'send'],
        summary: route.summary,
        description: [route.description, everySend].filter(Boolean).join(' '),
        ...(route.params ? { params: route.params } : {}),
        body: route.body,
        response: {
          ...errorResponses,
          200: envelopeOf(sendResults),
          401: errorEnvelope.describe('Not logged in, or not connected'),
          504: errorEnvelope.describe('Nobody knows whether it was sent'),
        },
      },
    },
    async (request, reply) => {
      const body = request.body as z.infer<Schema> // what the schema above let through
      route.check?.(request)
      ensureDuration(body.duration)
      // Under a key the outcome is wanted later, should the caller be gone now.
      const signal = request.headers['idempotency-key'] === undefined ? clientGone(reply) : undefined
      const scope = await deps.devices.scopeOf(request.deviceId)
      if (scope === null) throw new AppError('device_not_logged_in')
      const toAnswered = (sent: SentMessage): Answered => ({
        message_id: sent.id,
        status: `${route.statusOf(sanitisePhone(body.phone), sent)} (server timestamp: ${toServerTime(sent.at)})`,
      })
      const answered = await once(deps, request, scope, {
        route: `POST ${route.path}`,
        work: (id) => {
          const composed = route.compose(body, { scope, params: request.params, request, signal })
          const replyTo = body.reply_message_id ? { replyTo: asMessageId(body.reply_message_id) } : {}
          return deps.sends.send(scope, body.phone, composed, { id, ...replyTo })
        },
        toAnswered,
      })
      return ok(answered.status, answered)
    },
  )
}

async function once(
  { sends, idempotency }: SendRoutesDeps,
  request: FastifyRequest,
  scope: AccountScope,
  {
    route,
    work,
    toAnswered,
  }: {
    readonly route: string
    readonly work: (id: MessageId) => Promise<SentMessage>
    readonly toAnswered: (sent: SentMessage) => Answered
  },
): Promise<Answered> {
  const key = readIdempotencyKey(request.headers['idempotency-key'])
  if (key === null) return toAnswered(await work(newMessageId()))
  return idempotency.run<Answered>({
    identity: { credential: request.actor.name, deviceId: scope.deviceId, route, key },
    request: [request.params, request.body, ...fileFacts(request)],
    work: async (id) => toAnswered(await work(id)),
    recover: async (id) => {
      const sent = await sends.outcome(scope, id)
      return sent === null ? null : toAnswered(sent)
    },
  })
}
