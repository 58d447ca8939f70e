import type { WhatsAppEvent } from '../whatsapp/whatsapp-event.ts'

/**
 * The event with 1970 in place of times that are none. A stanza without a readable time must not make a transaction
 * fail: the same stanza would come again, and fail again, for ever.
 */
export function withValidTimes(event: WhatsAppEvent): WhatsAppEvent {
  switch (event.type) {
    case 'message.received':
    case 'message.reacted':
    case 'message.revoked':
    case 'message.edited': {
      const sentAt = valid(event.message.sentAt)
      return sentAt === event.message.sentAt ? event : { ...event, message: { ...event.message, sentAt } }
    }
    case 'message.undecryptable':
      return { ...event, sentAt: valid(event.sentAt) }
    case 'message.accepted':
      return { ...event, at: valid(event.at) }
    case 'receipt.updated':
      return { ...event, receipt: { ...event.receipt, at: valid(event.receipt.at) } }
    case 'chat.emptied':
    case 'chat.read':
      return { ...event, until: valid(event.until) }
    case 'history.synced':
      return {
        ...event,
        messages: event.messages.map((message) => ({ ...message, sentAt: valid(message.sentAt) })),
      }
    default:
      return event
  }
}

function valid(time: Date): Date {
  return Number.isNaN(time.getTime()) ? new Date(0) : time
}
