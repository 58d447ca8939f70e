import type { WhatsAppEvent } from '../whatsapp/whatsapp-event.ts'

type HistoryEvent = Extract<WhatsAppEvent, { type: 'history.synced' }>

/** So many events or history items are applied in one transaction: a few milliseconds' work. */
const partSize = 20

/**
 * Cuts what came at once into parts that are applied one transaction each, in order, so that a long batch or a history
 * of thousands of messages never holds up everything else. People come before chats and chats before messages.
 */
export function toParts(events: readonly WhatsAppEvent[]): WhatsAppEvent[][] {
  const parts: WhatsAppEvent[][] = []
  let part: WhatsAppEvent[] = []
  const endPart = () => {
    if (part.length > 0) parts.push(part)
    part = []
  }
  for (const event of events) {
    if (event.type === 'history.synced') {
      endPart()
      parts.push(...historyParts(event).map((piece) => [piece]))
    } else {
      part.push(event)
      if (part.length === partSize) endPart()
    }
  }
  endPart()
  return parts
}

function historyParts(event: HistoryEvent): HistoryEvent[] {
  const { ends, ...others } = event
  const nothing = { ...others, contacts: [], chats: [], messages: [] }
  return [
    ...slices(event.contacts).map((contacts) => ({ ...nothing, contacts })),
    ...slices(event.chats).map((chats) => ({ ...nothing, chats })),
    ...slices(event.messages).map((messages) => ({ ...nothing, messages })),
    ...(ends === undefined ? [] : [{ ...nothing, ends }]),
  ]
}

function slices<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / partSize) }, (_, index) =>
    items.slice(index * partSize, (index + 1) * partSize),
  )
}
