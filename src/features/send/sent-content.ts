import type { OutgoingMessage } from '../../whatsapp/outgoing-message.ts'

/** What the row of a sent message says: its text as the reference gateway stores it, and its kind in the protobuf's words. */
export interface SentContent {
  readonly content: string
  readonly contentType: string
}

/** The row's words for a message of any kind. */
export function toSentContent(message: OutgoingMessage): SentContent {
  switch (message.kind) {
    case 'text':
      return { content: message.text, contentType: 'extendedTextMessage' }
    case 'contact':
      return { content: `👤 ${message.name}`, contentType: 'contactMessage' }
    case 'location':
      return { content: `📍 ${message.latitude}, ${message.longitude}`, contentType: 'locationMessage' }
    case 'poll':
      return { content: `📊 ${message.question}`, contentType: 'pollCreationMessage' }
    case 'link':
      return { content: `🔗 ${message.caption}`, contentType: 'extendedTextMessage' }
    case 'forward':
      return { content: message.text, contentType: message.contentType }
    case 'image':
      return { content: marked('🖼️', message.caption ?? '', 'Image'), contentType: 'imageMessage' }
    case 'video':
      return {
        content: marked('🎥', message.caption ?? '', 'Video'),
        contentType: message.isVideoNote ? 'ptvMessage' : 'videoMessage',
      }
    case 'audio':
      return { content: '🎵 Audio', contentType: 'audioMessage' }
    case 'document':
      return { content: message.caption || `📄 ${message.fileName}`, contentType: 'documentMessage' }
    case 'sticker':
      return { content: '🎨 Sticker', contentType: 'stickerMessage' }
  }
}

function marked(mark: string, caption: string, kind: string): string {
  return `${mark} ${caption === '' ? kind : caption}`
}
