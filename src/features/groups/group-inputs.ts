import { AppError } from '../../core/app-error.ts'
import { type Jid, jidKind, toJid } from '../../whatsapp/jid.ts'
import type { MessageSender } from '../../whatsapp/whatsapp-session.ts'
import { sanitisePhone, toRecipient } from '../phone-input.ts'

/** Numbers that are looked up at the same time. */
const lookupsAtOnce = 8

/** The group that a caller's text means. Raises `jid_invalid`. */
export function toGroupJid(text: string): Jid {
  const jid = toRecipient(text.trim())
  if (jid !== null && jidKind(jid) === 'group') return jid
  throw new AppError('jid_invalid', { message: `invalid group JID ${sanitisePhone(text.trim())}` })
}

/** The code in an invite link, or written alone. Raises `group_invite_invalid`. */
export function toInviteCode(link: string): string {
  const match = /^(?:(?:https?:\/\/)?chat\.whatsapp\.com\/(?:invite\/)?)?([\w-]{1,64})\/?(?:[?#].*)?$/i.exec(
    link.trim(),
  )
  if (match?.[1] === undefined) throw new AppError('group_invite_invalid')
  return match[1]
}

/**
 * The people that a caller names by bare numbers (or JIDs), each once. Every number is asked for at WhatsApp first; raises
 * `recipient_not_on_whatsapp` when one is nobody's, before anything is done.
 */
export async function toPeople(
  session: Pick<MessageSender, 'findOnWhatsApp'>,
  participants: readonly string[],
): Promise<Jid[]> {
  const named = participants.map(toPerson)
  const numbers = [...new Set(named.filter((jid) => jidKind(jid) === 'phone'))]
  const found = new Map<Jid, Jid>()
  for (let start = 0; start < numbers.length; start += lookupsAtOnce) {
    const part = numbers.slice(start, start + lookupsAtOnce)
    const answers = await Promise.all(part.map((number) => session.findOnWhatsApp(number)))
    for (const [index, number] of part.entries()) {
      const known = answers[index]
      if (known === null || known === undefined) throw notRegistered()
      found.set(number, known)
    }
  }
  return [...new Set(named.map((jid) => found.get(jid) ?? jid))]
}

/** A bare number is a person's whatever its length; JIDs of people are taken as they are. */
function toPerson(text: string): Jid {
  const bare = text.trim().replace(/^\+/, '')
  const jid = toJid(bare.includes('@') ? bare : `${bare}@s.whatsapp.net`)
  const isPerson = jid !== null && (jidKind(jid) === 'phone' || jidKind(jid) === 'lid')
  if (!isPerson || !/^\d{1,20}@/.test(jid)) throw notRegistered()
  return jid
}

function notRegistered(): AppError {
  return new AppError('recipient_not_on_whatsapp')
}

/** The whole link that an invite code stands for. */
export function inviteLink(code: string): string {
  return `https://chat.whatsapp.com/${code}`
}
