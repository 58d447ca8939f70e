import type { NewEvent } from '../../core/event-envelope.ts'
import { newUlid } from '../../core/ids.ts'
import type { LabelEdit } from '../../whatsapp/whatsapp-event.ts'
import type { AccountScope } from '../account-scope.ts'
import { type MutableBody, topLevel } from '../event-body.ts'

// Changes of labels carry no id of WhatsApp's; the rows they change tell whether one is new.

const lane = 'labels'

/** A label was made, changed or deleted on another device of the account; told is what that device has set. */
export function toLabelEditEvent(scope: AccountScope, id: string, edit: LabelEdit, at: Date): NewEvent {
  const kind = 'label.edit'
  const payload: MutableBody = { label_id: id }
  if (edit.name !== undefined) payload['name'] = edit.name
  if (edit.color !== undefined) payload['color'] = edit.color
  if (edit.predefinedId !== undefined) payload['predefined_id'] = edit.predefinedId
  if (edit.isDeleted !== undefined) payload['deleted'] = edit.isDeleted
  if (edit.orderIndex !== undefined) payload['order_index'] = edit.orderIndex
  if (edit.isActive !== undefined) payload['is_active'] = edit.isActive
  if (edit.listType !== undefined) payload['type'] = edit.listType
  if (edit.isImmutable !== undefined) payload['is_immutable'] = edit.isImmutable
  if (edit.muteEndTimeMs !== undefined) payload['mute_end_time_ms'] = edit.muteEndTimeMs
  return {
    kind,
    lane,
    dedupeKey: `${kind}:${newUlid(at)}`,
    body: { ...topLevel(kind, scope, at), payload },
  }
}

/** A label was put on a chat or taken off it on another device of the account. */
export function toLabelAssociationEvent(
  scope: AccountScope,
  chat: { readonly jid: string; readonly lid: string | null },
  { labelId, isLabeled }: { readonly labelId: string; readonly isLabeled: boolean },
  at: Date,
): NewEvent {
  const kind = 'label.association'
  const payload: MutableBody = { label_id: labelId, labeled: isLabeled, chat_id: chat.jid }
  if (chat.lid !== null) payload['chat_lid'] = chat.lid
  return {
    kind,
    lane,
    dedupeKey: `${kind}:${newUlid(at)}`,
    body: { ...topLevel(kind, scope, at), payload },
  }
}
