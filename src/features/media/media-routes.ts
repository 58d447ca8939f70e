import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError } from '../../core/app-error.ts'
import { errorEnvelope, type HttpRoutes } from '../../http/http-app.ts'
import { isKnownTo } from '../../http/known-tag.ts'
import { PartsBody } from '../../http/parts-body.ts'
import { parseRange } from './byte-range.ts'
import { linkFolder, type MediaLinks } from './download-url.ts'
import { type MediaRef, type MediaStore, parseMediaRef, sha256Of } from './media-store.ts'

/** What serving media needs. */
export interface MediaRoutesDeps {
  readonly store: MediaStore
  readonly links: MediaLinks
}

const linkQuery = z.object({
  expires: z.string().max(15).optional().describe('Seconds since 1970'),
  signature: z.string().max(100).optional(),
  type: z.string().max(255).optional(),
  name: z.string().max(1_000).optional(),
})

/** Shown in a browser; everything else is saved, so that no page of somebody else's runs under this address. */
const shown = /^(image\/(?!svg)|video\/|audio\/|application\/pdf$|text\/plain\b)/

/** `GET /statics/media/<file>`: stored media, for whoever has a signed link. No other file can be reached. */
export function mediaRoutes(deps: MediaRoutesDeps): HttpRoutes {
  return (app) => {
    app.get(
      `/${linkFolder}/:file`,
      {
        config: { auth: 'public' },
        schema: {
          operationId: 'storedMedia',
          tags: ['message'],
          summary: 'Stored media, by a signed link from an event or an answer',
          description: 'Needs no credentials; the link carries an expiry and a signature. Ranges are served.',
          params: z.object({ file: z.string() }),
          querystring: linkQuery,
          response: {
            200: { description: 'The file', content: { 'application/octet-stream': { schema: z.any() } } },
            206: {
              description: 'A part of it',
              content: { 'application/octet-stream': { schema: z.any() } },
            },
            403: errorEnvelope.describe('The link was changed, or made with another key'),
            404: errorEnvelope.describe('The file is not stored (any more)'),
            410: errorEnvelope.describe('The link has expired'),
            416: errorEnvelope.describe('There is no such part'),
          },
          security: [],
        },
      },
      async (request, reply) => {
        const ref = parseMediaRef(request.params.file)
        if (ref === null) throw new AppError('media_not_found')
        const { secondsLeft, ...file } = deps.links.check(ref, request.query)
        void reply
          .type(file.mimeType)
          .header('content-disposition', disposition(file.mimeType, file.fileName))
          .header('cache-control', `private, max-age=${secondsLeft}`)
          .header('cross-origin-resource-policy', 'cross-origin')
        return sendMedia(deps.store, ref, request, reply)
      },
    )
  }
}

/**
 * Streams stored content, or the part of it that the request asks for; type and further headers are the caller's. Raises
 * `media_not_found` and `range_not_satisfiable`.
 */
export async function sendMedia(
  store: MediaStore,
  ref: MediaRef,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const found = await store.stat(ref)
  if (found === null) throw plain(reply, new AppError('media_not_found'))
  const { sizeBytes } = found
  const etag = `"${sha256Of(ref)}"`
  void reply.header('accept-ranges', 'bytes').header('etag', etag)
  if (isKnownTo(request, etag)) return reply.code(304).send()
  const isSame = request.headers['if-range'] === undefined || request.headers['if-range'] === etag
  const range = isSame ? parseRange(request.headers.range, sizeBytes) : null
  if (range === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${sizeBytes}`)
    throw plain(reply, new AppError('range_not_satisfiable'))
  }
  void reply.header('content-length', range === null ? sizeBytes : range.end - range.start + 1)
  if (range !== null)
    void reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${sizeBytes}`)
  // A stream, because the length of any other empty body would be told in place of the file's.
  if (request.method === 'HEAD' || sizeBytes === 0) return reply.serializer(String).send(Readable.from([]))
  const content = await store.open(ref, range ?? undefined)
  if (content === null) throw plain(reply, new AppError('media_not_found'))
  // Bytes as they are: no schema has a say in them.
  return reply.serializer((payload: string) => payload).send(new PartsBody(content))
}

/** An error is no file: what was said of the file is taken back. */
function plain(reply: FastifyReply, error: AppError): AppError {
  for (const name of ['content-disposition', 'cache-control', 'etag']) void reply.removeHeader(name)
  void reply.header('cache-control', 'no-store')
  return error
}

function disposition(mimeType: string, fileName: string): string {
  const kind = shown.test(mimeType) ? 'inline' : 'attachment'
  if (fileName === '') return kind
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(fileName.toWellFormed()).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16)}`,
  )
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
