import type { z } from 'zod'
import { AppError } from '../../core/app-error.ts'
import { formatBytes } from '../../files/spool.ts'
import type { HttpApp, HttpRoutes } from '../../http/http-app.ts'
import type { OutgoingMedia } from '../../whatsapp/outgoing-media.ts'
import type { MediaSource, MediaWorkshop, PreparedMedia, StickerPack } from '../media/prepared-media.ts'
import { addSendRoute, type SendRoute, type SendRoutesDeps } from './generic-send-routes.ts'
import { mediaSource, type SourceFields } from './media-source-routes.ts'
import {
  sendAudioBody,
  sendFileBody,
  sendImageBody,
  sendStickerBody,
  sendVideoBody,
} from './send-media-schemas.ts'
import { type SendFields, toContext } from './send-schemas.ts'

/** What sending files needs. */
export interface SendMediaRoutesDeps extends SendRoutesDeps {
  readonly workshop: MediaWorkshop
  readonly limits: {
    readonly maxImageBytes: number
    readonly maxFileBytes: number
    readonly maxVideoBytes: number
    readonly maxAudioBytes: number
  }
}

/** One kind of media. */
interface MediaRoute<Schema extends z.ZodType<SendFields>> {
  readonly path: `/send/${string}`
  readonly operationId: string
  readonly summary: string
  readonly body: Schema
  readonly source: SourceFields
  readonly limitBytes: number
  /** The reference gateway's sentence for a file that is too large; the limit in plain words when absent. */
  readonly tooLarge?: string
  /** Its sentence for a file of another kind. */
  readonly notAllowed?: string
  readonly prepare: (
    source: MediaSource,
    body: z.infer<Schema>,
    options: { signal?: AbortSignal },
  ) => Promise<PreparedMedia>
  readonly toMessage: (body: z.infer<Schema>, prepared: PreparedMedia) => OutgoingMedia
  readonly statusOf: SendRoute<Schema>['statusOf']
}

const audioTypes =
  'audio/aac,audio/amr,audio/flac,audio/m4a,audio/m4r,audio/mp3,audio/mpeg,audio/ogg,audio/vnd.wav,audio/vnd.wave,audio/wav,audio/wave,audio/wma,audio/x-ms-wma,audio/x-pn-wav,audio/x-wav,'

/** `POST /send/image`, `/send/video`, `/send/audio`, `/send/file` and `/send/sticker`. */
export function sendMediaRoutes(deps: SendMediaRoutesDeps): HttpRoutes {
  const { workshop, limits } = deps
  return (app) => {
    addMediaRoute(app, deps, {
      path: '/send/image',
      operationId: 'sendImage',
      summary: 'Send Image',
      body: sendImageBody,
      source: { file: 'image', url: 'image_url', name: 'Image' },
      limitBytes: limits.maxImageBytes,
      notAllowed: 'your image is not allowed. please use jpg/jpeg/png',
      prepare: (source, { compress = true, hd = false }, options) =>
        workshop.prepareImage(source, { ...options, compress, hd }),
      toMessage: (body, prepared) => ({
        ...fileOf(prepared),
        kind: 'image',
        caption: body.caption,
        isViewOnce: body.view_once,
        context: toContext(body, body.caption),
      }),
      statusOf: (phone) => `Message sent to ${phone}`,
    })
    addMediaRoute(app, deps, {
      path: '/send/video',
      operationId: 'sendVideo',
      summary: 'Send Video',
      body: sendVideoBody,
      source: { file: 'video', url: 'video_url', name: 'Video' },
      limitBytes: limits.maxVideoBytes,
      tooLarge: tooLargeText('video', limits.maxVideoBytes),
      notAllowed: 'your video type is not allowed. please use mp4/mkv/avi/x-msvideo',
      prepare: (source, { compress = false, hd = false, gif_playback: gifPlayback = false }, options) =>
        workshop.prepareVideo(source, { ...options, compress, hd, gifPlayback }),
      toMessage: (body, prepared) => ({
        ...fileOf(prepared),
        kind: 'video',
        caption: body.caption,
        isViewOnce: body.view_once,
        isGif: body.gif_playback,
        context: toContext(body, body.caption),
      }),
      statusOf: (phone) => `Video sent to ${phone}`,
    })
    addMediaRoute(app, deps, {
      path: '/send/audio',
      operationId: 'sendAudio',
      summary: 'Send Audio',
      body: sendAudioBody,
      source: { file: 'audio', url: 'audio_url', name: 'Audio' },
      limitBytes: limits.maxAudioBytes,
      notAllowed: `your audio type is not allowed. please use (${audioTypes})`,
      prepare: (source, { ptt = false }, options) => workshop.prepareAudio(source, { ...options, ptt }),
      toMessage: (body, prepared) => ({
        ...fileOf(prepared),
        kind: 'audio',
        isVoice: body.ptt,
        context: toContext(body),
      }),
      statusOf: (phone) => `Send audio success ${phone}`,
    })
    addMediaRoute(app, deps, {
      path: '/send/file',
      operationId: 'sendFile',
      summary: 'Send File',
      body: sendFileBody,
      source: { file: 'file', url: 'file_url', name: 'File' },
      limitBytes: limits.maxFileBytes,
      tooLarge: tooLargeText('file', limits.maxFileBytes),
      prepare: (source, _body, options) => workshop.prepareDocument(source, options),
      toMessage: (body, prepared) => ({
        ...fileOf(prepared),
        kind: 'document',
        fileName: prepared.fileName ?? 'file',
        caption: body.caption,
        context: toContext(body, body.caption),
      }),
      statusOf: (phone) => `Document sent to ${phone}`,
    })
    addMediaRoute(app, deps, {
      path: '/send/sticker',
      operationId: 'sendSticker',
      summary: 'Send Sticker',
      body: sendStickerBody,
      source: { file: 'sticker', url: 'sticker_url', name: 'Sticker', isExclusive: true },
      limitBytes: limits.maxImageBytes,
      notAllowed: 'your sticker is not allowed. please use jpg/jpeg/png/webp/gif',
      prepare: (source, body, options) => {
        const pack = packOf(body)
        return workshop.prepareSticker(source, pack === null ? options : { ...options, pack })
      },
      toMessage: (body, prepared) => ({ ...fileOf(prepared), kind: 'sticker', context: toContext(body) }),
      statusOf: (phone, { isAnimated }) => `${isAnimated ? 'Animated sticker' : 'Sticker'} sent to ${phone}`,
    })
  }
}

