import type { BinaryNode } from 'baileys'
import { asMessageId } from '../../../core/ids.ts'
import { splitJid } from '../../jid.ts'
import type { ReceiptType, WhatsAppEvent } from '../../whatsapp-event.ts'
import { toDate } from './content.ts'
import { childrenOf } from './node-reading.ts'
import { asIdentity, isMe, type Me, wireJid } from './wire-jid.ts'

/** Types on the wire that tell how far a message came; all others (retry, sender, server-error …) are machinery. */
const receiptTypes: Readonly<Record<string, ReceiptType>> = {
  '': 'delivered',
  delivered: 'delivered',
  // A client that is not in the foreground receipts a delivery so.
  inactive: 'delivered',
  read: 'read',
  'read-self': 'read-self',
  played: 'played',
  'played-self': 'played-self',
}

/**
 * A raw receipt stanza as our word; Baileys' own updates lose the device number, the exact type and, in groups, order.
 * Empty for receipts that say nothing of a message's way.
 */
export function toReceiptEvents(node: BinaryNode, me: Me): WhatsAppEvent[] {
  const ofMembers = receiptsOfMembers(node)
  if (ofMembers.length > 0) return ofMembers.flatMap((receipt) => toReceiptEvents(receipt, me))
  const { attrs } = node
  const receiptType = receiptTypes[attrs.type ?? '']
  const from = wireJid(attrs.from)
  if (receiptType === undefined || from === null || !attrs.id) return []
  const participant = wireJid(attrs.participant)
  const isOwn = isMe(from, me)
  // A receipt of our own other device names the chat as its recipient, and in a group whose message it was as participant.
  const author = isOwn ? from : (participant ?? from)
  const chat = isOwn ? (wireJid(attrs.recipient) ?? from) : from
  const identity = asIdentity(author, wireJid(attrs.participant_pn ?? attrs.sender_pn ?? attrs.sender_lid))
  const learned: WhatsAppEvent[] = identity === null ? [] : [{ type: 'identity.learned', ...identity }]
  return [
    ...learned,
    {
      type: 'receipt.updated',
      receipt: {
        chat,
        messageIds: [attrs.id, ...listedIds(node)].map(asMessageId),
        from: author,
        fromDevice: splitJid((isOwn ? undefined : attrs.participant) ?? attrs.from ?? '')?.device ?? 0,
        participant: isOwn ? null : participant,
        receiptType,
        at: toDate(attrs.t),
      },
    },
  ]
}

/**
 * The receipts of several members that WhatsApp has put into one, each as if it had come alone:
 * `<receipt from=group><participants key=message><user jid t/>…` (whatsmeow receipt.go, handleGroupedReceipt).
 */
function receiptsOfMembers(node: BinaryNode): BinaryNode[] {
  const { tag, attrs } = node
  const messages = childrenOf(node).filter((child) => child.tag === 'participants')
  return messages.flatMap((message) =>
    childrenOf(message).flatMap(({ attrs: { jid, t, participant_pn } }) => {
      if (!jid) return []
      const own = {
        id: message.attrs.key ?? '',
        participant: jid,
        ...(t === undefined ? {} : { t }),
        ...(participant_pn === undefined ? {} : { participant_pn }),
      }
      return [{ tag, attrs: { ...attrs, ...own } }]
    }),
  )
}

function listedIds(node: BinaryNode): string[] {
  if (!Array.isArray(node.content)) return []
  const list = node.content.find((child) => child.tag === 'list')
  if (!Array.isArray(list?.content)) return []
  return list.content.flatMap((item) => (item.tag === 'item' && item.attrs.id ? [item.attrs.id] : []))
}
