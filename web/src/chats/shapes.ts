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

/** What a message says in one line. */
export function summaryOf(message: {
  readonly content: string
  readonly media_type: string
  readonly revoked: boolean
}): string {
  if (message.revoked) return 'This message was deleted'
  const media = mediaWords[message.media_type] ?? ''
  if (media === '') return message.content
  return message.content === '' ? media : `${media}: ${message.content}`
}

/** What to call a chat: its name, else its number. */
export function nameOf(chat: Pick<Chat, 'jid' | 'name'>): string {
  return chat.name === '' ? chat.jid.replace(/@.*$/, '') : chat.name
}
