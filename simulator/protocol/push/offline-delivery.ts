import type { BinaryNode } from 'baileys'
import type { FaultPlan } from '../../state/fault-plan.ts'
import type { LinkedDevice } from '../../state/linked-device.ts'
import type { ClientConnection } from '../../transport/client-connection.ts'
import { el, SERVER } from '../stanza.ts'

/**
 * Sends a device what waits for it, in order and marked as offline, and from then on everything as it comes.
 * Returns false when a planned fault cut the connection in between.
 */
export function startDelivery(
  connection: ClientConnection,
  device: LinkedDevice,
  faults: FaultPlan,
): boolean {
  const waiting = [...device.queue.unconfirmed]
  connection.send(el('ib', { from: SERVER }, [preview(waiting)]))
  const cut = waiting.length > 0 ? faults.take('drop-during-offline', device.account) : undefined
  const sent = cut ? waiting.slice(0, cut.value) : waiting
  for (const [position, stanza] of sent.entries()) {
    connection.send({ ...stanza, attrs: { ...stanza.attrs, offline: String(position) } })
  }
  if (cut) {
    connection.terminateAfterSending()
    return false
  }
  connection.send(el('ib', { from: SERVER }, [el('offline', { count: waiting.length })]))
  device.queue.attach(connection)
  return true
}

function preview(waiting: BinaryNode[]): BinaryNode {
  const count = (tag: string) => waiting.filter((stanza) => stanza.tag === tag).length
  return el('offline_preview', {
    count: waiting.length,
    message: count('message'),
    receipt: count('receipt'),
    notification: count('notification'),
    call: count('call'),
  })
}
