import { type BinaryNode, getAllBinaryNodeChildren, getBinaryNodeChildren } from 'baileys'
import type { Jid } from '../../jid.ts'
import type { WhatsAppEvent } from '../../whatsapp-event.ts'
import { toNumber } from './content.ts'
import { isMe, type Me, wireJid } from './wire-jid.ts'

/** Whether a stanza tells of a change of a group, and of which. */
export function changedGroup(node: BinaryNode): Jid | null {
  return node.tag === 'notification' && node.attrs['type'] === 'w:gp2' ? wireJid(node.attrs['from']) : null
}

/**
 * What a group's notification tells of its chat: its name and timer. Taken from the stanza, because Baileys keeps only the
 * first of two changes of a group that come close together.
 */
export function toGroupNoticeEvents(node: BinaryNode): WhatsAppEvent[] {
  const jid = changedGroup(node)
  if (jid === null) return []
  return getAllBinaryNodeChildren(node).flatMap(({ tag, attrs }): WhatsAppEvent[] => {
    switch (tag) {
      case 'subject':
        return attrs['subject'] ? [{ type: 'chat.updated', chat: { jid, name: attrs['subject'] } }] : []
      case 'ephemeral':
        return [
          { type: 'chat.updated', chat: { jid, expirationSeconds: toNumber(Number(attrs['expiration'])) } },
        ]
      case 'not_ephemeral':
        return [{ type: 'chat.updated', chat: { jid, expirationSeconds: 0 } }]
      default:
        return []
    }
  })
}

/** Whether a group's notification says that we were added to it. */
export function addsUs(node: BinaryNode, me: Me): boolean {
  return getBinaryNodeChildren(node, 'add').some((added) =>
    getBinaryNodeChildren(added, 'participant').some(
      ({ attrs }) => isMe(wireJid(attrs['jid']), me) || isMe(wireJid(attrs['phone_number']), me),
    ),
  )
}
