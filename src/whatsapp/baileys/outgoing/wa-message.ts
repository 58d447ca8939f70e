import { type BinaryNode, generateWAMessageContent, proto, type WAMediaUploadFunction } from 'baileys'
import type { Jid } from '../../jid.ts'
import type { OutgoingMessage } from '../../outgoing-message.ts'
import { toContactContent } from './contact.ts'
import { putContext } from './context-info.ts'
import { toLocationContent } from './location.ts'
import type { Made } from './made.ts'
import { toPollContent } from './poll.ts'
import { toTextContent } from './text.ts'

/** An outgoing message in WhatsApp's form: what is relayed, and its bytes for the store. */
export interface WaMessage {
  readonly message: proto.IMessage
  readonly raw: Uint8Array
  /** Attributes and nodes that its stanza carries beside the usual ones. */
  readonly attributes: Readonly<Record<string, string>>
  readonly nodes: readonly BinaryNode[]
}

/** Builds the protobuf of a message to `to`; `upload` brings files to WhatsApp. */
export async function toWaMessage(
  to: Jid,
  outgoing: OutgoingMessage,
  { upload }: { upload: WAMediaUploadFunction },
): Promise<WaMessage> {
  const { content, attributes = {}, nodes = [] } = toMade(outgoing)
  const message = await generateWAMessageContent(content, { upload, jid: to })
  putContext(message, outgoing.context, to)
  return { message, raw: proto.Message.encode(message).finish(), attributes, nodes }
}

function toMade(outgoing: OutgoingMessage): Made {
  switch (outgoing.kind) {
    case 'text':
      return toTextContent(outgoing)
    case 'contact':
      return toContactContent(outgoing)
    case 'location':
      return toLocationContent(outgoing)
    case 'poll':
      return toPollContent(outgoing)
  }
}
