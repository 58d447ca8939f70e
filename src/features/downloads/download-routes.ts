import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError } from '../../core/app-error.ts'
import { asMessageId } from '../../core/ids.ts'
import {
  envelopeOf,
  errorEnvelope,
  errorResponses,
  externalBaseUrl,
  type HttpRoutes,
  ok,
} from '../../http/http-app.ts'
import { PartsBody } from '../../http/parts-body.ts'
import type { AccountScope } from '../account-scope.ts'
import type { ChatReader } from '../chats/chat-reader.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import { sendMedia } from '../media/media-routes.ts'
import type { MediaStore } from '../media/media-store.ts'
import type { MessageReader } from '../messages/message-reader.ts'
import type { StoredMessage } from '../messages/stored-message.ts'
import { sanitisePhone, toRecipient } from '../phone-input.ts'
import { jsonWithData, lengthOfJsonWithData } from './base64-json.ts'
import type { DownloadedFile } from './download.ts'
import {
  contentTypeOf,
  downloadParams,
  downloadQuery,
  downloadResults,
  toWireDownload,
} from './download-schemas.ts'
import type { MediaDownloads } from './media-downloads.ts'

/** What downloading needs. */
export interface DownloadRoutesDeps {
  readonly devices: Pick<DeviceReader, 'scopeOf'>
  readonly chats: Pick<ChatReader, 'get'>
  readonly messages: Pick<MessageReader, 'get'>
  readonly downloads: Pick<MediaDownloads, 'fetch'>
  readonly store: MediaStore
  /** Where a file is served, with a signature. */
  readonly pathOf: (file: DownloadedFile) => string
}

/** `GET /message/{message_id}/download`: from WhatsApp the first time, from our own store from then on. */
export function downloadRoutes(deps: DownloadRoutesDeps): HttpRoutes {
  return (app) => {
    app.get(
      '/message/:message_id/download',
      {
        config: { device: 'scoped', scope: 'read' },
        schema: {
          operationId: 'downloadMessageMedia',
          tags: ['message'],
          summary: 'Download media from message',
          description:
            'What WhatsApp has thrown away is asked for from the phone, which takes up to 30 seconds. With raw=1 the answer is the file itself, with ranges.',
          params: downloadParams,
          querystring: downloadQuery,
          response: {
            ...errorResponses,
            200: {
              description: 'The file, in JSON or as it is',
              content: {
                'application/json': {
                  schema: envelopeOf(downloadResults).extend({ status: z.literal(200) }),
                },
                'application/octet-stream': { schema: z.any() },
              },
            },
            401: errorEnvelope.describe('Not logged in, or not connected'),
            404: errorEnvelope.describe('No such message, or it has no media'),
            410: errorEnvelope.describe('Nobody has the file any more'),
            413: errorEnvelope.describe('The file is larger than allowed'),
            502: errorEnvelope.describe('The file could not be fetched, or is not what the sender said'),
          },
        },
      },
      async (request, reply) => {
        const { phone, raw } = request.query
        const scope = await deps.devices.scopeOf(request.deviceId)
        if (scope === null) throw new AppError('device_not_logged_in')
        const message = await find(deps, scope, request.params.message_id, phone)
        const file = await deps.downloads.fetch(scope, message)
        const isRaw = raw === '1' || raw === 'true' || (raw === undefined && !takesJson(request))
        return isRaw ? sendFile(deps, request, reply, file) : sendJson(deps, request, reply, message, file)
      },
    )
  }
}

async function find(
  { chats, messages }: DownloadRoutesDeps,
  scope: AccountScope,
  id: string,
  phone: string,
): Promise<StoredMessage> {
  const jid = toRecipient(phone)
  const chat = jid === null ? null : await chats.get(scope, jid)
  const message = await messages.get(scope, asMessageId(id), chat ?? undefined)
  if (message !== null && chat !== null) return message
  const elsewhere = message ?? (await messages.get(scope, asMessageId(id)))
  throw new AppError('message_not_found', {
    message:
      elsewhere === null
        ? `message with ID ${id} not found`
        : `message ${id} does not belong to chat ${sanitisePhone(phone)}`,
  })
}

/** Whether the caller would take JSON. Most say that they take anything, which is JSON here. */
function takesJson({ headers }: FastifyRequest): boolean {
  const accept = headers.accept ?? ''
  return accept === '' || /(^|[\s,])(\*\/\*|application\/(json|\*))/i.test(accept)
}

async function sendJson(
  deps: DownloadRoutesDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  message: StoredMessage,
  file: DownloadedFile,
): Promise<FastifyReply> {
  const results = toWireDownload(message.id, file, deps.pathOf(file), externalBaseUrl(request))
  // The contract declares this number too.
  const envelope = { status: 200, ...ok(results.status) }
  const content = await open(deps, file)
  return reply
    .type('application/json; charset=utf-8')
    .header('content-length', lengthOfJsonWithData(envelope, results, file.sizeBytes))
    .send(new PartsBody(jsonWithData(envelope, results, content)))
}

async function sendFile(
  { store }: DownloadRoutesDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  file: DownloadedFile,
): Promise<FastifyReply> {
  const name = encodeURIComponent(file.fileName.toWellFormed()).replaceAll("'", '%27')
  void reply
    // What people send must not run as a page of this host.
    .header('content-disposition', `attachment; filename*=UTF-8''${name}`)
    .header('x-content-type-options', 'nosniff')
    .type(contentTypeOf(file))
  return sendMedia(store, file.ref, request, reply)
}

async function open({ store }: DownloadRoutesDeps, file: DownloadedFile) {
  const content = await store.open(file.ref)
  // Deleted since it was looked for; asked for again it is fetched again.
  if (content === null) throw new AppError('media_not_found')
  return content
}
