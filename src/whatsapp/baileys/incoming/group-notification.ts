import type { BinaryNode } from 'baileys'
import { jidKind } from '../../jid.ts'
import type { GroupChange, WhatsAppEvent } from '../../whatsapp-event.ts'
import { toDate } from './content.ts'
import { toLearnedEvents } from './identity.ts'
import { childOf, childrenOf } from './node-reading.ts'
import { isMe, type Me, wireJid } from './wire-jid.ts'

const changes: Readonly<Record<string, GroupChange>> = {
  add: 'join',
  remove: 'leave',
  leave: 'leave',
  promote: 'promote',
  demote: 'demote',
}

/**
 * A raw group notification as our words: who joined, left, became an admin or no longer is, and that we are in a group now.
 * Baileys' own events lose the notification's id, by which one that comes again is known.
 */
export function toGroupEvents(node: BinaryNode, me: Me): WhatsAppEvent[] {
  const group = wireJid(node.attrs.from)
  if (group === null || jidKind(group) !== 'group') return []
  const facts = { group, stanzaId: node.attrs.id ?? '', at: toDate(node.attrs.t) }
  return childrenOf(node).flatMap((child): WhatsAppEvent[] => {
    if (child.tag === 'create') {
      const subject = childOf(child, 'group')?.attrs.subject ?? ''
      const reason = child.attrs.reason ?? child.attrs.type ?? ''
      return [{ type: 'group.joined', ...facts, subject, reason }]
    }
    const change = changes[child.tag]
    const members = change === undefined ? [] : membersOf(child)
    if (change === undefined || members.length === 0) return []
    const learned = toLearnedEvents(members.map(({ jid, alt }) => [jid, alt]))
    const isAboutMe = members.some(({ jid, alt }) => isMe(jid, me) || isMe(alt, me))
    const joined: WhatsAppEvent[] =
      change === 'join' && isAboutMe
        ? [{ type: 'group.joined', ...facts, subject: '', reason: child.attrs.reason ?? 'added' }]
        : []
    return [...learned, ...joined, { type: 'group.participants', ...facts, change, members }]
  })
}

function membersOf(node: BinaryNode) {
  return childrenOf(node).flatMap((child) => {
    const jid = child.tag === 'participant' ? wireJid(child.attrs.jid) : null
    return jid === null ? [] : [{ jid, alt: wireJid(child.attrs.phone_number ?? child.attrs.lid) }]
  })
}
