import type { EventEnvelope } from '../../core/event-envelope.ts'
import type { TraceParent } from '../../core/tracing.ts'
import { signBody, standardHeaders } from './signing.ts'
import type { WebhookFormat } from './webhook-endpoint.ts'

/** What the headers of one try are made of. @sensitive */
export interface HeaderFacts {
  readonly envelope: EventEnvelope
  /** The exact text that is sent. */
  readonly body: string
  readonly attempt: number
  readonly traceparent: TraceParent | null
  readonly at: Date
  readonly secret: string
  readonly format: WebhookFormat
}

/**
 * The gateway's own headers of a webhook: the event's id, number and try, the body signed the reference's way and the way of
 * Standard Webhooks, the trace it belongs to and, when the endpoint asked for it, the attributes of a CloudEvent in binary mode.
 */
export function headersOf({
  envelope,
  body,
  attempt,
  traceparent,
  at,
  secret,
  format,
}: HeaderFacts): Record<string, string> {
  return {
    'x-hub-signature-256': signBody(secret, body),
    ...standardHeaders(secret, envelope.id, at, body),
    'x-gatewa-event-id': envelope.id,
    'x-gatewa-event-seq': String(envelope.seq),
    'x-gatewa-attempt': String(attempt),
    ...(traceparent === null ? {} : { traceparent }),
    ...(format === 'cloudevents' ? cloudEventHeaders(envelope) : {}),
  }
}

/** CloudEvents 1.0, HTTP binary mode: the body stays as it is, the attributes are headers. */
function cloudEventHeaders({
  id,
  deviceId,
  seq,
  kind,
  body,
  createdAt,
}: EventEnvelope): Record<string, string> {
  const payload = body['payload']
  const chat =
    typeof payload === 'object' && payload !== null && 'chat_id' in payload ? payload['chat_id'] : null
  return {
    'ce-specversion': '1.0',
    'ce-id': id,
    'ce-source': `/devices/${encodeURIComponent(deviceId)}`,
    'ce-type': `gatewa.${kind}`,
    'ce-time': createdAt.toISOString(),
    'ce-sequence': String(seq),
    ...(typeof chat === 'string' ? { 'ce-subject': encodeURI(chat) } : {}),
  }
}

/** Reads `Retry-After`: seconds or a date; null for what is neither. */
export function parseRetryAfter(text: string, now: Date): number | null {
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime())
}
