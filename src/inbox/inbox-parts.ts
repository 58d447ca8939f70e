import { slicesOf } from '../core/slices.ts'
import type { WhatsAppEvent } from '../whatsapp/whatsapp-event.ts'

type HistoryEvent = Extract<WhatsAppEvent, { type: 'history.synced' }>

/** So many events or history items are applied in one transaction: a few milliseconds' work. */
const partSize = 20

/** So many people of a list are learnt in one transaction: they cost few statements, however many they are. */
const pairsPerPart = 250

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
    } else if (event.type === 'identities.learned' && event.pairs.length > partSize) {
      endPart()
      parts.push(...slicesOf(event.pairs, pairsPerPart).map((pairs) => [{ ...event, pairs }]))
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
    ...slicesOf(event.contacts, partSize).map((contacts) => ({ ...nothing, contacts })),
    ...slicesOf(event.chats, partSize).map((chats) => ({ ...nothing, chats })),
    ...slicesOf(event.messages, partSize).map((messages) => ({ ...nothing, messages })),
    ...(ends === undefined ? [] : [{ ...nothing, ends }]),
  ]
}
