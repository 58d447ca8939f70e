import { z } from 'zod'
import type { Actor } from '../../core/actor.ts'
import { eventKinds, kindsNamed } from '../../core/event-envelope.ts'
import type { LoggedEvent, LoggedEventFilter } from './event-log-store.ts'
import type { LogGap } from './event-reader.ts'

/** An event as `GET /events`, its stream and the WebSocket give it. */
export const wireEvent = z.object({
  cursor: z.string().describe('Give it as `after` to go on behind this event'),
  id: z.string().describe('The same everywhere and at every delivery'),
  seq: z.int().describe('Number within the device, without gaps'),
  created_at: z.iso.datetime(),
  event: z.enum(eventKinds),
  body: z.record(z.string(), z.unknown()).describe('What a webhook carries'),
})

/** What `GET /events`, its stream and the WebSocket tell of events that are no longer there. */
export const wireGap = z.object({
  after: z.string().describe('What was asked for'),
  deleted_to: z.string().describe('The place up to which events behind it were deleted'),
})

const kindList = z
  .string()
  .max(1000)
  .transform((text) =>
    text
      .split(',')
      .map((kind) => kind.trim().toLowerCase())
      .filter((kind) => kind !== ''),
  )
  .refine(
    (kinds) => kinds.every((kind) => kindsNamed(kind).length > 0),
    'must be kinds of events, as in message,message.* or *',
  )
  .transform((kinds) => [...new Set(kinds.flatMap(kindsNamed))])

export const eventsQuery = z.object({
  device_id: z.string().optional().describe('Only events of this device'),
  events: kindList
    .optional()
    .describe('Only these kinds, with commas, `message.*` and `*` understood; all kinds when absent'),
  after: z.string().max(40).optional().describe('`cursor` or `id` of the last event that is known'),
  limit: z.int().min(1).max(1000).default(100),
})

export const eventsResults = z.object({
  data: z.array(wireEvent),
  next: z.string().describe('Give it as `after` for what comes later, also when there is nothing yet'),
  has_more: z.boolean(),
  gap: wireGap
    .optional()
    .describe('Only when events behind `after` are not there any more, deleted for their age'),
})

/** Turns an event into what clients get. */
export function toWireEvent(event: LoggedEvent): z.input<typeof wireEvent> {
  return {
    cursor: String(event.position),
    id: event.id,
    seq: event.seq,
    created_at: event.createdAt.toISOString(),
    event: event.kind,
    body: event.body,
  }
}

/** Turns a gap into what clients get. */
export function toWireGap({ after, deletedTo }: LogGap): z.input<typeof wireGap> {
  return { after: String(after), deleted_to: String(deletedTo) }
}

/** What of the log somebody may see: their devices; and what links a device only with the scope that `GET /app/login` needs. */
export function seenBy({ devices, scopes }: Pick<Actor, 'devices' | 'scopes'>): LoggedEventFilter {
  return {
    ...(devices === null ? {} : { amongDevices: [...devices] }),
    ...(scopes.has('manage') ? {} : { withoutKinds: ['device.qr'] }),
  }
}

/** What a query asks for. */
export function toFilter(query: {
  readonly device_id?: string | undefined
  readonly events?: readonly string[] | undefined
}): LoggedEventFilter {
  return {
    ...(query.device_id === undefined ? {} : { deviceId: query.device_id }),
    ...(query.events === undefined ? {} : { kinds: query.events }),
  }
}
