import { proto } from 'baileys'
import { assertNever } from '../../../core/app-error.ts'
import type { OutgoingChange, OutgoingEdit } from '../../outgoing-message.ts'
import { toWireKey } from '../actions/wire-key.ts'
import { contentType, unwrap } from '../incoming/content.ts'

const { Type } = proto.Message.ProtocolMessage

/** A change in WhatsApp's form; the server tells edits and revokes by the `edit` of their stanza. */
export interface MadeChange {
  readonly message: proto.IMessage
  readonly attributes: Readonly<Record<string, string>>
}

/** Builds what is sent at `at` to change something. */
export function toChange(change: OutgoingChange, at: Date): MadeChange {
  switch (change.kind) {
    case 'revoke': {
      const key = toWireKey(change.target)
      return {
        message: { protocolMessage: { key, type: Type.REVOKE } },
        // 8 is an admin's, who takes back what somebody else wrote.
        attributes: { edit: change.target.isFromMe ? '7' : '8' },
      }
    }
    case 'edit': {
      const [key, timestampMs] = [toWireKey(change.target), at.getTime()]
      const editedMessage = editedContent(change)
      return {
        message: { protocolMessage: { key, type: Type.MESSAGE_EDIT, editedMessage, timestampMs } },
        attributes: { edit: '1' },
      }
    }
    case 'reaction': {
      const key = toWireKey(change.target)
      return {
        message: { reactionMessage: { key, text: change.emoji, senderTimestampMs: at.getTime() } },
        attributes: {},
      }
    }
    case 'timer': {
      const ephemeralExpiration = change.seconds
      return {
        message: { protocolMessage: { type: Type.EPHEMERAL_SETTING, ephemeralExpiration } },
        attributes: {},
      }
    }
    default:
      return assertNever(change)
  }
}

const captioned: ReadonlySet<string> = new Set(['imageMessage', 'videoMessage', 'documentMessage'])

/** The new text; of media the caption, with everything else as it was. */
function editedContent({ raw, text }: OutgoingEdit): proto.IMessage {
  const { content } = unwrap(proto.Message.decode(raw))
  const type = contentType(content)
  if (!captioned.has(type)) return { extendedTextMessage: { text } }
  const part = content[type as 'imageMessage'] // one of the three, all of which have a caption
  return { [type]: { ...part, caption: text } }
}
