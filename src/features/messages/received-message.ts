import type { MessageId } from '../../core/ids.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { WhatsAppMessage } from '../../whatsapp/message.ts'
import type { WhatsAppEvent } from '../../whatsapp/whatsapp-event.ts'
import type { Address } from '../identities/identity-store.ts'
import { contentText } from './content-text.ts'
import { mediaFileName } from './media-file-name.ts'
import { type StoredMessage, undecryptable } from './stored-message.ts'

/** Where a received message belongs. */
export interface Placement {
  readonly chatId: string
  /** The author as shown. */
  readonly sender: Jid
  readonly isFromHistory: boolean
  readonly now: Date
}

/** The row of a message that came from WhatsApp. */
export function toStoredMessage(message: WhatsAppMessage, placement: Placement): StoredMessage {
  return {
    ...emptyRow(message.id, message.isFromMe, placement),
    wireChat: message.chat,
    wireSender: message.sender,
    content: contentText(message),
    contentType: message.contentType,
    mediaKind: message.media?.kind ?? null,
    fileName: message.media === null ? '' : mediaFileName(message.media, message.sentAt),
    url: message.media?.url ?? '',
    fileLength: message.media?.fileLength ?? 0,
    repliedToId: message.repliedTo?.id ?? null,
    serverId: message.serverId ?? null,
    sentAt: message.sentAt,
  }
}

/** The row that stands for a message which could not be decrypted, until it comes again. */
export function toPlaceholder(
  event: Extract<WhatsAppEvent, { type: 'message.undecryptable' }>,
  placement: Placement,
): StoredMessage {
  return {
    ...emptyRow(event.id, event.isFromMe, placement),
    wireChat: event.chat,
    wireSender: event.sender,
    contentType: undecryptable,
    sentAt: event.sentAt,
  }
}

function emptyRow(id: MessageId, isFromMe: boolean, { chatId, sender, isFromHistory, now }: Placement) {
  return {
    id,
    chatId,
    sender,
    isFromMe,
    isFromApi: false,
    isFromHistory,
    status: isFromMe ? 'sent' : 'delivered',
    failure: null,
    content: '',
    mediaKind: null,
    fileName: '',
    url: '',
    fileLength: 0,
    repliedToId: null,
    serverId: null,
    isRevoked: false,
    isStarred: false,
    editedAt: null,
    createdAt: now,
    updatedAt: now,
  } as const
}

/** Whether the author of `message` (known as `author`) wrote `target`. A sender can name any id, so this is checked. */
export function isSameAuthor(
  target: Pick<StoredMessage, 'sender' | 'wireSender'>,
  message: Pick<WhatsAppMessage, 'sender' | 'senderAlt'>,
  author: Address,
): boolean {
  const names = [author.jid, author.lid, message.sender, message.senderAlt]
  return names.includes(target.sender) || names.includes(target.wireSender)
}
