import { deflateSync } from 'node:zlib'
import { proto } from 'baileys'
import { encryptMedia } from '../../media/media-crypto.ts'
import type { MediaHost } from '../../media/media-host.ts'
import type { Account } from '../../state/account.ts'

/** A message of the past as the phone would share it. `at` in seconds since 1970. */
export interface PastMessage {
  readonly id: string
  readonly isFromMe: boolean
  readonly text: string
  readonly at: number
  /** Author in a group chat. */
  readonly participant?: string
}

/** A chat of the past as the phone would share it. */
export interface PastChat {
  readonly jid: string
  readonly lidJid?: string
  readonly name?: string
  readonly unreadCount?: number
  readonly messages: readonly PastMessage[]
}

/** What phones remember and share with a newly linked device. */
export class HistoryBook {
  readonly #chats = new WeakMap<Account, readonly PastChat[]>()
  readonly #media: MediaHost
  /** Whether what phones share lies on the media host, a chat in each part, as all but a little does; else it comes along. */
  usesMediaHost = false

  constructor(media: MediaHost) {
    this.#media = media
  }

  /** Sets what the phone of an account remembers. */
  remember(account: Account, chats: readonly PastChat[]): void {
    this.#chats.set(account, chats)
  }

  /** The parts of the history in the order phones send them: bootstrap, push names, recent. */
  parts(
    account: Account,
    pushNames: readonly { id: string; pushname: string }[],
  ): proto.Message.IHistorySyncNotification[] {
    const conversations = (this.#chats.get(account) ?? []).map(toConversation)
    const { HistorySyncType } = proto.HistorySync
    const pushNamePart = part(HistorySyncType.PUSH_NAME, { pushnames: [...pushNames] })
    if (this.usesMediaHost) {
      const parts = conversations.map((conversation, index) =>
        part(HistorySyncType.RECENT, {
          conversations: [conversation],
          chunkOrder: index + 1,
          progress: Math.floor((100 * (index + 1)) / conversations.length),
        }),
      )
      return [pushNamePart, ...parts].map((one) => this.#uploaded(one))
    }
    return [
      part(HistorySyncType.INITIAL_BOOTSTRAP, { conversations, chunkOrder: 0, progress: 0 }),
      pushNamePart,
      part(HistorySyncType.RECENT, { conversations: [], chunkOrder: 1, progress: 100 }),
    ]
  }

  /** The part with its bytes on the media host. */
  #uploaded(part: proto.Message.IHistorySyncNotification): proto.Message.IHistorySyncNotification {
    const { initialHistBootstrapInlinePayload: inline, ...facts } = part
    const bytes = Buffer.from(inline ?? [])
    const { ciphertext, ...keys } = encryptMedia(bytes, 'history')
    const { directPath } = this.#media.store('md-msg-hist', ciphertext)
    return { ...facts, ...keys, directPath, fileLength: bytes.length }
  }
}

function part(
  syncType: proto.HistorySync.HistorySyncType,
  content: Omit<proto.IHistorySync, 'syncType'>,
): proto.Message.IHistorySyncNotification {
  const bytes = proto.HistorySync.encode(proto.HistorySync.fromObject({ syncType, ...content })).finish()
  return {
    syncType: syncType,
    chunkOrder: content.chunkOrder ?? 0,
    progress: content.progress ?? 0,
    initialHistBootstrapInlinePayload: deflateSync(bytes),
  }
}

function toConversation(chat: PastChat): proto.IConversation {
  const newest = Math.max(0, ...chat.messages.map(({ at }) => at))
  return {
    id: chat.jid,
    ...(chat.lidJid === undefined ? {} : { lidJid: chat.lidJid }),
    ...(chat.name === undefined ? {} : { name: chat.name }),
    unreadCount: chat.unreadCount ?? 0,
    conversationTimestamp: newest,
    messages: chat.messages.map((message, at) => ({
      msgOrderId: at + 1,
      message: {
        key: {
          remoteJid: chat.jid,
          id: message.id,
          fromMe: message.isFromMe,
          participant: message.participant ?? null,
        },
        message: { conversation: message.text },
        messageTimestamp: message.at,
        ...(message.participant === undefined ? {} : { participant: message.participant }),
      },
    })),
  }
}
