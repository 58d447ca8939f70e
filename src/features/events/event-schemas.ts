import { z } from 'zod'
import type { EventKind } from '../../core/event-envelope.ts'

// What the body of each kind of event is. Published in /openapi.json (webhooks) and /asyncapi.json; tests check every event
// that the simulator can cause against it.

const jid = z.string().describe('A JID: phone-number JID when the number is known')
const lid = z.string().describe('A LID')
const time = z.iso.datetime()
const optional = <Schema extends z.ZodType>(schema: Schema) => schema.optional()

/** What the four message kinds of the reference share. */
const messageBase = {
  id: z.string(),
  timestamp: time,
  chat_id: jid,
  chat_lid: optional(lid),
  from: jid,
  from_lid: optional(lid),
  from_name: optional(z.string()),
  sender_display_name: z.string(),
  is_from_me: z.boolean(),
}

/** Which message an event about media belongs to, and which of its files it tells of. */
const mediaBase = {
  id: z.string(),
  chat_id: jid,
  chat_lid: optional(lid),
  from: jid,
  from_lid: optional(lid),
  is_from_me: z.boolean(),
  position: z.int(),
}

const mediaMember = z
  .union([
    z.string(),
    z.strictObject({ path: z.string(), caption: z.string() }),
    z.strictObject({ url: z.string(), caption: z.string() }),
    z.strictObject({ url: z.string(), filename: z.string() }),
    z.strictObject({ url: z.string() }),
  ])
  .describe('Once downloaded a path, or path and caption; else WhatsApp’s own URL')

const contact = z.strictObject({
  displayName: z.string(),
  vcard: z.string(),
  phone_number: optional(z.string()),
})

/** Protobuf content under its JSON names. */
const anyObject = z.record(z.string(), z.unknown())

const messagePayload = z.strictObject({
  ...messageBase,
  body: optional(z.string()),
  replied_to_id: optional(z.string()),
  quoted_body: optional(z.string()),
  view_once: optional(z.literal(true)),
  forwarded: optional(z.literal(true)),
  image: optional(mediaMember),
  video: optional(mediaMember),
  video_note: optional(mediaMember),
  audio: optional(mediaMember),
  document: optional(mediaMember),
  sticker: optional(mediaMember),
  contact: optional(contact),
  contacts_array: optional(z.array(contact)),
  location: optional(anyObject),
  live_location: optional(anyObject),
  list: optional(anyObject),
  order: optional(anyObject),
  poll: optional(z.strictObject({ name: z.string(), options: z.array(z.string()), max_answers: z.int() })),
  interactive: optional(z.string()),
  interactive_media: optional(z.array(z.string())),
  referral: optional(anyObject),
})

const statusPayload = z.strictObject({
  id: z.string(),
  chat_id: jid,
  chat_lid: optional(lid),
  status: z.enum(['queued', 'sent', 'delivered', 'read', 'played', 'failed', 'unknown']),
  recipient: optional(jid),
  recipient_lid: optional(lid),
  error: optional(z.string()),
})

const person = { from: jid, from_lid: optional(lid), sender_display_name: z.string() }
const restriction = z.strictObject({
  restriction: z.string(),
  type: optional(z.string()),
  until: optional(time),
})

