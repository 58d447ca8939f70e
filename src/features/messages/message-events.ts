import type { Json, NewEvent } from '../../core/event-envelope.ts'
import type { MessageId } from '../../core/ids.ts'
import { toRfc3339 } from '../../core/rfc3339.ts'
import { type Jid, jidUser } from '../../whatsapp/jid.ts'
import type { MediaInfo, MessageStatus, WhatsAppMessage } from '../../whatsapp/message.ts'
import type { Receipt, WrittenKey } from '../../whatsapp/whatsapp-event.ts'
import type { AccountScope } from '../account-scope.ts'
import { dedupeKey, lidMember, type MutableBody as Mutable, topLevel } from '../event-body.ts'

// The bodies of message webhooks: pure functions from facts to what receivers written for the reference expect.

type Body = { readonly [key: string]: Json }

/** The chat an event belongs to, resolved. `id` is our internal chat id and orders the chat's events. */
export interface EventChat {
  readonly id: string
  /** Phone-number JID when known; LID, group or newsletter otherwise. */
  readonly jid: Jid
  readonly lid: Jid | null
}

/** A person in an event, resolved. `displayName`: saved name, else push name, else business name, else the user part. */
export interface EventPerson {
  readonly jid: Jid
  readonly lid: Jid | null
  readonly displayName: string
}

/** What the body of a message event is made of. */
export interface MessageEventFacts {
  readonly scope: AccountScope
  readonly message: WhatsAppMessage
  readonly chat: EventChat
  readonly sender: EventPerson
  /** Where downloaded media is served, when it was downloaded; without it the payload names WhatsApp's URLs. */
  readonly mediaPaths?: readonly string[]
  /** The media is on its way: the event tells of what comes in time (see `Outbox.complete`), and not of the rest. */
  readonly isMediaAwaited?: boolean
  /** User parts of phone-number JIDs by user part of the LID, for those of `mentionedLids` that are known. */
  readonly phoneByLid?: ReadonlyMap<string, string>
}

/** What was acted on by a reaction, revoke or edit. */
export interface EventTarget {
  readonly targetId: MessageId
}

/** A message arrived, or was typed on another device of the account. Not for messages sent through this API. */
export function toMessageEvent(facts: MessageEventFacts): NewEvent {
  const { message } = facts
  const payload = basePayload(facts)
  if (message.text !== '') payload['body'] = withPhoneMentions(message.text, facts.phoneByLid)
  if (message.repliedTo !== null) {
    payload['replied_to_id'] = message.repliedTo.id
    if (message.repliedTo.text !== '') payload['quoted_body'] = message.repliedTo.text
  }
  if (message.isViewOnce) payload['view_once'] = true
  if (message.isForwarded && message.media === null && message.text !== '') payload['forwarded'] = true
  if (message.media !== null && !facts.isMediaAwaited)
    Object.assign(payload, mediaMember(message.media, message.furtherMedia, facts.mediaPaths))
  Object.assign(payload, message.details)
  return messageEvent('message', facts, payload)
}

/** A message arrived that could not be decrypted; the `message` event follows under the same id if the real one comes. */
export function toUndecryptableEvent(facts: MessageEventFacts): NewEvent {
  const kind = 'message.undecryptable'
  const { scope, message, chat } = facts
  return {
    kind,
    lane: chat.id,
    dedupeKey: dedupeKey(kind, scope.account, message.chat, message.id),
    body: { ...topLevel(kind, scope, message.sentAt), payload: basePayload(facts) },
  }
}

/** Someone reacted to a message; an empty `emoji` takes the reaction back. */
export function toReactionEvent(facts: MessageEventFacts, target: EventTarget, emoji: string): NewEvent {
  const payload = basePayload(facts)
  payload['reaction'] = emoji
  payload['reacted_message_id'] = target.targetId
  return messageEvent('message.reaction', facts, payload)
}

/** A message was deleted for everyone; told under its key as the one who did it wrote it, as the reference does. */
export function toRevokedEvent(
  facts: MessageEventFacts,
  target: EventTarget & { readonly writtenKey: WrittenKey },
): NewEvent {
  const payload = basePayload(facts)
  payload['revoked_message_id'] = target.targetId
  payload['revoked_from_me'] = target.writtenKey.isFromMe
  if (target.writtenKey.chat !== null) payload['revoked_chat'] = target.writtenKey.chat
  return messageEvent('message.revoked', facts, payload)
}

/** The text of a message was changed; `text` is '' when the edit was not one of text. */
export function toEditedEvent(facts: MessageEventFacts, target: EventTarget, text: string): NewEvent {
  const { message } = facts
  const payload = basePayload(facts)
  payload['original_message_id'] = target.targetId
  if (text !== '') payload['body'] = withPhoneMentions(text, facts.phoneByLid)
  // Every edit of a channel's post has the post's id.
  const which = message.id === target.targetId ? [String(message.sentAt.getTime())] : []
  return messageEvent('message.edited', facts, payload, which)
}

/** The receipt types that receivers of the reference know, with its descriptions to the letter. */
export const ackDescriptions = {
  delivered: 'means the message was delivered to the device (but the user might not have noticed).',
  read: 'the user opened the chat and saw the message.',
  'read-self':
    'the current user read a message from a different device, and has read receipts disabled in privacy settings.',
} as const

export type AckType = keyof typeof ackDescriptions

