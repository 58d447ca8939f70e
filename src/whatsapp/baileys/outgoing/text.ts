import type { AnyMessageContent, MiscMessageGenerationOptions, WAMessage } from 'baileys'
import { proto } from 'baileys'
import type { Jid } from '../../jid.ts'
import type { MessageContext, OutgoingMessage, QuotedMessage } from '../../outgoing-message.ts'

/** What Baileys needs to build one message. */
export interface BaileysContent {
  readonly content: AnyMessageContent
  readonly options: MiscMessageGenerationOptions
}

/** The score official clients put on what was forwarded once. */
const forwardingScore = 100

/** A text as Baileys' content. Link previews are never made: Baileys would fetch the first URL of the text from here. */
export function toTextContent(message: OutgoingMessage & { kind: 'text' }, to: Jid): BaileysContent {
  const { context } = message
  const people = context.mentions?.people ?? []
  return {
    content: {
      text: message.text,
      linkPreview: null,
      ...(people.length > 0 ? { mentions: [...people] } : {}),
      ...(context.mentions?.everyone ? { mentionAll: true } : {}),
      ...(context.isForwarded ? { contextInfo: { isForwarded: true, forwardingScore } } : {}),
    },
    options: toOptions(context, to),
  }
}

/** What is put on a message of any kind: its quote and its timer. */
export function toOptions(context: MessageContext, to: Jid): MiscMessageGenerationOptions {
  return {
    ...(context.quoted ? { quoted: toQuoted(context.quoted, to) } : {}),
    ...(context.expirationSeconds ? { ephemeralExpiration: context.expirationSeconds } : {}),
  }
}

function toQuoted(quoted: QuotedMessage, to: Jid): WAMessage {
  const message = proto.Message.decode(quoted.raw)
  return {
    key: {
      id: quoted.id,
      // Baileys names the quoted chat when it differs, which is right for a status and wrong for another form of `to`.
      remoteJid: quoted.chat.endsWith('@broadcast') ? quoted.chat : to,
      // "Not mine" with the author named: for own messages Baileys would always put our phone-number JID, also in LID chats.
      fromMe: false,
      participant: quoted.sender,
    },
    message: Object.keys(message).length > 0 ? message : { conversation: '' },
  }
}
