import type { OutgoingContact } from '../../outgoing-message.ts'
import type { Made } from './made.ts'

/** A contact card, as vCard 3.0. */
export function toContactContent(message: OutgoingContact): Made {
  return { content: { contacts: { contacts: [{ displayName: message.name, vcard: toVcard(message) }] } } }
}

function toVcard({ name, phone }: OutgoingContact): string {
  const escaped = escapeValue(name)
  return [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `N:;${escaped};;;`,
    `FN:${escaped}`,
    `TEL;type=CELL;waid=${phone}:+${phone}`,
    'END:VCARD',
  ].join('\n')
}

/** A name must not be able to end its line or its field (RFC 6350, 3.4). */
function escapeValue(text: string): string {
  return text.replace(/[\\,;]/g, (sign) => `\\${sign}`).replace(/\r\n|\r|\n/g, '\\n')
}
