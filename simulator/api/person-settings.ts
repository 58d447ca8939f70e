import { proto } from 'baileys'
import type { AppStateServer } from '../protocol/app-state/app-state-server.ts'
import { nowSeconds } from '../protocol/stanza.ts'
import type { Account } from '../state/account.ts'
import type { Mutation } from '../state/app-state.ts'
import { isGroupJid } from '../state/ids.ts'
import type { MessageReference } from './sent-message.ts'

/** A chat as the phone knows it: a person, a group, or a JID in the form that the phone keeps it under. */
export type ChatOnPhone = { readonly jid: string } | string

/** What a phone sets of a label of WhatsApp Business; what is left out is not on the wire. */
export interface PhoneLabel {
  readonly id: string
  readonly name?: string
  readonly color?: number
  readonly deleted?: boolean
  readonly predefinedId?: number
  readonly orderIndex?: number
  readonly isActive?: boolean
  readonly type?: keyof typeof proto.SyncActionValue.LabelEditAction.ListType
  readonly isImmutable?: boolean
  readonly muteEndTimeMs?: number
}

/**
 * What a person sets on the phone for all devices of the account (app state). Every verb resolves once the server has it
 * and the linked devices are told; indexes and values are as phones write them.
 */
export class PersonSettings {
  readonly #account: Account
  readonly #appState: Pick<AppStateServer, 'of' | 'change'>

  constructor(account: Account, appState: Pick<AppStateServer, 'of' | 'change'>) {
    this.#account = account
    this.#appState = appState
  }

  /** Every change of the account's settings, by whichever device, in the order of their making. */
  get changes(): readonly Mutation[] {
    return this.#appState.of(this.#account).mutations
  }

  /** Puts a chat into the archive, or takes it out. */
  archive(chat: ChatOnPhone, archived = true): Promise<void> {
    return this.#set('regular_low', ['archive', jidOf(chat)], {
      archiveChatAction: { archived, messageRange: rangeUntil(nowSeconds()) },
    })
  }

  /** Pins a chat at the top, or no longer. */
  pin(chat: ChatOnPhone, pinned = true): Promise<void> {
    return this.#set('regular_low', ['pin_v1', jidOf(chat)], { pinAction: { pinned } })
  }

  /** Marks a chat as read, or as unread by hand. */
  markChatRead(chat: ChatOnPhone, read = true): Promise<void> {
    return this.#set('regular_low', ['markChatAsRead', jidOf(chat)], {
      markChatAsReadAction: { read, messageRange: rangeUntil(nowSeconds()) },
    })
  }

  /** Stars a message, or no longer; `chat` is the form in which the phone keeps its chat. */
  star(message: MessageReference, starred = true, chat?: ChatOnPhone): Promise<void> {
    return this.#set('regular_high', this.#messageIndex('star', message, chat), { starAction: { starred } })
  }

  /** Deletes a message on the own devices only. */
  deleteForMe(message: MessageReference & { timestamp?: number }, chat?: ChatOnPhone): Promise<void> {
    const messageTimestamp = message.timestamp ?? nowSeconds()
    return this.#set('regular_high', this.#messageIndex('deleteMessageForMe', message, chat), {
      deleteMessageForMeAction: { deleteMedia: true, messageTimestamp },
    })
  }

  /** Deletes a chat with what was written in it until then. */
  deleteChat(chat: ChatOnPhone, until = nowSeconds()): Promise<void> {
    return this.#set('regular_high', ['deleteChat', jidOf(chat), '1'], {
      deleteChatAction: { messageRange: rangeUntil(until) },
    })
  }

  /** Empties a chat of what was written in it until then. */
  clearChat(chat: ChatOnPhone, options: { keepsStarred?: boolean; until?: number } = {}): Promise<void> {
    const { keepsStarred = false, until = nowSeconds() } = options
    return this.#set('regular_high', ['clearChat', jidOf(chat), keepsStarred ? '0' : '1', '0'], {
      clearChatAction: { messageRange: rangeUntil(until) },
    })
  }

  /** Makes, renames or deletes a label, or sets anything else of it. */
  saveLabel({ id, type, ...action }: PhoneLabel): Promise<void> {
    const { ListType } = proto.SyncActionValue.LabelEditAction
    return this.#set('regular', ['label_edit', id], {
      labelEditAction: { ...action, ...(type === undefined ? {} : { type: ListType[type] }) },
    })
  }

  /** Puts a label on a chat, or takes it off. */
  label(chat: ChatOnPhone, labelId: string, labeled = true): Promise<void> {
    return this.#set('regular', ['label_jid', labelId, jidOf(chat)], { labelAssociationAction: { labeled } })
  }

  /** Gives somebody a name in the address book. */
  saveContact(person: { readonly jid: string; readonly lid: string }, fullName: string): Promise<void> {
    return this.#set('critical_unblock_low', ['contact', person.jid], {
      contactAction: { fullName, firstName: fullName.split(' ')[0] ?? fullName, lidJid: person.lid },
    })
  }

  /** Changes the name that others see. */
  async rename(name: string): Promise<void> {
    await this.#set('critical_block', ['setting_pushName'], { pushNameSetting: { name } })
  }

  #set(...change: Change): Promise<void> {
    return this.#appState.change(this.#account, ...change)
  }

  /** The author is named only for what somebody else wrote in a group. */
  #messageIndex(action: string, message: MessageReference, chat?: ChatOnPhone): string[] {
    const isOwn = message.from === this.#account
    const own = chat === undefined ? chatOf(message, this.#account) : jidOf(chat)
    const author = !isOwn && isGroupJid(own) ? message.from.lid : '0'
    return [action, own, message.id, isOwn ? '1' : '0', author]
  }
}

type Change = Parameters<AppStateServer['change']> extends [unknown, ...infer Rest] ? Rest : never

function jidOf(chat: ChatOnPhone): string {
  return typeof chat === 'string' ? chat : chat.jid
}

/** A message between two people stands in the chat with the other one. */
function chatOf(message: MessageReference, account: Account): string {
  if (isGroupJid(message.chat) || message.from === account) return message.chat
  return message.from.pn
}

function rangeUntil(lastMessageTimestamp: number) {
  return { lastMessageTimestamp }
}
