import type { EventEnvelope, Json, NewEvent } from '../../core/event-envelope.ts'
import { toRfc3339 } from '../../core/rfc3339.ts'
import type { BodyChange } from '../../outbox/outbox.ts'
import type { DownloadedFile, WantedDownload } from './download.ts'

type Body = EventEnvelope['body']
type Told = Pick<WantedDownload, 'lane' | 'eventKey' | 'position'>

/** Puts the media into the body of the message's event: its path, or path and caption. */
export function withMedia(
  { kind, caption }: Pick<DownloadedFile, 'kind' | 'caption'>,
  path: string,
): BodyChange {
  return withMember({ [kind]: caption === '' ? path : { path, caption } })
}

/** Puts the media of an interactive message into the body of its event: the paths of all that is there. */
export function withInteractiveMedia(paths: readonly string[]): BodyChange {
  return withMember(paths.length === 0 ? {} : { interactive_media: [...paths] })
}

function withMember(member: Body): BodyChange {
  return (body) => ({ ...body, payload: { ...payloadOf(body), ...member } })
}

/** A file of a message is there. `body` is that of the message's event. */
export function toDownloadedEvent(
  wanted: Told,
  body: Body,
  file: Omit<DownloadedFile, 'ref'>,
  path: string,
  at: Date,
): NewEvent {
  return toEvent('media.downloaded', wanted, body, at, {
    media_type: file.kind,
    mime_type: file.mimeType,
    file_name: file.fileName,
    file_size: file.sizeBytes,
    path,
  })
}

/** A file of a message could not be had and is given up. `body` is that of the message's event. */
export function toDownloadFailedEvent(
  wanted: Told,
  body: Body,
  failure: { readonly code: string; readonly message: string },
  at: Date,
): NewEvent {
  return toEvent('media.failed', wanted, body, at, { error: failure.code, reason: failure.message })
}

function toEvent(
  kind: 'media.downloaded' | 'media.failed',
  { lane, eventKey, position }: Told,
  body: Body,
  at: Date,
  facts: { readonly [name: string]: Json },
): NewEvent {
  const payload = payloadOf(body)
  const whose = ['id', 'chat_id', 'chat_lid', 'from', 'from_lid', 'is_from_me']
  return {
    kind,
    lane,
    dedupeKey: position === 0 ? `${kind}:${eventKey}` : `${kind}:${eventKey}:${position}`,
    body: {
      event: kind,
      timestamp: toRfc3339(at),
      device_id: body['device_id'] ?? '',
      session_id: body['session_id'] ?? '',
      payload: {
        ...Object.fromEntries(
          whose.flatMap((name) => (name in payload ? [[name, payload[name] ?? null]] : [])),
        ),
        position,
        ...facts,
      },
    },
  }
}

function payloadOf(body: Body): Body {
  const { payload } = body
  return typeof payload === 'object' && payload !== null && !Array.isArray(payload) ? (payload as Body) : {} // neither text nor list
}
