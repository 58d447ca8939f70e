import type { Json, NewEvent } from '../../core/event-envelope.ts'
import { newUlid } from '../../core/ids.ts'
import { toRfc3339 } from '../../core/rfc3339.ts'
import { type Jid, jidKind } from '../../whatsapp/jid.ts'
import type { WhatsAppEvent } from '../../whatsapp/whatsapp-event.ts'
import type { AccountScope } from '../account-scope.ts'
import { dedupeKey, lidMember, type MutableBody, topLevel } from '../event-body.ts'
import type { EventChat, EventPerson } from '../messages/message-events.ts'

// The bodies of events that tell of something passing: pure functions, of the shape the reference gives them.

type Fact<Type extends WhatsAppEvent['type']> = Extract<WhatsAppEvent, { type: Type }>

/** Somebody types or records in a chat, or no longer does. */
export function toChatPresenceEvent(
  scope: AccountScope,
  fact: Fact<'chat.presence'>,
  { chat, from, at }: { readonly chat: EventChat; readonly from: EventPerson; readonly at: Date },
): NewEvent {
  const kind = 'chat_presence'
  const payload: MutableBody = {
    from: from.jid,
    ...lidMember('from_lid', fact.from, from.lid),
    sender_display_name: from.displayName,
    chat_id: chat.jid,
    ...lidMember('chat_lid', fact.chat, chat.lid),
    state: fact.state,
    media: fact.isRecording ? 'audio' : '',
    is_group: jidKind(chat.jid) === 'group',
  }
  // Chat states have no id and are never delivered twice.
  return {
    kind,
    lane: chat.id,
    dedupeKey: `${kind}:${newUlid(at)}`,
    body: { ...topLevel(kind, scope, at), payload },
  }
}

/** Members of a group changed; `jids` are phone-number JIDs where known. */
export function toParticipantsEvent(
  scope: AccountScope,
  fact: Fact<'group.participants'>,
  { chat, jids }: { readonly chat: EventChat; readonly jids: readonly Jid[] },
): NewEvent {
  const kind = 'group.participants'
  const payload = { chat_id: chat.jid, type: fact.change, jids: [...jids] }
  const key = dedupeKey(kind, scope.account, fact.group, fact.stanzaId, fact.change)
  return { kind, lane: chat.id, dedupeKey: key, body: { ...topLevel(kind, scope, fact.at), payload } }
}

/** This account is in a group now. */
export function toGroupJoinedEvent(
  scope: AccountScope,
  fact: Fact<'group.joined'>,
  chat: EventChat,
): NewEvent {
  const kind = 'group.joined'
  const payload: MutableBody = {
    chat_id: chat.jid,
    type: 'join',
    jids: [scope.account],
    reason: fact.reason,
    ...(fact.subject === '' ? {} : { group_name: fact.subject }),
  }
  const key = dedupeKey(kind, scope.account, fact.group, fact.stanzaId)
  return { kind, lane: chat.id, dedupeKey: key, body: { ...topLevel(kind, scope, fact.at), payload } }
}

/** Somebody calls. Until it is known better (see `asRejected`) the call is not rejected. */
export function toCallOfferEvent(
  scope: AccountScope,
  fact: Fact<'call.offered'>,
  { chat, from }: { readonly chat: EventChat; readonly from: EventPerson },
): NewEvent {
  const kind = 'call.offer'
  const payload: MutableBody = {
    call_id: fact.callId,
    from: from.jid,
    ...lidMember('from_lid', fact.from, from.lid),
    sender_display_name: from.displayName,
    auto_rejected: false,
    is_video: fact.isVideo,
    ...(fact.platform === '' ? {} : { remote_platform: fact.platform }),
    ...(fact.version === '' ? {} : { remote_version: fact.version }),
    ...(fact.group === null ? {} : { group_jid: fact.group }),
  }
  const key = callKey(scope, fact)
  return { kind, lane: chat.id, dedupeKey: key, body: { ...topLevel(kind, scope, fact.at), payload } }
}

