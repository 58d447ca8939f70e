// The shapes of chats and messages, as /openapi.json describes them; only members that the dashboard uses.

export interface Chat {
  readonly jid: string
  readonly name: string
  readonly last_message_time: string
  readonly ephemeral_expiration: number
  readonly archived: boolean
  readonly pinned: boolean
}

/** A label with the chats that carry it. */
export interface Label {
  readonly id: string
  readonly name: string
  readonly chat_jids: readonly string[]
}

export interface ListedChat extends Chat {
  /** At WhatsApp, as far as it was told. */
  readonly unread_count: number
  readonly labels: readonly { readonly id: string; readonly name: string }[]
  readonly last_message?: {
    readonly id: string
    readonly content: string
    readonly media_type: string
    readonly is_from_me: boolean
    readonly revoked: boolean
    readonly status?: MessageStatus
  }
}

export type MessageStatus = 'pending' | 'sent' | 'delivered' | 'read' | 'played' | 'failed' | 'unknown'

export interface Message {
  readonly id: string
  readonly chat_jid: string
  readonly sender_jid: string
  readonly sender_display_name: string
  readonly content: string
  readonly timestamp: string
  readonly is_from_me: boolean
  readonly status?: MessageStatus
  readonly media_type: string
  readonly filename: string
  readonly file_length: number
  readonly replied_to_id?: string
  readonly revoked: boolean
  readonly edited_at?: string
  readonly starred: boolean
  readonly reactions: readonly Reaction[]
}

export interface Reaction {
  readonly emoji: string
  readonly sender_jid: string
  readonly sender_display_name: string
  readonly is_from_me: boolean
}

const mediaWords: Readonly<Record<string, string>> = {
  image: 'Photo',
  video: 'Video',
  video_note: 'Video note',
  audio: 'Audio',
  document: 'File',
  sticker: 'Sticker',
}

/** The content of a message, as far as its words need it. */
type Said = Pick<Message, 'content' | 'media_type' | 'is_from_me'>

/** What the API writes before the caption of media that was sent from here, and in place of one. */
const marked = /^(?:🖼️|🎥|🎵|🎨|📄) (.*)$/su
const kindInPlace: ReadonlySet<string> = new Set(['Image', 'Video', 'Audio', 'Sticker'])

/** What somebody wrote: the text, or the caption of media; '' when media came without one. */
export function wordsOf({ content, media_type: media, is_from_me: isOwn }: Said): string {
  const caption = media !== '' && isOwn ? marked.exec(content)?.[1] : undefined
  if (caption === undefined) return content
  return kindInPlace.has(caption) ? '' : caption
}

/** What a message says in one line. */
export function summaryOf(message: Said & { readonly revoked: boolean }): string {
  if (message.revoked) return 'This message was deleted'
  const media = mediaWords[message.media_type] ?? ''
  const words = wordsOf(message)
  if (media === '') return words
  return words === '' ? media : `${media}: ${words}`
}

/** What to call a chat: its name, else its number. */
export function nameOf(chat: Pick<Chat, 'jid' | 'name'>): string {
  return chat.name === '' ? chat.jid.replace(/@.*$/, '') : chat.name
}
