import type { proto } from 'baileys'
import type { MediaInfo, MediaKind } from '../../message.ts'

type Content = proto.IMessage
type ContentKey = keyof Content

/** Messages that only wrap another one. */
const wrappers = [
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'editedMessage',
  'associatedChildMessage',
  'groupStatusMessage',
  'groupStatusMessageV2',
  'groupMentionedMessage',
  'botInvokeMessage',
  'lottieStickerMessage',
  'deviceSentMessage',
] as const satisfies readonly ContentKey[]

const viewOnceWrappers: ReadonlySet<string> = new Set([
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
])

/** Fields beside the content proper: never the answer to "what is this message?". */
const companions: ReadonlySet<string> = new Set(['messageContextInfo', 'senderKeyDistributionMessage'])

/** A message's content without its wrappers, and what they said. */
export interface Unwrapped {
  readonly content: Content
  readonly isViewOnce: boolean
}

/** Takes off every wrapper (ephemeral, view-once, captioned document, edited, device-sent …). */
export function unwrap(message: Content): Unwrapped {
  let content = message
  let isViewOnce = false
  // A sender could nest for ever; real messages have two levels.
  for (let depth = 0; depth < 8; depth++) {
    const wrapper = wrappers.find((name) => content[name]?.message)
    const inner = wrapper === undefined ? undefined : content[wrapper]?.message
    if (wrapper === undefined || !inner) break
    isViewOnce ||= viewOnceWrappers.has(wrapper)
    content = inner
  }
  return { content, isViewOnce }
}

/** What a content is, in the protobuf's words; 'empty' when it holds nothing but companions. */
export function contentType(content: Content): string {
  const entries = Object.entries(content)
  const known = entries.find(
    ([name, value]) => value !== null && value !== undefined && !companions.has(name),
  )
  return known?.[0] ?? (content.senderKeyDistributionMessage ? 'senderKeyDistributionMessage' : 'empty')
}

/** Typed text, caption, or the answer chosen from buttons and lists; '' when there is none. */
export function textOf(content: Content): string {
  return (
    content.conversation ||
    content.extendedTextMessage?.text ||
    content.imageMessage?.caption ||
    content.videoMessage?.caption ||
    content.documentMessage?.caption ||
    content.ptvMessage?.caption ||
    content.buttonsResponseMessage?.selectedDisplayText ||
    content.listResponseMessage?.title ||
    content.templateButtonReplyMessage?.selectedDisplayText ||
    content.interactiveResponseMessage?.body?.text ||
    ''
  )
}

/** The context (quote, mentions, timer, forwarding) of whichever content carries one. */
export function contextOf(content: Content): proto.IContextInfo | null {
  const parts: unknown[] = Object.values(content)
  for (const part of parts) {
    if (typeof part !== 'object' || part === null || !('contextInfo' in part)) continue
    const context = part.contextInfo
    if (typeof context === 'object' && context !== null) return context
  }
  return null
}

/** The part of a content that brings a file along. */
export type MediaPart = Pick<
  proto.Message.IDocumentMessage,
  'mimetype' | 'url' | 'directPath' | 'fileLength' | 'fileSha256' | 'fileEncSha256' | 'mediaKey'
> & { readonly fileName?: string | null; readonly caption?: string | null }

/** The media a content carries, or null. Of several the first. */
export function mediaOf(content: Content): MediaInfo | null {
  const [first] = mediaPartsOf(content)
  return first === undefined ? null : toMediaInfo(first)
}

/** What is known of a file of a message without fetching it. */
export function toMediaInfo({ kind, part, isOfInteractive }: FoundMedia): MediaInfo {
  return {
    kind,
    mimeType: part.mimetype ?? '',
    fileName: part.fileName ?? '',
    caption: part.caption ?? '',
    url: part.url ?? '',
    fileLength: toNumber(part.fileLength),
    ...(isOfInteractive && { isOfInteractive }),
  }
}

/** A part of a content that is a file. */
interface FilePart {
  readonly kind: MediaKind
  readonly part: MediaPart
}

/** A file of a message, and whether it stands at the head of an interactive one. */
export interface FoundMedia extends FilePart {
  readonly isOfInteractive: boolean
}

/** Official clients make ten cards at most; nobody shall have us fetch without end. */
const mostFiles = 30

/** The files of a content, in their order: its own, or those at the heads of an interactive message. */
export function mediaPartsOf(content: Content): FoundMedia[] {
  const own = filePartOf(content)
  if (own !== null) return [{ ...own, isOfInteractive: false }]
  const files = formsOf(content)
    .map((heads) => heads.flatMap((head) => (head ? (filePartOf(head) ?? []) : [])))
    .find((found) => found.length > 0)
  return (files ?? []).slice(0, mostFiles).map((file) => ({ ...file, isOfInteractive: true }))
}

type Head = Pick<Content, 'imageMessage' | 'videoMessage' | 'documentMessage'>

/**
 * What buttons, templates and the cards of a carousel have above their text. A template may say the same in several forms,
 * for clients of different age: one list of heads for each.
 */
function formsOf(content: Content): (Head | null | undefined)[][] {
  const { interactiveMessage, buttonsMessage, templateMessage } = content
  const interactive = interactiveMessage ?? templateMessage?.interactiveMessageTemplate
  const cards = interactive?.carouselMessage?.cards ?? []
  return [
    [interactive?.header, ...cards.map(({ header }) => header)],
    [buttonsMessage],
    [templateMessage?.hydratedTemplate],
    [templateMessage?.hydratedFourRowTemplate],
  ]
}

/** The part of a content that is a file. */
export function filePartOf(content: Content): FilePart | null {
  if (content.imageMessage) return { kind: 'image', part: content.imageMessage }
  if (content.videoMessage) return { kind: 'video', part: content.videoMessage }
  if (content.ptvMessage) return { kind: 'video_note', part: content.ptvMessage }
  if (content.audioMessage) return { kind: 'audio', part: content.audioMessage }
  if (content.documentMessage) return { kind: 'document', part: content.documentMessage }
  if (content.stickerMessage) return { kind: 'sticker', part: content.stickerMessage }
  return null
}

/** Whether a media content itself says that it may be seen once. */
export function saysViewOnce(content: Content): boolean {
  return Boolean(
    content.imageMessage?.viewOnce ||
      content.videoMessage?.viewOnce ||
      content.audioMessage?.viewOnce ||
      content.extendedTextMessage?.viewOnce,
  )
}

/** A protobuf number, which is a Long when it was decoded. 0 for what is missing. */
export function toNumber(value: number | { toNumber(): number } | string | null | undefined): number {
  if (value === null || value === undefined) return 0
  if (typeof value === 'object') return value.toNumber()
  const number = Number(value)
  return Number.isFinite(number) ? number : 0
}

/** Seconds since 1970 as a protobuf carries them; 1970 when absent. */
export function toDate(seconds: number | { toNumber(): number } | string | null | undefined): Date {
  return new Date(toNumber(seconds) * 1000)
}
