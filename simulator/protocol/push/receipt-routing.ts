import type { BinaryNode } from 'baileys'
import type { Device } from '../../state/device.ts'
import { isGroupJid, isLidJid } from '../../state/ids.ts'
import type { World } from '../../state/world.ts'
import { child, children, el, nowSeconds } from '../stanza.ts'
import type { Copy } from './message-fanout.ts'

/** Receipts that stay within the account of the device that sends them. */
const OWN_RECEIPTS = new Set(['sender', 'peer_msg', 'hist_sync', 'read-self', 'played-self'])

/** All message ids a receipt speaks of. */
export function receiptIds(receipt: BinaryNode): string[] {
  const items = children(child(receipt, 'list')).map((item) => item.attrs['id'])
  return [receipt.attrs['id'], ...items].filter((id) => id !== undefined)
}

/** Where a receipt goes and in which form. */
export function routeReceipt(world: World, sender: Device, receipt: BinaryNode): Copy[] {
  const { to = '', type, participant } = receipt.attrs
  if (type !== undefined && OWN_RECEIPTS.has(type)) return ownCopies(sender, receipt)
  const author = isGroupJid(to) || to.endsWith('@broadcast') ? participant : to
  if (type === 'retry' || type === 'server-error') {
    const device = world.device(author)
    return device ? [{ device, stanza: receiptCopy(world, sender, receipt, type) }] : []
  }
  const account = world.account(author)
  if (!account) return []
  // A client that is not in the foreground says `inactive`; the author sees a plain delivery.
  const stanza = receiptCopy(world, sender, receipt, type === 'inactive' ? undefined : type)
  const copies = [...account.devices.values()]
    .filter((device) => device !== sender)
    .map((device) => ({ device, stanza }))
  return type === 'read' && account !== sender.account
    ? [...copies, ...ownCopies(sender, receipt, 'read-self')]
    : copies
}

function receiptCopy(world: World, sender: Device, receipt: BinaryNode, type?: string): BinaryNode {
  const { id, to = '' } = receipt.attrs
  const group = world.group(to)
  const byLid = group ? group.addressingMode === 'lid' : isLidJid(to)
  const self = byLid ? sender.lid : sender.pn
  const place = group || to.endsWith('@broadcast') ? { from: to, participant: self } : { from: self }
  const content = children(receipt)
  return el('receipt', { id, ...place, type, t: nowSeconds() }, content.length > 0 ? content : undefined)
}

function ownCopies(sender: Device, receipt: BinaryNode, type = receipt.attrs['type']): Copy[] {
  const { id, to, recipient, participant } = receipt.attrs
  const content = children(receipt)
  const isReading = type === 'read-self' || type === 'played-self'
  const stanza = el(
    'receipt',
    { id, from: sender.pn, recipient: recipient ?? to, participant, type, t: nowSeconds() },
    content.length > 0 ? content : undefined,
  )
  return (
    [...sender.account.devices.values()]
      // The phone hears of everything; what it read itself, the companions do.
      .filter((device) => device !== sender && (device.number === 0 || (sender.number === 0 && isReading)))
      .map((device) => ({ device, stanza }))
  )
}
