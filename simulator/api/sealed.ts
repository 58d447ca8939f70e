import { createCipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { proto } from 'baileys'
import type { MessageReference } from './sent-message.ts'

const uses = { vote: 'Poll Vote', edit: 'Message Edit' } as const

/** A poll with a secret of its own, under which votes are sealed. */
export function pollMessage(name: string, options: readonly string[], maxAnswers: number): proto.IMessage {
  return {
    messageContextInfo: { messageSecret: randomBytes(32) },
    pollCreationMessageV3: {
      name,
      options: options.map((optionName) => ({ optionName })),
      selectableOptionsCount: maxAnswers,
    },
  }
}

/** A text with a secret, so that it can be edited under it. */
export function secretText(text: string): proto.IMessage {
  return { messageContextInfo: { messageSecret: randomBytes(32) }, conversation: text }
}

/** A vote in a poll; no options take an earlier one back. */
export function voteMessage(
  poll: MessageReference,
  key: proto.IMessageKey,
  options: readonly string[],
  names: { readonly author: string; readonly voter: string },
  atMs: number,
): proto.IMessage {
  const selectedOptions = options.map((option) => createHash('sha256').update(option).digest())
  const plain = proto.Message.PollVoteMessage.encode({ selectedOptions }).finish()
  const sealed = seal(poll, names.author, names.voter, uses.vote, plain, `${poll.id}\u0000${names.voter}`)
  return { pollUpdateMessage: { pollCreationMessageKey: key, vote: sealed, senderTimestampMs: atMs } }
}

/** An edit that only those who have the original can read. */
export function sealedEditMessage(
  original: MessageReference,
  key: proto.IMessageKey,
  text: string,
  author: string,
): proto.IMessage {
  const { Type } = proto.Message.ProtocolMessage
  const edit = { key, type: Type.MESSAGE_EDIT, editedMessage: { conversation: text } }
  const plain = proto.Message.encode({ protocolMessage: edit }).finish()
  const secretEncType = proto.Message.SecretEncryptedMessage.SecretEncType.MESSAGE_EDIT
  const sealed = seal(original, author, author, uses.edit, plain, '')
  return { secretEncryptedMessage: { targetMessageKey: key, secretEncType, ...sealed } }
}

function seal(
  original: MessageReference,
  author: string,
  sealer: string,
  use: string,
  plain: Uint8Array,
  boundTo: string,
): { encPayload: Uint8Array; encIv: Uint8Array } {
  const secret = original.message.messageContextInfo?.messageSecret
  if (!secret) throw new Error(`the message ${original.id} has no secret`)
  const info = Buffer.from(`${original.id}${author}${sealer}${use}`)
  const encIv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(hkdfSync('sha256', secret, '', info, 32)), encIv)
  cipher.setAAD(Buffer.from(boundTo))
  return { encPayload: Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]), encIv }
}