/** The reference gateway's sentence, with the limit that is set. */
function tooLargeText(kind: string, limitBytes: number): string {
  const limit = formatBytes(limitBytes)
  return `max ${kind} upload is ${limit}, please upload in cloud and send via text if your file is higher than ${limit}`
}

function addMediaRoute<Schema extends z.ZodType<SendFields>>(
  app: HttpApp,
  deps: SendMediaRoutesDeps,
  route: MediaRoute<Schema>,
): void {
  const { path, operationId, summary, body, source, limitBytes, tooLarge, statusOf } = route
  addSendRoute(app, deps, {
    path,
    operationId,
    summary,
    description: `Takes a multipart form with the file, or JSON with ${source.url}. What the file is, is told by its content.`,
    body,
    upload: { fields: [source.file], limitBytes, ...(tooLarge === undefined ? {} : { tooLarge }) },
    check: (request) => {
      mediaSource(request, source)
    },
    statusOf,
    compose:
      (wish, { request, signal }) =>
      async (_chat, scratch) => {
        const options = signal === undefined ? {} : { signal }
        const prepared = await route
          .prepare(mediaSource(request, source), wish, options)
          .catch((error: unknown) => {
            throw refusedAs(error, route.notAllowed)
          })
        scratch.defer(() => prepared.dispose())
        return route.toMessage(wish, prepared)
      },
  })
}

/** A file of another kind is refused in the reference gateway's words. */
function refusedAs(error: unknown, notAllowed: string | undefined): unknown {
  const isOtherKind = error instanceof AppError && error.code === 'media_type_refused'
  return isOtherKind && notAllowed !== undefined
    ? new AppError('validation_failed', { message: notAllowed, cause: error })
    : error
}

/** The pack that a body names; null when it says nothing of one. */
function packOf(body: z.infer<typeof sendStickerBody>): StickerPack | null {
  const { pack_name: name, pack_publisher: publisher, emojis = [] } = body
  if (!name && !publisher && emojis.length === 0) return null
  return { ...(name ? { name } : {}), ...(publisher ? { publisher } : {}), emojis }
}

function fileOf({ path, mimeType, sizeBytes, ...look }: PreparedMedia) {
  const { width, height, seconds, thumbnail, waveform, isAnimated } = look
  return { file: { path, mimeType, sizeBytes }, width, height, seconds, thumbnail, waveform, isAnimated }
}
