import { AppError } from '../../core/app-error.ts'
import type { GroupMemberActions } from '../../whatsapp/group-member-actions.ts'
import { type Jid, jidKind, toJid } from '../../whatsapp/jid.ts'
import { sanitisePhone, toRecipient } from '../phone-input.ts'

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
 * The people that a caller names by bare numbers (or JIDs), each once. WhatsApp is asked for every number first; raises
 * `recipient_not_on_whatsapp` when one is nobody's, before anything is done.
 */
export async function toPeople(
  members: Pick<GroupMemberActions, 'registered'>,
  participants: readonly string[],
): Promise<Jid[]> {
  const named = [...new Set(participants.map(toPerson))]
  const numbers = named.filter((jid) => jidKind(jid) === 'phone')
  const registered = numbers.length === 0 ? [] : await members.registered(numbers)
  if (registered.length < numbers.length) throw notRegistered()
  // WhatsApp has another JID for some numbers; what it has as it was named keeps its place.
  const renamed = registered.filter((jid) => !named.includes(jid))
  const kept = named.map((jid) =>
    jidKind(jid) === 'lid' || registered.includes(jid) ? jid : renamed.shift(),
  )
  return [...new Set(kept.filter((jid) => jid !== undefined))]
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
