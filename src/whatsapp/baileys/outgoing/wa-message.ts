import { generateWAMessage, proto } from 'baileys'
import type { MessageId } from '../../../core/ids.ts'
import type { Jid } from '../../jid.ts'
import type { OutgoingMessage } from '../../outgoing-message.ts'
import { type BaileysContent, toTextContent } from './text.ts'

/** An outgoing message in WhatsApp's form: what is relayed, and its bytes for the store. */
export interface WaMessage {
  readonly message: proto.IMessage
  readonly raw: Uint8Array
}

/** Builds the protobuf of a message to `to`. */
export async function toWaMessage(
  to: Jid,
  outgoing: OutgoingMessage,
  { id, userJid }: { id: MessageId; userJid: string },
): Promise<WaMessage> {
  const { content, options } = toBaileysContent(outgoing, to)
  const generated = await generateWAMessage(to, content, {
    ...options,
    userJid,
    messageId: id,
    upload: () => Promise.reject(new Error('a text uploads nothing')),
  })
  if (!generated.message) throw new Error('no message was generated')
  const raw = proto.Message.encode(generated.message).finish()
  return { message: generated.message, raw }
}

function toBaileysContent(outgoing: OutgoingMessage, to: Jid): BaileysContent {
  switch (outgoing.kind) {
    case 'text':
      return toTextContent(outgoing, to)
  }
}