/** The type that a receipt is announced as, or null when it is not: only a person's phone (device 0) counts. */
export function ackTypeOf(receipt: Pick<Receipt, 'receiptType' | 'fromDevice'>): AckType | null {
  if (receipt.fromDevice !== 0) return null
  const type = receipt.receiptType
  return type === 'delivered' || type === 'read' || type === 'read-self' ? type : null
}

/** What the body of a `message.ack` is made of. `ids` as the receipt listed them. */
export interface AckEventFacts {
  readonly scope: AccountScope
  readonly chat: EventChat
  readonly from: EventPerson
  /** The receipt as it came. */
  readonly receipt: Receipt
  readonly ackType: AckType
  readonly ids: readonly MessageId[]
}

/** Someone's phone received or showed messages. */
export function toAckEvent(facts: AckEventFacts): NewEvent {
  const { scope, chat, from, receipt, ackType, ids } = facts
  const author = receipt.participant ?? receipt.from
  const payload: Mutable = {
    ids: [...ids],
    chat_id: chat.jid,
    ...lidMember('chat_lid', receipt.chat, chat.lid),
    from: from.jid,
    ...lidMember('from_lid', author, from.lid),
    sender_display_name: from.displayName,
    receipt_type: ackType,
    receipt_type_description: ackDescriptions[ackType],
  }
  return {
    kind: 'message.ack',
    lane: chat.id,
    dedupeKey: dedupeKey('ack', ackType, scope.account, receipt.chat, author, ...[...ids].sort()),
    body: { ...topLevel('message.ack', scope, receipt.at), payload },
  }
}

/** What the body of a `message.status` is made of. `failure` is the error code of a failed message. */
export interface StatusEventFacts {
  readonly scope: AccountScope
  readonly chat: EventChat
  readonly id: MessageId
  readonly status: MessageStatus
  readonly failure: string | null
  readonly at: Date
  /** Whose phone told it, where a person's receipt did. */
  readonly recipient?: EventPerson
}

/** A message of ours came further: it waits, WhatsApp accepted or refused it, a person got, read or played it. */
export function toStatusEvent(facts: StatusEventFacts): NewEvent {
  const { recipient } = facts
  const status = facts.status === 'pending' ? 'queued' : facts.status
  const payload: Mutable = { id: facts.id, chat_id: facts.chat.jid, status }
  if (facts.chat.lid !== null) payload['chat_lid'] = facts.chat.lid
  if (recipient !== undefined) {
    payload['recipient'] = recipient.jid
    if (recipient.lid !== null) payload['recipient_lid'] = recipient.lid
  }
  if (facts.failure !== null) payload['error'] = facts.failure
  return {
    kind: 'message.status',
    lane: facts.chat.id,
    dedupeKey: dedupeKey('status', facts.status, facts.scope.account, facts.id, recipient?.jid ?? ''),
    body: { ...topLevel('message.status', facts.scope, facts.at), payload },
  }
}

/** User parts of the LIDs that a text may mention (`@<digits>`); look them up for `phoneByLid`. */
export function mentionedLids(text: string): string[] {
  return [...new Set([...text.matchAll(mention)].map((match) => match[1] ?? ''))]
}

const mention = /(?<!\w)@(\d+)/g

function withPhoneMentions(text: string, phoneByLid: ReadonlyMap<string, string> | undefined): string {
  if (phoneByLid === undefined || phoneByLid.size === 0) return text
  return text.replace(mention, (whole, lid: string) => {
    const phone = phoneByLid.get(lid)
    return phone === undefined ? whole : `@${phone}`
  })
}

/** What all four message kinds carry. */
function basePayload({ message, chat, sender }: MessageEventFacts): Mutable {
  const payload: Mutable = {
    id: message.id,
    timestamp: toRfc3339(message.sentAt),
    chat_id: chat.jid,
    ...lidMember('chat_lid', message.chat, chat.lid),
    from: sender.jid,
    ...lidMember('from_lid', message.sender, sender.lid),
  }
  if (message.pushName !== '') payload['from_name'] = message.pushName
  payload['sender_display_name'] = sender.displayName === '' ? jidUser(sender.jid) : sender.displayName
  payload['is_from_me'] = message.isFromMe
  return payload
}

/** Media under the name that events have for it; without paths it is told by WhatsApp's URL. */
function mediaMember(
  media: MediaInfo,
  further: readonly MediaInfo[] = [],
  paths: readonly string[] | undefined,
): Body {
  if (media.isOfInteractive)
    return { interactive_media: [...(paths ?? [media, ...further].map(({ url }) => url))] }
  return { [media.kind]: mediaValue(media, paths?.[0]) }
}

function mediaValue(media: MediaInfo, path: string | undefined): Json {
  if (path !== undefined) return media.caption === '' ? path : { path, caption: media.caption }
  switch (media.kind) {
    case 'image':
    case 'video':
    case 'video_note':
      return { url: media.url, caption: media.caption }
    case 'document':
      return { url: media.url, filename: media.fileName }
    case 'audio':
    case 'sticker':
      return { url: media.url }
  }
}

function messageEvent(
  kind: 'message' | 'message.reaction' | 'message.revoked' | 'message.edited',
  { scope, message, chat }: MessageEventFacts,
  payload: Body,
  which: readonly string[] = [],
): NewEvent {
  return {
    kind,
    lane: chat.id,
    dedupeKey: dedupeKey(kind, scope.account, message.chat, message.id, ...which),
    body: { ...topLevel(kind, scope, null), payload },
  }
}
