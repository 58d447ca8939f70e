import { proto, type WAMessage } from 'baileys'
import { asMessageId } from '../../../core/ids.ts'
import type { Jid } from '../../jid.ts'
import type { WhatsAppMessage } from '../../message.ts'
import type { WhatsAppEvent } from '../../whatsapp-event.ts'
import {
  contentType,
  contextOf,
  mediaPartsOf,
  saysViewOnce,
  textOf,
  toDate,
  toMediaInfo,
  toNumber,
  unwrap,
} from './content.ts'
import { detailsOf } from './details.ts'
import { asIdentity, isMe, type Me, meLike, wireJid } from './wire-jid.ts'

/** Contents that are no message a person wrote: machinery between devices, votes and the like. */
const machinery: ReadonlySet<string> = new Set([
  'empty',
  'senderKeyDistributionMessage',
  'fastRatchetKeySenderKeyDistributionMessage',
  'pollUpdateMessage',
  'encReactionMessage',
  'encEventResponseMessage',
  'encCommentMessage',
  'keepInChatMessage',
  'pinInChatMessage',
  'secretEncryptedMessage',
  'call',
  'stickerSyncRmrMessage',
  'placeholderMessage',
  'messageHistoryBundle',
  'messageHistoryNotice',
])

interface Addresses {
  readonly chat: Jid
  readonly chatAlt: Jid | null
  readonly sender: Jid
  readonly senderAlt: Jid | null
}

/**
 * What one upserted message tells us. Several facts are possible (the message, and that two addresses are one person).
 * Never throws: what it has no word for becomes `unhandled`.
 */
export function toMessageEvents(
  message: WAMessage,
  upsertType: 'notify' | 'append',
  me: Me,
): WhatsAppEvent[] {
  const addresses = addressesOf(message, me)
  const id = message.key.id
  if (addresses === null || !id) return [{ type: 'unhandled', kind: 'message without address or id' }]
  const identity =
    asIdentity(addresses.sender, addresses.senderAlt) ?? asIdentity(addresses.chat, addresses.chatAlt)
  const learned: WhatsAppEvent[] = identity === null ? [] : [{ type: 'identity.learned', ...identity }]
  return [...learned, ...factsOf(message, id, addresses, upsertType, me)]
}

/** A message of the shared history as our word; null for what is no message a person wrote. */
export function toHistoryMessage(message: WAMessage, me: Me): WhatsAppMessage | null {
  const addresses = addressesOf(message, me)
  const id = message.key?.id
  if (addresses === null || !id || !message.message || message.messageStubType) return null
  const { content } = unwrap(message.message)
  const type = contentType(content)
  if (machinery.has(type) || type === 'protocolMessage' || type === 'reactionMessage') return null
  return toWhatsAppMessage(message, id, addresses, me)
}

function factsOf(
  message: WAMessage,
  id: string,
  addresses: Addresses,
  upsertType: 'notify' | 'append',
  me: Me,
): WhatsAppEvent[] {
  if (message.messageStubType === proto.WebMessageInfo.StubType.CIPHERTEXT) {
    return [
      {
        type: 'message.undecryptable',
        chat: addresses.chat,
        sender: addresses.sender,
        id: asMessageId(id),
        isFromMe: isFromMe(message, me),
        sentAt: toDate(message.messageTimestamp),
        pushName: message.pushName ?? '',
      },
    ]
  }
  if (message.messageStubType) {
    return [{ type: 'unhandled', kind: `stub ${proto.WebMessageInfo.StubType[message.messageStubType]}` }]
  }
  if (!message.message) return [{ type: 'unhandled', kind: 'message without content' }]

  const { content } = unwrap(message.message)
  const type = contentType(content)
  if (content.protocolMessage) {
    return protocolFacts(content.protocolMessage, message, id, addresses, me)
  }
  if (content.reactionMessage) {
    const target = content.reactionMessage.key
    if (!target?.id) return [{ type: 'unhandled', kind: 'reaction without target' }]
    return [
      {
        type: 'message.reacted',
        message: toWhatsAppMessage(message, id, addresses, me),
        emoji: content.reactionMessage.text ?? '',
        chat: addresses.chat,
        targetId: asMessageId(target.id),
        // Baileys has already turned the key to our point of view (cleanMessage).
        targetIsFromMe: target.fromMe === true,
      },
    ]
  }
  const sealed = sealedFacts(content, toWhatsAppMessage(message, id, addresses, me), me)
  if (sealed !== null) return [sealed]
  if (machinery.has(type)) return [{ type: 'unhandled', kind: type }]
  return [
    {
      type: 'message.received',
      message: toWhatsAppMessage(message, id, addresses, me),
      isOffline: upsertType === 'append',
    },
  ]
}

/** A vote in a poll, or an edit under the original's secret: bytes that only the original can open. */
function sealedFacts(content: proto.IMessage, message: WhatsAppMessage, me: Me): WhatsAppEvent | null {
  const { pollUpdateMessage: vote, secretEncryptedMessage: edit } = content
  const editType = proto.Message.SecretEncryptedMessage.SecretEncType.MESSAGE_EDIT
  const key =
    vote?.pollCreationMessageKey ?? (edit?.secretEncType === editType ? edit.targetMessageKey : null)
  const payload = vote?.vote?.encPayload ?? edit?.encPayload
  const iv = vote?.vote?.encIv ?? edit?.encIv
  if (!key?.id || !payload || !iv) return null
  const targetIsFromMe = message.isFromMe ? key.fromMe === true : isMe(wireJid(key.participant), me)
  const facts = { message, chat: message.chat, targetId: asMessageId(key.id), targetIsFromMe }
  return { type: vote ? 'poll.voted' : 'message.edited-sealed', ...facts, sealed: { payload, iv } }
}