/** What a call's event is known by. */
export function callKey(scope: AccountScope, { callId }: Pick<Fact<'call.offered'>, 'callId'>): string {
  return dedupeKey('call.offer', scope.account, callId)
}

/** The body of a call's event once the call was rejected by itself. */
export function asRejected(body: NewEvent['body']): NewEvent['body'] {
  const payload = body['payload'] as MutableBody // made by `toCallOfferEvent`
  return { ...body, payload: { ...payload, auto_rejected: true } }
}

/** Something about a channel. */
export function toNewsletterEvent(scope: AccountScope, fact: Fact<'newsletter.changed'>): NewEvent {
  const { newsletter, change } = fact
  const kind = `newsletter.${change.what}` as const
  const payload: MutableBody = { newsletter_id: newsletter, ...newsletterMembers(change) }
  const key = dedupeKey(kind, scope.account, newsletter, fact.stanzaId)
  return { kind, lane: newsletter, dedupeKey: key, body: { ...topLevel(kind, scope, fact.at), payload } }
}

function newsletterMembers(change: Fact<'newsletter.changed'>['change']): { [key: string]: Json } {
  switch (change.what) {
    case 'joined':
      return {
        ...(change.name === '' ? {} : { name: change.name }),
        ...(change.description === '' ? {} : { description: change.description }),
      }
    case 'left':
      return { role: change.role }
    case 'mute':
      return { mute: change.mute }
    case 'message':
      return {
        messages: change.posts.map((post) => ({
          server_id: post.serverId,
          message_id: post.messageId,
          type: post.kind,
          timestamp: toRfc3339(post.at),
          // The reference tells of views only when there are some.
          ...(post.views === null || post.views === 0 ? {} : { views_count: post.views }),
          ...(Object.keys(post.reactions).length === 0 ? {} : { reaction_counts: { ...post.reactions } }),
        })),
      }
  }
}

/** A chat that was known by its LID alone has a phone number now. */
export function toIdentityResolvedEvent(
  scope: AccountScope,
  {
    lane,
    lid,
    phone,
    at,
  }: { readonly lane: string; readonly lid: Jid; readonly phone: Jid; readonly at: Date },
): NewEvent {
  const kind = 'contact.identity_resolved'
  const payload = { jid: phone, lid }
  const key = dedupeKey(kind, scope.account, lid, phone)
  return { kind, lane, dedupeKey: key, body: { ...topLevel(kind, scope, at), payload } }
}

/** A part of the history that the phone shares is stored. */
export function toHistorySyncedEvent(
  scope: AccountScope,
  fact: Pick<Fact<'history.synced'>, 'progress' | 'syncType' | 'chunk' | 'ends'>,
  at: Date,
): NewEvent {
  const kind = 'history.synced'
  const { progress, syncType = '', chunk = 0, ends = { chats: 0, contacts: 0, messages: 0 } } = fact
  const payload: MutableBody = {
    type: syncType.toLowerCase(),
    chunk,
    ...(progress === null ? {} : { progress }),
    ...ends,
  }
  const key = dedupeKey(kind, scope.account, syncType, String(chunk), ...Object.values(ends).map(String))
  return { kind, lane: 'device', dedupeKey: key, body: { ...topLevel(kind, scope, at), payload } }
}

/** WhatsApp restricts the account in writing to new contacts, or no longer does. */
export function toRestrictionEvent(
  scope: AccountScope,
  fact: Fact<'account.restricted'>,
  at: Date,
): NewEvent {
  const kind = fact.isActive ? 'device.restricted' : 'device.restriction_lifted'
  const payload: MutableBody = {
    restriction: 'reachout_timelock',
    ...(fact.kind === '' ? {} : { type: fact.kind.toLowerCase() }),
    ...(fact.endsAt === null ? {} : { until: toRfc3339(fact.endsAt) }),
  }
  return {
    kind,
    lane: 'device',
    dedupeKey: `${kind}:${newUlid(at)}`,
    body: { ...topLevel(kind, scope, at), payload },
  }
}
