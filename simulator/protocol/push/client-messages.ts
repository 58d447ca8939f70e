import type { BinaryNode } from 'baileys'
import type { FaultPlan } from '../../state/fault-plan.ts'
import type { LinkedDevice } from '../../state/linked-device.ts'
import type { ClientConnection } from '../../transport/client-connection.ts'
import { el } from '../stanza.ts'
import type { Router, Submission } from './router.ts'

/** How long an ack is held back at most for a receipt that is to overtake it. */
const OVERTAKE_MS = 3_000

/** Takes a message from a client: acks it, refuses it, or does with the ack what a planned fault says. */
export function takeClientMessage(
  connection: ClientConnection,
  device: LinkedDevice,
  stanza: BinaryNode,
  { router, faults }: { router: Router; faults: FaultPlan },
): void {
  const { account } = device
  const { id, to } = stanza.attrs
  const refusal = faults.take('refuse', account)
  if (refusal) {
    connection.send(el('ack', { class: 'message', id, from: to, error: refusal.value }))
    return
  }
  const submission = router.submit(device, stanza)
  if (faults.take('close-before-ack', account)) {
    submission.deliver()
    connection.terminate()
    return
  }
  if (faults.take('drop-ack', account)) {
    submission.deliver()
    return
  }
  const delay = faults.take('delay-ack', account)
  if (delay) {
    submission.deliver()
    setTimeout(() => connection.send(submission.ack), delay.value).unref()
    return
  }
  if (faults.take('receipt-before-ack', account)) {
    ackAfterReceipt(connection, device, submission, router)
    return
  }
  connection.send(submission.ack)
  submission.deliver()
}

function ackAfterReceipt(
  connection: ClientConnection,
  device: LinkedDevice,
  submission: Submission,
  router: Router,
): void {
  const { ack } = submission
  const send = () => {
    clearTimeout(fallback)
    stop()
    connection.send(ack)
  }
  const fallback = setTimeout(send, OVERTAKE_MS).unref()
  const stop = router.onReceipt((to, ids) => {
    if (to === device && ids.includes(ack.attrs['id'] ?? '')) send()
  })
  submission.deliver()
}