function protocolFacts(
  protocol: proto.Message.IProtocolMessage,
  message: WAMessage,
  id: string,
  addresses: Addresses,
  me: Me,
): WhatsAppEvent[] {
  const types = proto.Message.ProtocolMessage.Type
  const target = protocol.key?.id
  // An absent type is the protobuf's default, which is REVOKE.
  const type = protocol.type ?? types.REVOKE
  if (type === types.REVOKE && target) {
    return [
      {
        type: 'message.revoked',
        message: toWhatsAppMessage(message, id, addresses, me),
        chat: addresses.chat,
        targetId: asMessageId(target),
        targetIsFromMe: targetIsFromMe(protocol.key, message, me),
        writtenKey: { isFromMe: protocol.key?.fromMe === true, chat: protocol.key?.remoteJid || null },
      },
    ]
  }
  if (type === types.MESSAGE_EDIT && target) {
    return [
      {
        type: 'message.edited',
        message: editOf(toWhatsAppMessage(message, id, addresses, me), target, protocol),
        chat: addresses.chat,
        targetId: asMessageId(target),
        targetIsFromMe: targetIsFromMe(protocol.key, message, me),
        text: protocol.editedMessage ? textOf(unwrap(protocol.editedMessage).content) : '',
      },
    ]
  }
  if (type === types.EPHEMERAL_SETTING) {
    const expirationSeconds = protocol.ephemeralExpiration ?? 0
    return [{ type: 'chat.updated', chat: { jid: addresses.chat, expirationSeconds } }]
  }
  return [{ type: 'unhandled', kind: `protocol ${types[type]}` }]
}

/** Edits of a channel's post have the id of the post, so only their time, in milliseconds, tells one from the other. */
function editOf(
  message: WhatsAppMessage,
  target: string,
  { timestampMs }: proto.Message.IProtocolMessage,
): WhatsAppMessage {
  const at = toNumber(timestampMs)
  return message.id === target && at > 0 ? { ...message, sentAt: new Date(at) } : message
}

/** The key inside a revoke or an edit speaks from its sender's point of view. */
function targetIsFromMe(key: proto.IMessageKey | null | undefined, message: WAMessage, me: Me): boolean {
  if (isFromMe(message, me)) return key?.fromMe === true
  return key?.fromMe !== true && isMe(wireJid(key?.participant), me)
}

function isFromMe(message: WAMessage, me: Me): boolean {
  return message.key.fromMe === true || isMe(wireJid(message.key.participant), me)
}

function addressesOf(message: WAMessage, me: Me): Addresses | null {
  const key = message.key
  const chat = wireJid(key?.remoteJid)
  if (chat === null) return null
  const participant = wireJid(key.participant) ?? wireJid(message.participant)
  const isDirect = chat.endsWith('@lid') || chat.endsWith('@s.whatsapp.net')
  const remoteAlt = wireJid(key.remoteJidAlt)
  // For a message typed on another device of ours the "other form" can be our own: that says nothing of the chat.
  const chatAlt =
    isDirect && remoteAlt !== null && (!isMe(remoteAlt, me) || isMe(chat, me)) ? remoteAlt : null
  if (isFromMe(message, me)) {
    const sender = participant !== null && isMe(participant, me) ? participant : meLike(chat, me)
    return { chat, chatAlt, sender, senderAlt: sender === me.jid ? me.lid : me.jid }
  }
  if (isDirect) return { chat, chatAlt, sender: chat, senderAlt: chatAlt }
  // Baileys puts the other form of a status or broadcast author beside the chat, not beside the participant.
  const senderAlt = wireJid(key.participantAlt) ?? (participant === null ? null : remoteAlt)
  return { chat, chatAlt, sender: participant ?? chat, senderAlt }
}

/** A member's key of the group comes with the first message under it, and belongs among the keys only. */
function withoutGroupKeys(message: proto.IMessage): proto.IMessage {
  const {
    senderKeyDistributionMessage: _key,
    fastRatchetKeySenderKeyDistributionMessage: _fastKey,
    ...rest
  } = message
  return rest
}

function toWhatsAppMessage(message: WAMessage, id: string, addresses: Addresses, me: Me): WhatsAppMessage {
  const raw = message.message ?? {}
  const { content, isViewOnce } = unwrap(raw)
  const context = contextOf(content)
  const details = detailsOf(content)
  const quoted = context?.quotedMessage ? textOf(unwrap(context.quotedMessage).content) : ''
  const [media = null, ...furtherMedia] = mediaPartsOf(content).map(toMediaInfo)
  return {
    id: asMessageId(id),
    ...addresses,
    isFromMe: isFromMe(message, me),
    sentAt: toDate(message.messageTimestamp),
    pushName: message.pushName ?? '',
    text: textOf(content),
    media,
    ...(furtherMedia.length === 0 ? {} : { furtherMedia }),
    contentType: contentType(content),
    repliedTo: context?.stanzaId ? { id: asMessageId(context.stanzaId), text: quoted } : null,
    isForwarded: context?.isForwarded === true,
    isViewOnce: isViewOnce || saysViewOnce(content) || message.key.isViewOnce === true,
    ...(message.key.server_id ? { serverId: toNumber(message.key.server_id) } : {}),
    expirationSeconds: toNumber(context?.expiration),
    ...(details === undefined ? {} : { details }),
    raw: proto.Message.encode(withoutGroupKeys(raw)).finish(),
  }
}
