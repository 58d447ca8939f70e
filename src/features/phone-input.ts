import { type Jid, jidKind, jidUser, toJid } from '../whatsapp/jid.ts'

const leadingZeroText =
  'phone number must be in international format (should not start with 0). For Indonesian numbers, use 62xxx format instead of 08xxx'

const personPattern = /^\d{1,20}$/
/** Groups are digits, old ones with a dash; nothing else is written down as a chat. */
const otherPattern = /^[\w.-]{1,64}$/

/** What is wrong with a phone input before anybody is asked, as a sentence, or null. */
export function phoneSentence(phone: string): string | null {
  const digits = phone.startsWith('+') ? phone.slice(1) : phone
  if (digits === '') return 'phone number cannot be empty'
  return digits.startsWith('0') ? leadingZeroText : null
}

/** Puts the server part on a bare number (up to 15 characters: a person, longer: a group). Answers repeat this form. */
export function sanitisePhone(phone: string): string {
  if (phone === '' || phone.includes('@')) return phone
  return `${phone}@${phone.length <= 15 ? 's.whatsapp.net' : 'g.us'}`
}

/** Reads an address from what a caller wrote; null when WhatsApp could not know it. */
export function toRecipient(phone: string): Jid | null {
  const jid = toJid(sanitisePhone(phone).replace(/^\+/, ''))
  if (jid === null || jidKind(jid) === 'other') return null
  const isPerson = jidKind(jid) === 'phone' || jidKind(jid) === 'lid'
  return (isPerson ? personPattern : otherPattern).test(jidUser(jid)) ? jid : null
}
