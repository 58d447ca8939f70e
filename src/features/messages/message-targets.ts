import { AppError } from '../../core/app-error.ts'
import type { DeviceId, MessageId } from '../../core/ids.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { MessageSender } from '../../whatsapp/whatsapp-session.ts'
import type { AccountScope } from '../account-scope.ts'
import type { Chat } from '../chats/chat.ts'
import type { ChatReader } from '../chats/chat-reader.ts'
import { toRecipient } from '../phone-input.ts'
import type { MessageReader } from './message-reader.ts'
import type { StoredMessage } from './stored-message.ts'

/** A message with the chat it is in. */
export interface FoundMessage {
  readonly chat: Chat
  readonly message: StoredMessage
}

/** Finds whom a phone input means; see `RecipientResolver`. */
interface Recipients {
  resolve(session: Pick<MessageSender, 'findOnWhatsApp'>, device: DeviceId, phone: string): Promise<Jid>
}

/** Finds the message that a caller names by its id and the phone input of its chat. */
export class MessageTargets {
  readonly #messages: Pick<MessageReader, 'get'>
  readonly #chats: Pick<ChatReader, 'get'>
  readonly #recipients: Recipients

  constructor(deps: {
    readonly messages: Pick<MessageReader, 'get'>
    readonly chats: Pick<ChatReader, 'get'>
    readonly recipients: Recipients
  }) {
    this.#messages = deps.messages
    this.#chats = deps.chats
    this.#recipients = deps.recipients
  }

  /**
   * The message. Rejects with `message_not_found`, with `validation_failed` when it is in another chat, and, where there is no
   * such chat, as looking up the phone input does (`recipient_not_on_whatsapp`, `jid_invalid`).
   */
  async find(
    session: Pick<MessageSender, 'findOnWhatsApp'>,
    scope: AccountScope,
    phone: string,
    id: MessageId,
  ): Promise<FoundMessage> {
    const chat = await this.#chatOf(session, scope, phone)
    const message = chat === null ? null : await this.#messages.get(scope, id, chat)
    if (chat !== null && message !== null) return { chat, message }
    if ((await this.#messages.get(scope, id)) === null) {
      throw new AppError('message_not_found', { message: `message with ID ${id} not found` })
    }
    throw new AppError('validation_failed', {
      message: `message ${id} does not belong to chat ${toRecipient(phone) ?? phone}`,
    })
  }

  async #chatOf(
    session: Pick<MessageSender, 'findOnWhatsApp'>,
    scope: AccountScope,
    phone: string,
  ): Promise<Chat | null> {
    const named = toRecipient(phone)
    const known = named === null ? null : await this.#chats.get(scope, named)
    if (known !== null) return known
    return this.#chats.get(scope, await this.#recipients.resolve(session, scope.deviceId, phone))
  }
}