const payloads = {
  message: messagePayload,
  'message.reaction': z.strictObject({
    ...messageBase,
    reaction: z.string(),
    reacted_message_id: z.string(),
  }),
  'message.revoked': z.strictObject({
    ...messageBase,
    revoked_message_id: z.string(),
    revoked_from_me: z.boolean().describe('As the one who deleted it sees it: true when it was their own'),
    revoked_chat: optional(z.string().describe('The chat as the one who deleted it sees it')),
  }),
  'message.edited': z.strictObject({
    ...messageBase,
    original_message_id: z.string(),
    body: optional(z.string()),
  }),
  'message.ack': z.strictObject({
    ids: z.array(z.string()),
    chat_id: jid,
    chat_lid: optional(lid),
    ...person,
    receipt_type: z.enum(['delivered', 'read', 'read-self']),
    receipt_type_description: z.string(),
  }),
  'message.status': statusPayload,
  'media.downloaded': z.strictObject({
    ...mediaBase,
    media_type: z.string(),
    mime_type: z.string(),
    file_name: z.string(),
    file_size: z.int(),
    path: z.string(),
  }),
  'media.failed': z.strictObject({ ...mediaBase, error: z.string(), reason: z.string() }),
  'message.undecryptable': z.strictObject(messageBase),
  'poll.vote': z.strictObject({
    id: z.string(),
    chat_id: jid,
    chat_lid: optional(lid),
    ...person,
    is_from_me: z.boolean(),
    poll_id: z.string(),
    options: z.array(z.string()),
    tally: z.array(z.strictObject({ option: z.string(), votes: z.int(), voters: z.array(jid) })),
    total_voters: z.int(),
  }),
  chat_presence: z.strictObject({
    ...person,
    chat_id: jid,
    chat_lid: optional(lid),
    state: z.enum(['composing', 'paused']),
    media: z.enum(['', 'audio']),
    is_group: z.boolean(),
  }),
  'group.participants': z.strictObject({
    chat_id: jid,
    type: z.enum(['join', 'leave', 'promote', 'demote']),
    jids: z.array(jid),
  }),
  'group.joined': z.strictObject({
    chat_id: jid,
    type: z.literal('join'),
    jids: z.array(jid),
    reason: z.string(),
    group_name: optional(z.string()),
  }),
  'newsletter.joined': z.strictObject({
    newsletter_id: jid,
    name: optional(z.string()),
    description: optional(z.string()),
  }),
  'newsletter.left': z.strictObject({ newsletter_id: jid, role: z.string() }),
  'newsletter.mute': z.strictObject({ newsletter_id: jid, mute: z.string() }),
  'newsletter.message': z.strictObject({
    newsletter_id: jid,
    messages: z.array(
      z.strictObject({
        server_id: z.int(),
        message_id: z.string(),
        type: z.string(),
        timestamp: time,
        views_count: optional(z.int()),
        reaction_counts: optional(z.record(z.string(), z.int())),
      }),
    ),
  }),
  'call.offer': z.strictObject({
    call_id: z.string(),
    ...person,
    auto_rejected: z.boolean(),
    is_video: z.boolean(),
    remote_platform: optional(z.string()),
    remote_version: optional(z.string()),
    group_jid: optional(jid),
  }),
  'message.deleted': z.strictObject({
    deleted_message_id: z.string(),
    timestamp: time,
    from: jid,
    from_lid: optional(lid),
    sender_display_name: z.string(),
    chat_id: jid,
    chat_lid: optional(lid),
    original_content: z.string(),
    original_sender: jid,
    original_timestamp: time,
    original_media_type: optional(z.string()),
    original_filename: optional(z.string()),
    was_from_me: z.boolean(),
  }),
  'label.edit': z.strictObject({
    label_id: z.string(),
    name: optional(z.string()),
    color: optional(z.int()),
    predefined_id: optional(z.int()),
    deleted: optional(z.boolean()),
    order_index: optional(z.int()),
    is_active: optional(z.boolean()),
    type: optional(z.string()),
    is_immutable: optional(z.boolean()),
    mute_end_time_ms: optional(z.int()),
  }),
  'label.association': z.strictObject({
    label_id: z.string(),
    labeled: z.boolean(),
    chat_id: jid,
    chat_lid: optional(lid),
  }),
  'contact.identity_resolved': z.strictObject({ jid, lid }),
  'history.synced': z.strictObject({
    type: z.string(),
    chunk: z.int(),
    progress: optional(z.number()),
    chats: z.int(),
    contacts: z.int(),
    messages: z.int(),
  }),
  'device.qr': z.strictObject({ qr_code: z.string(), expires_at: time }),
  'device.connected': z.strictObject({ display_name: z.string(), jid: optional(jid), lid: optional(lid) }),
  'device.disconnected': z.strictObject({ reason: z.string() }),
  'device.deaf': z.strictObject({ silent_seconds: z.int() }),
  'device.logged_out': z.strictObject({ reason: z.string() }),
  'device.restricted': restriction,
  'device.restriction_lifted': restriction,
} as const satisfies Record<EventKind, z.ZodType>

/** Kinds to which the reference gives no timestamp beside the payload. */
const withoutTime: ReadonlySet<string> = new Set([
  'message',
  'message.reaction',
  'message.revoked',
  'message.edited',
])

/** The whole body of a kind of event. */
export function eventBodySchema(kind: EventKind) {
  return z.strictObject({
    event: z.literal(kind),
    ...(withoutTime.has(kind) ? {} : { timestamp: time }),
    device_id: z.string().describe('The account’s JID; empty before a device is linked'),
    session_id: z.string().describe('The device as named in this gateway'),
    payload: payloads[kind],
  })
}
