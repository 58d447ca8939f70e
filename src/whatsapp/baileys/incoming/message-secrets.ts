import { createDecipheriv, createHash, hkdfSync } from 'node:crypto'
import { proto } from 'baileys'
import type { Jid } from '../../jid.ts'
import type { MessageSecrets, SealedAbout } from '../../message-secrets.ts'
import { textOf, unwrap } from './content.ts'

/** Names of the uses, as they go into the key. */
const uses = { vote: 'Poll Vote', edit: 'Message Edit' } as const
const tagBytes = 16

/** What is sealed with a message's secret, as WhatsApp's clients do it: HKDF-SHA256 and AES-256-GCM. */
export const messageSecrets: MessageSecrets = {
  pollOptions(poll) {
    return optionNames(proto.Message.decode(poll))
  },
  openVote(about) {
    const original = proto.Message.decode(about.original)
    const names = optionNames(original)
    // A vote is bound to the poll and the voter, an edit to nothing.
    const plain = open(about, original, uses.vote, (sealer) => `${about.originalId}\u0000${sealer}`)
    if (plain === null || names === null) return null
    const chosen = proto.Message.PollVoteMessage.decode(plain).selectedOptions ?? []
    const hashes = new Set(chosen.map((hash) => Buffer.from(hash).toString('hex')))
    return names.filter((name) => hashes.has(createHash('sha256').update(name).digest('hex')))
  },
  openEdit(about) {
    const plain = open(about, proto.Message.decode(about.original), uses.edit, () => '')
    if (plain === null) return null
    const message = proto.Message.decode(plain)
    const edited = message.protocolMessage?.editedMessage ?? message
    return textOf(unwrap(edited).content)
  },
}

/** The poll in a message, whichever of its versions it is. */
export function pollOf(content: proto.IMessage): proto.Message.IPollCreationMessage | null {
  return (
    content.pollCreationMessage ??
    content.pollCreationMessageV2 ??
    content.pollCreationMessageV3 ??
    content.pollCreationMessageV5 ??
    null
  )
}

function optionNames(message: proto.IMessage): string[] | null {
  const poll = pollOf(unwrap(message).content)
  return poll === null ? null : (poll.options ?? []).map((option) => option.optionName ?? '')
}

/** Tries every combination of addresses: which of them the sender's client used is told nowhere. */
function open(
  { originalId, authors, sealers, sealed }: SealedAbout,
  original: proto.IMessage,
  use: string,
  boundTo: (sealer: Jid) => string,
): Buffer | null {
  const secret = secretOf(original) ?? secretOf(unwrap(original).content)
  if (!secret || secret.length === 0) return null
  for (const author of authors) {
    for (const sealer of sealers) {
      const info = Buffer.from(`${originalId}${author}${sealer}${use}`)
      const key = Buffer.from(hkdfSync('sha256', secret, new Uint8Array(), info, 32))
      const plain = decrypt(key, sealed.iv, sealed.payload, boundTo(sealer))
      if (plain !== null) return plain
    }
  }
  return null
}

function secretOf(message: proto.IMessage): Uint8Array | null {
  return message.messageContextInfo?.messageSecret ?? null
}

/** Null when the key does not fit, which only the tag can tell. */
function decrypt(key: Buffer, iv: Uint8Array, payload: Uint8Array, boundTo: string): Buffer | null {
  if (payload.length < tagBytes || iv.length === 0) return null
  const decipher = createDecipheriv('aes-256-gcm', key, iv)
  decipher.setAAD(Buffer.from(boundTo))
  decipher.setAuthTag(payload.subarray(-tagBytes))
  const start = decipher.update(payload.subarray(0, -tagBytes))
  try {
    return Buffer.concat([start, decipher.final()])
  } catch {
    // Node's only word for a tag that does not fit.
    return null
  }
}
