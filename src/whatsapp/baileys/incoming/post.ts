import { type BinaryNode, proto, type WAMessage } from 'baileys'
import { childOf, childrenOf } from './node-reading.ts'
import { wireJid } from './wire-jid.ts'

const types = proto.Message.ProtocolMessage.Type

/**
 * A channel's post, or what was done to one, out of the raw stanza; null for anything else, and for what cannot be read.
 *
 * A changed post comes once more under its own id: as it is from now on and with `edit` 3 (or a `<meta>` that says when it was
 * edited), or empty and with `edit` 8 once it was taken away (whatsmeow send.go, sendNewsletter, and message.go,
 * handlePlaintextMessage). It is given the form that changes have in every other chat. Baileys cannot: it takes an edit for the
 * post itself, asks the phone for the content of one that was taken away, and of two under one id its buffer keeps the later.
 */
export function postIn(node: BinaryNode): WAMessage | null {
  const { id, from, t } = node.attrs
  const channel = wireJid(from)
  if (node.tag !== 'message' || id === undefined || !channel?.endsWith('@newsletter')) return null
  const key = { remoteJid: channel, id, fromMe: false }
  const message = contentOf(node, key)
  if (message === null) return null
  const { server_id } = node.attrs
  return {
    key: { ...key, ...(server_id === undefined ? {} : { server_id }) },
    message,
    messageTimestamp: Number(t),
  }
}

/** Leaves of a post's stanza what Baileys acknowledges without having anything to tell of it. */
export function emptyPost(node: BinaryNode): void {
  const others = childrenOf(node).filter(({ tag }) => tag !== 'plaintext')
  node.content = [{ tag: 'plaintext', attrs: {}, content: new Uint8Array() }, ...others]
}

function contentOf(node: BinaryNode, key: proto.IMessageKey): proto.IMessage | null {
  const { edit, t } = node.attrs
  if (edit === '8' || edit === '7') return { protocolMessage: { type: types.REVOKE, key } }
  const post = messageIn(childOf(node, 'plaintext'))
  if (post === null) return null
  const editedAtMs = childOf(node, 'meta')?.attrs.msg_edit_t
  const isEdit = edit === '3' || edit === '1' || editedAtMs !== undefined
  if (!isEdit || post.protocolMessage) return post
  const timestampMs = Number(editedAtMs) || Number(t) * 1000
  return { protocolMessage: { type: types.MESSAGE_EDIT, key, editedMessage: post, timestampMs } }
}

function messageIn(plaintext: BinaryNode | undefined): proto.Message | null {
  if (!(plaintext?.content instanceof Uint8Array)) return null
  try {
    return proto.Message.decode(plaintext.content)
  } catch (error) {
    // Bytes that are no message: Baileys refuses them.
    if (error instanceof Error) return null
    throw error
  }
}
