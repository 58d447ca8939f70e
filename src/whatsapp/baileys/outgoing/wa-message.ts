import { type BinaryNode, generateWAMessageContent, proto, type WAMediaUploadFunction } from 'baileys'
import { AppError } from '../../../core/app-error.ts'
import { type Jid, jidKind, statusBroadcast } from '../../jid.ts'
import type { MediaKind } from '../../message.ts'
import { isOutgoingChange, type Outgoing } from '../../outgoing-change.ts'
import { isOutgoingMedia, type OutgoingMedia } from '../../outgoing-media.ts'
import type { OutgoingForward, OutgoingLink, OutgoingMessage } from '../../outgoing-message.ts'
import type { MediaUploader, UploadedFile } from '../media/media-uploader.ts'
import { toChangeMessage } from './change.ts'
import { toContactContent } from './contact.ts'
import { putContext } from './context-info.ts'
import { fileKindOf, forwardStanza, putUploaded, toForwardMessage } from './forward.ts'
import { toLinkMessage } from './link.ts'
import { toLocationContent } from './location.ts'
import type { Made } from './made.ts'
import { mediaKindOf, toMediaMessage } from './media.ts'
import { toPollContent } from './poll.ts'
import { putStatusLook } from './status-look.ts'
import { toTextContent } from './text.ts'

/** An outgoing message in WhatsApp's form: what is relayed, and its bytes for the store. */
export interface WaMessage {
  readonly message: proto.IMessage
  readonly raw: Uint8Array
  /** Attributes and nodes that its stanza carries beside the usual ones. */
  readonly attributes: Readonly<Record<string, string>>
  readonly nodes: readonly BinaryNode[]
}

/** What brings files to WhatsApp: Baileys' own way for what it makes itself, ours for files that are sent. */
export interface MessageUploads {
  readonly upload: WAMediaUploadFunction
  readonly uploads: Pick<MediaUploader, 'upload'>
  readonly at: Date
}

/** Builds the protobuf of a message to `to`, uploading the file it brings along. */
export async function toWaMessage(to: Jid, outgoing: Outgoing, uploads: MessageUploads): Promise<WaMessage> {
  const made = await make(to, outgoing, uploads)
  const { message } = made
  if (!isOutgoingChange(outgoing)) putContext(message, outgoing.context, to)
  if (to === statusBroadcast) putStatusLook(message)
  return { nodes: [], attributes: {}, ...made, raw: proto.Message.encode(message).finish() }
}

type Generated = Pick<WaMessage, 'message'> & Partial<Pick<WaMessage, 'attributes' | 'nodes'>>

async function make(to: Jid, outgoing: Outgoing, uploads: MessageUploads): Promise<Generated> {
  if (isOutgoingChange(outgoing)) return toChangeMessage(outgoing, uploads.at)
  if (isOutgoingMedia(outgoing)) return uploadMedia(to, outgoing, uploads)
  if (outgoing.kind === 'forward') return passOn(to, outgoing, uploads)
  if (outgoing.kind === 'link') return link(to, outgoing, uploads)
  return generate(to, outgoing, uploads)
}

/** Everything that Baileys makes. */
type Plain = Exclude<OutgoingMessage, OutgoingMedia | OutgoingForward | OutgoingLink>

async function generate(to: Jid, outgoing: Plain, { upload }: MessageUploads): Promise<Generated> {
  const { content, ...stanza } = toMade(outgoing)
  return { ...stanza, message: await generateWAMessageContent(content, { upload, jid: to }) }
}

async function uploadMedia(
  to: Jid,
  outgoing: OutgoingMedia,
  { uploads, at }: MessageUploads,
): Promise<Generated> {
  const kind = mediaKindOf(outgoing)
  const isForChannel = jidKind(to) === 'newsletter'
  const uploaded = await uploads.upload(outgoing.file.path, kind, { isForChannel })
  return {
    message: toMediaMessage(outgoing, uploaded, at),
    attributes: toMediaAttributes(kind, uploaded),
  }
}

async function link(to: Jid, outgoing: OutgoingLink, { uploads, at }: MessageUploads): Promise<Generated> {
  const picture = outgoing.preview?.picture
  if (picture === undefined) return { message: toLinkMessage(outgoing, null, at) }
  const uploaded = await uploads
    .upload(picture.path, 'link_picture', { isForChannel: jidKind(to) === 'newsletter' })
    .catch((error: unknown) => {
      // The small picture is in the message itself: a large one that cannot be had is not worth the message.
      if (error instanceof AppError && error.code === 'upload_failed') return null
      throw error
    })
  return { message: toLinkMessage(outgoing, uploaded, at) }
}

async function passOn(
  to: Jid,
  outgoing: OutgoingForward,
  { uploads, at }: MessageUploads,
): Promise<Generated> {
  const message = toForwardMessage(outgoing)
  const stanza = forwardStanza(message)
  const kind = fileKindOf(message)
  if (kind === null || outgoing.file === undefined) return { message, ...stanza }
  const uploaded = await uploads.upload(outgoing.file.path, kind, {
    isForChannel: jidKind(to) === 'newsletter',
  })
  putUploaded(message, uploaded, at)
  return { message, ...stanza, attributes: toMediaAttributes(kind, uploaded) }
}

/** Baileys takes a round video for a text, and does not know how channels name files. */
function toMediaAttributes(kind: MediaKind, { handle }: UploadedFile): WaMessage['attributes'] {
  return {
    ...(kind === 'video_note' ? { type: 'media' } : {}),
    ...(handle === null ? {} : { media_id: handle }),
  }
}

function toMade(outgoing: Plain): Made {
  switch (outgoing.kind) {
    case 'text':
      return toTextContent(outgoing)
    case 'contact':
      return toContactContent(outgoing)
    case 'location':
      return toLocationContent(outgoing)
    case 'poll':
      return toPollContent(outgoing)
  }
}
