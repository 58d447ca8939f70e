import type { BaileysEventMap } from 'baileys'
import { asMessageId } from '../../../core/ids.ts'
import type { WhatsAppEvent } from '../../whatsapp-event.ts'
import { toLabelEvents } from './label-edits.ts'
import { settledBy } from './settled-chats.ts'
import { wireJid } from './wire-jid.ts'

type Batch = Partial<BaileysEventMap>

/** What other devices of the account did to messages, chats and labels (WhatsApp's app state). Never throws. */
export function toAppStateEvents(batch: Batch): WhatsAppEvent[] {
  return [
    ...(batch['labels.edit'] === undefined ? [] : toLabelEvents(batch['labels.edit'])),
    ...(batch['labels.association'] === undefined ? [] : toAssociationEvents(batch['labels.association'])),
    ...toStarEvents(batch['messages.update'] ?? []),
    ...(batch['messages.delete'] === undefined ? [] : toDeleteEvents(batch['messages.delete'])),
  ]
}

function toAssociationEvents({ association, type }: BaileysEventMap['labels.association']): WhatsAppEvent[] {
  const chat = wireJid(association.chatId)
  // Labels of single messages are WhatsApp Business's own; nothing here shows them.
  if (chat === null || 'messageId' in association) return []
  return [{ type: 'label.associated', chat, labelId: association.labelId, isLabeled: type === 'add' }]
}

function toStarEvents(updates: BaileysEventMap['messages.update']): WhatsAppEvent[] {
  return updates.flatMap(({ key, update }) => {
    const chat = wireJid(key.remoteJid)
    if (chat === null || !key.id || typeof update.starred !== 'boolean') return []
    return [
      {
        type: 'message.starred' as const,
        chat,
        targetId: asMessageId(key.id),
        targetIsFromMe: key.fromMe === true,
        isStarred: update.starred,
      },
    ]
  })
}

function toDeleteEvents(deleted: BaileysEventMap['messages.delete']): WhatsAppEvent[] {
  if (!('keys' in deleted)) return []
  return deleted.keys.flatMap((key): WhatsAppEvent[] => {
    const settled = settledBy(key)
    if (settled !== null) return [settled]
    const chat = wireJid(key.remoteJid)
    if (chat === null || !key.id) return []
    return [
      {
        type: 'message.deleted' as const,
        chat,
        targetId: asMessageId(key.id),
        targetIsFromMe: key.fromMe === true,
      },
    ]
  })
}
