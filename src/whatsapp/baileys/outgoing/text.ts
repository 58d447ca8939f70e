import type { OutgoingText } from '../../outgoing-message.ts'
import type { Made } from './made.ts'

/** A text. Link previews are never made by Baileys: it would fetch the first URL of the text from here. */
export function toTextContent(message: OutgoingText): Made {
  return { content: { text: message.text, linkPreview: null } }
}
