import { AppError } from '../../core/app-error.ts'
import type { MessageId } from '../../core/ids.ts'
import type { MessageKey } from '../../whatsapp/message-actions.ts'
import type { AccountScope } from '../account-scope.ts'
import type { Chat } from '../chats/chat.ts'
import type { ChatReader } from '../chats/chat-reader.ts'
import { sanitisePhone, toRecipient } from '../phone-input.ts'
import type { MessageReader } from './message-reader.ts'
import type { StoredMessage } from './stored-message.ts'

/** A message that is to be acted on, and its chat. */
export interface MessageTarget {
  readonly chat: Chat
  readonly message: StoredMessage
}

/** Finds the message that a caller names by its id and its chat. */
export class MessageTargets {
  readonly #chats: Pick<ChatReader, 'get'>
  readonly #messages: Pick<MessageReader, 'get'>

  constructor(deps: {
    readonly chats: Pick<ChatReader, 'get'>
    readonly messages: Pick<MessageReader, 'get'>
  }) {
    this.#chats = deps.chats
    this.#messages = deps.messages
  }

  /**
   * The message with this id in the chat that `phone` names. Raises `jid_invalid`, `message_not_found`, or
   * `validation_failed` when the message is one of another chat.
   */
  async find(scope: AccountScope, phone: string, id: MessageId): Promise<MessageTarget> {
    const jid = toRecipient(phone)
    if (jid === null) throw new AppError('jid_invalid', { message: `invalid JID ${sanitisePhone(phone)}` })
    const chat = await this.#chats.get(scope, jid)
    const message = chat === null ? null : await this.#messages.get(scope, id, chat)
    if (chat !== null && message !== null) return { chat, message }
    if ((await this.#messages.get(scope, id)) !== null) {
      throw new AppError('validation_failed', {
        message: `message ${id} does not belong to chat ${sanitisePhone(phone)}`,
      })
    }
    throw new AppError('message_not_found', { message: `message with ID ${id} not found` })
  }
}

/** A stored message as it is addressed on the wire. */
export function toMessageKey(message: StoredMessage): MessageKey {
  return {
    chat: message.wireChat,
    id: message.id,
    sender: message.wireSender,
    isFromMe: message.isFromMe,
  }
}
