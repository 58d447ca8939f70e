import type { NewEvent } from '../../core/event-envelope.ts'
import { toRfc3339 } from '../../core/rfc3339.ts'
import type { AccountScope } from '../account-scope.ts'
import { dedupeKey, type MutableBody, topLevel } from '../event-body.ts'
import type { EventChat, EventPerson } from './message-events.ts'
import type { StoredMessage } from './stored-message.ts'

/** What the body of a `message.deleted` is made of. */
export interface DeletedEventFacts {
  readonly scope: AccountScope
  readonly chat: EventChat
  /** The message as it was kept until now. */
  readonly message: StoredMessage
  readonly from: EventPerson
  readonly at: Date
}

/** A message was deleted on another device of the account, for this account alone. */
export function toDeletedEvent({ scope, chat, message, from, at }: DeletedEventFacts): NewEvent {
  const kind = 'message.deleted'
  const payload: MutableBody = {
    deleted_message_id: message.id,
    timestamp: toRfc3339(at),
    from: from.jid,
    ...(from.lid === null ? {} : { from_lid: from.lid }),
    sender_display_name: from.displayName,
    chat_id: chat.jid,
    ...(chat.lid === null ? {} : { chat_lid: chat.lid }),
    original_content: message.content,
    original_sender: message.sender,
    original_timestamp: toRfc3339(message.sentAt),
    was_from_me: message.isFromMe,
  }
  if (message.mediaKind !== null) payload['original_media_type'] = message.mediaKind
  if (message.fileName !== '') payload['original_filename'] = message.fileName
  return {
    kind,
    lane: chat.id,
    dedupeKey: dedupeKey(kind, scope.account, chat.id, message.id),
    body: { ...topLevel(kind, scope, at), payload },
  }
}
