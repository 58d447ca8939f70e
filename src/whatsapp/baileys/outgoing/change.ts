import { type BinaryNode, proto, type WAMessageKey } from 'baileys'
import { jidKind } from '../../jid.ts'
import type { MessageKey } from '../../message-actions.ts'
import type { OutgoingChange, OutgoingEdit } from '../../outgoing-change.ts'
import { unwrap } from '../incoming/content.ts'

/** A change as it is relayed. Built here and not by Baileys, whose edits lose the picture under a changed caption. */
export interface MadeChange {
  readonly message: proto.IMessage
  /** The stanza's `edit`: 1 for an edit, 7 for a revoke, 8 for one by an admin (rc14 lib/Socket/messages-send.js); posts differ. */
  readonly attributes: Readonly<Record<string, string>>
  readonly nodes: readonly BinaryNode[]
}

const types = proto.Message.ProtocolMessage.Type

/** Builds what changes a message or a chat; `at` is now. */
export function toChangeMessage(change: OutgoingChange, at: Date): MadeChange {
  if (change.kind !== 'timer' && jidKind(change.target.chat) === 'newsletter') return toPostChange(change, at)
  switch (change.kind) {
    case 'revoke': {
      const { target } = change
      const isByAdmin = !target.isFromMe && jidKind(target.chat) === 'group'
      return {
        message: { protocolMessage: { key: toWireKey(target), type: types.REVOKE } },
        attributes: { edit: isByAdmin ? '8' : '7' },
        nodes: [],
      }
    }
    case 'reaction':
      return {
        message: {
          reactionMessage: {
            key: toWireKey(change.target),
            text: change.emoji,
            senderTimestampMs: at.getTime(),
          },
        },
        attributes: {},
        nodes: [],
      }
    case 'edit':
      return {
        message: {
          protocolMessage: {
            key: toWireKey(change.target),
            type: types.MESSAGE_EDIT,
            editedMessage: toEdited(change),
            timestampMs: at.getTime(),
          },
        },
        attributes: { edit: '1' },
        nodes: [],
      }
    case 'timer':
      return {
        message: {
          protocolMessage: { type: types.EPHEMERAL_SETTING, ephemeralExpiration: change.seconds },
        },
        attributes: {},
        nodes: [],
      }
  }
}

/**
 * What is done to a channel's post: a reaction names it by its server id and is made of the stanza alone; an edit (3) is the
 * post as it is from now on, a revoke (8) is empty, and both go under the post's own id (whatsmeow send.go, sendNewsletter).
 */
function toPostChange(change: Exclude<OutgoingChange, { kind: 'timer' }>, at: Date): MadeChange {
  switch (change.kind) {
    case 'reaction': {
      const key = toWireKey(change.target)
      return {
        message: { reactionMessage: { key, text: change.emoji, senderTimestampMs: at.getTime() } },
        attributes: {
          server_id: String(change.target.serverId ?? ''),
          ...(change.emoji === '' ? { edit: '7' } : {}),
        },
        nodes: [],
      }
    }
    case 'edit':
      return { message: toEdited(change), attributes: { edit: '3' }, nodes: [] }
    case 'revoke':
      return { message: {}, attributes: { edit: '8' }, nodes: [] }
  }
}

/** Several people write in groups, status and broadcasts, so the author is named there. */
function toWireKey({ chat, id, sender, isFromMe }: MessageKey): WAMessageKey {
  const hasManyAuthors = jidKind(chat) === 'group' || jidKind(chat) === 'broadcast'
  return {
    remoteJid: chat,
    id,
    fromMe: isFromMe,
    ...(hasManyAuthors && !isFromMe ? { participant: sender } : {}),
  }
}

/** The message with its new text: media keep what they are and get another caption. */
function toEdited({ raw, text, context }: OutgoingEdit): proto.IMessage {
  const mentions = {
    ...(context.mentions?.people.length ? { mentionedJid: [...context.mentions.people] } : {}),
    ...(context.mentions?.everyone ? { nonJidMentions: 1 } : {}),
  }
  const hasMentions = Object.keys(mentions).length > 0
  const { content } = unwrap(raw === null ? {} : proto.Message.decode(raw))
  for (const kind of ['imageMessage', 'videoMessage', 'documentMessage'] as const) {
    const media = content[kind]
    if (!media) continue
    const contextInfo = hasMentions ? { contextInfo: { ...media.contextInfo, ...mentions } } : {}
    return { [kind]: { ...media, caption: text, ...contextInfo } }
  }
  return { extendedTextMessage: { text, ...(hasMentions ? { contextInfo: mentions } : {}) } }
}
