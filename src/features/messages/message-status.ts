import type { MessageStatus } from '../../whatsapp/message.ts'
import type { ReceiptType } from '../../whatsapp/whatsapp-event.ts'

/** From least to most evidence. `unknown` and `failed` give way to proof that the message went out after all. */
export const messageStatuses: readonly MessageStatus[] = [
  'pending',
  'unknown',
  'failed',
  'sent',
  'delivered',
  'read',
  'played',
]

/** The statuses that `status` replaces; the same and better ones stay as they are. */
export function statusesBelow(status: MessageStatus): readonly MessageStatus[] {
  return messageStatuses.slice(0, messageStatuses.indexOf(status))
}

/** Whether a message with `current` becomes `next` when `next` is learnt. */
export function isProgress(current: MessageStatus, next: MessageStatus): boolean {
  return messageStatuses.indexOf(next) > messageStatuses.indexOf(current)
}

/** What a receipt says of a message of ours; null when it speaks of messages that we received. */
export function statusOfReceipt(type: ReceiptType): MessageStatus | null {
  return type === 'delivered' || type === 'read' || type === 'played' ? type : null
}
