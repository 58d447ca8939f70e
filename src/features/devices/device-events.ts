import type { EventKind, Json, NewEvent } from '../../core/event-envelope.ts'
import { newUlid } from '../../core/ids.ts'
import { toRfc3339 } from '../../core/rfc3339.ts'
import type { CloseReason } from '../../whatsapp/whatsapp-session.ts'
import type { Device } from './device.ts'

// The bodies of device webhooks: pure functions, of the shape that all our events have.

/** All events of a device itself are delivered in their order. */
export const deviceLane = 'device'

/** The device's connection is open; afterwards it can send and receive. */
export function toConnectedEvent(device: Device, at: Date): NewEvent {
  const names: Record<string, Json> = { display_name: device.displayName }
  if (device.jid !== null) names['jid'] = device.jid
  if (device.lid !== null) names['lid'] = device.lid
  return deviceEvent('device.connected', device, at, names)
}

/** A code to scan with the phone; the next one replaces it. */
export function toQrEvent(
  device: Device,
  code: { readonly text: string; readonly expiresAt: Date },
  at: Date,
): NewEvent {
  return deviceEvent('device.qr', device, at, { qr_code: code.text, expires_at: toRfc3339(code.expiresAt) })
}

/** The connection was open and deaf: nothing came on it although WhatsApp had to answer. It is opened anew. */
export function toDeafEvent(device: Device, silentForMs: number, at: Date): NewEvent {
  return deviceEvent('device.deaf', device, at, { silent_seconds: Math.round(silentForMs / 1000) })
}

/** A connection that was open has ended; the link stays. */
export function toDisconnectedEvent(device: Device, reason: CloseReason, at: Date): NewEvent {
  return deviceEvent('device.disconnected', device, at, { reason })
}

/** The device was unlinked, on the phone or by a logout here; afterwards it has to log in again. */
export function toLoggedOutEvent(device: Device, reason: CloseReason, at: Date): NewEvent {
  return deviceEvent('device.logged_out', device, at, { reason })
}

function deviceEvent(
  kind: EventKind,
  device: Device,
  at: Date,
  payload: { readonly [key: string]: Json },
): NewEvent {
  return {
    kind,
    lane: deviceLane,
    // Each is written once, by the one that saw it happen; there is nothing to tell two of them apart by but themselves.
    dedupeKey: `${kind}:${newUlid(at)}`,
    body: {
      event: kind,
      device_id: device.jid ?? '',
      session_id: device.id,
      timestamp: toRfc3339(at),
      payload,
    },
  }
}
