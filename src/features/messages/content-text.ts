import type { Json } from '../../core/event-envelope.ts'
import type { WhatsAppMessage } from '../../whatsapp/message.ts'

/** What a row says of a message: its text or caption, else what it shows, in the words that sent messages have too. */
export function contentText({ text, details }: Pick<WhatsAppMessage, 'text' | 'details'>): string {
  if (text !== '' || details === undefined) return text
  const { contact, location, poll } = details
  if (contact !== undefined) return marked('👤', member(contact, 'displayName'))
  if (poll !== undefined) return marked('📊', member(poll, 'name'))
  if (location === undefined) return ''
  return marked(
    '📍',
    `${member(location, 'degreesLatitude') || 0}, ${member(location, 'degreesLongitude') || 0}`,
  )
}

function member(value: Json, name: string): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ''
  const found = (value as Readonly<Record<string, Json | undefined>>)[name] // no list, as was just seen
  return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
}

function marked(mark: string, text: string): string {
  return text === '' ? '' : `${mark} ${text}`
}
