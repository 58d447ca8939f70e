import type { DeviceId, EventId } from './ids.ts'
import type { TraceParent } from './tracing.ts'

/** Every kind of event that can be committed; docs/events.md describes each and a test holds both together. */
export const eventKinds = [
  'message',
  'message.reaction',
  'message.revoked',
  'message.edited',
  'message.ack',
  'message.status',
  'media.downloaded',
  'media.failed',
  'message.undecryptable',
  'message.deleted',
  'poll.vote',
  'chat_presence',
  'group.participants',
  'group.joined',
  'label.edit',
  'label.association',
  'newsletter.joined',
  'newsletter.left',
  'newsletter.mute',
  'newsletter.message',
  'call.offer',
  'contact.identity_resolved',
  'history.synced',
  'device.qr',
  'device.connected',
  'device.disconnected',
  'device.deaf',
  'device.logged_out',
  'device.restricted',
  'device.restriction_lifted',
] as const

export type EventKind = (typeof eventKinds)[number]

/** The kinds that a text names: one by its name, `message.*` for `message` and all that begin so, `*` for every one. None for anything else. */
export function kindsNamed(text: string): EventKind[] {
  if (text === '*') return [...eventKinds]
  const family = /^(.+)\.\*$/.exec(text)?.[1]
  return eventKinds.filter((kind) =>
    family === undefined ? kind === text : kind === family || kind.startsWith(`${family}.`),
  )
}

/** Kinds that clients of the reference know; all others go only to endpoints that name them. */
export const referenceKinds: ReadonlySet<EventKind> = new Set([
  'message',
  'message.reaction',
  'message.revoked',
  'message.edited',
  'message.ack',
  'message.deleted',
  'chat_presence',
  'group.participants',
  'group.joined',
  'label.edit',
  'label.association',
  'newsletter.joined',
  'newsletter.left',
  'newsletter.mute',
  'newsletter.message',
  'call.offer',
])

/** JSON as it goes over the wire. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/**
 * A committed event as sent out: written in the same transaction as the state it tells of, delivered from the log.
 * `body` is the exact JSON object that webhooks carry (`event`, `device_id`, `payload`, …).
 */
export interface EventEnvelope {
  readonly id: EventId
  readonly deviceId: DeviceId
  /** Grows by one per event within a device. */
  readonly seq: number
  readonly kind: EventKind
  /** Events of one lane (a chat, or the device itself) reach an endpoint in their order. */
  readonly lane: string
  readonly body: { readonly [key: string]: Json }
  readonly createdAt: Date
}

/** An event not yet committed. `dedupeKey` makes applying the same fact twice append it once per device. */
export interface NewEvent {
  readonly kind: EventKind
  readonly lane: string
  readonly dedupeKey: string
  readonly body: { readonly [key: string]: Json }
  /** So long it may wait for what is still on its way (see `Outbox.complete`); it keeps its place in its lane. */
  readonly holdMs?: number
  /** The span it came of; the one that it is appended in when absent. */
  readonly traceparent?: TraceParent
}
