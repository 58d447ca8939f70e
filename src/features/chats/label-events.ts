import type { NewEvent } from '../../core/event-envelope.ts'
import { newUlid } from '../../core/ids.ts'
import type { AccountScope } from '../account-scope.ts'
import { type MutableBody, topLevel } from '../event-body.ts'
import type { StoredLabel } from './label-store.ts'

// Changes of labels carry no id of WhatsApp's; the rows they change tell whether one is new.

const lane = 'labels'

/** A label was made, renamed or deleted on another device of the account. */
export function toLabelEditEvent(
  scope: AccountScope,
  label: StoredLabel,
  predefinedId: number | null,
  at: Date,
): NewEvent {
  const kind = 'label.edit'
  const payload: MutableBody = {
    label_id: label.id,
    name: label.name,
    color: label.color,
    deleted: label.isDeleted,
  }
  if (predefinedId !== null) payload['predefined_id'] = predefinedId
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
