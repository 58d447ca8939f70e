import { type BaileysEventEmitter, type BaileysEventMap, proto } from 'baileys'
import type { LabelEdit, WhatsAppEvent } from '../../whatsapp-event.ts'
import { toNumber } from './content.ts'
import type { SyncActionLine } from './sync-action.ts'

// Of a label's edit Baileys tells five members, and not which of them the phone has set (rc14 lib/Utils/chat-utils.js,
// `processSyncAction`). The whole one goes by the same name just before Baileys' own, which is left aside.

type BaileysLabel = BaileysEventMap['labels.edit']
type WholeLabel = BaileysLabel & { readonly edit: LabelEdit }

/** Puts the whole edit of a label among Baileys' events, when the change is one. Never throws. */
export function tellLabelEdit(
  ev: Pick<BaileysEventEmitter, 'emit'>,
  { syncAction: { index, syncAction } }: SyncActionLine,
): void {
  const id = index[1]
  const action = syncAction.value?.labelEditAction
  if (!action || !id) return
  const label: WholeLabel = { id, name: '', color: 0, deleted: false, edit: toLabelEdit(action) }
  ev.emit('labels.edit', label)
}

/** The edit of a label as our word; none for what Baileys tells of it. */
export function toLabelEvents(label: BaileysLabel): WhatsAppEvent[] {
  if (!('edit' in label)) return []
  const { id, edit } = label as WholeLabel // nobody else adds that to a label
  return [{ type: 'label.edited', id, edit }]
}

function toLabelEdit(action: proto.SyncActionValue.ILabelEditAction): LabelEdit {
  const { name, color, deleted, predefinedId, orderIndex, isActive, type, isImmutable, muteEndTimeMs } =
    action
  const { ListType } = proto.SyncActionValue.LabelEditAction
  return {
    ...(isSet(name) && { name }),
    ...(isSet(color) && { color }),
    ...(isSet(deleted) && { isDeleted: deleted }),
    ...(isSet(predefinedId) && { predefinedId }),
    ...(isSet(orderIndex) && { orderIndex }),
    ...(isSet(isActive) && { isActive }),
    ...(isSet(type) && { listType: ListType[type] ?? String(type) }),
    ...(isSet(isImmutable) && { isImmutable }),
    ...(isSet(muteEndTimeMs) && { muteEndTimeMs: toNumber(muteEndTimeMs) }),
  }
}

function isSet<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined
}
