import { z } from 'zod'
import type { DeviceId } from '../core/ids.ts'
import type { appDeviceObject } from '../features/devices/device-schemas.ts'
import type { LoggedEvent } from '../features/events/event-log-store.ts'
import type { LogGap } from '../features/events/event-reader.ts'
import { toWireEvent, toWireGap } from '../features/events/wire-event-schemas.ts'
import type { Account } from '../whatsapp/whatsapp-session.ts'

type AppDevice = z.input<typeof appDeviceObject>

/** A text frame as clients get it; `result` is always there. */
export interface WebSocketFrame {
  readonly code:
    | 'LOGIN_SUCCESS'
    | 'LIST_DEVICES'
    | 'DEVICE_LOGGED_OUT'
    | 'DEVICE_WEBHOOK_UPDATED'
    | 'EVENT'
    | 'EVENTS_GAP'
    | 'DEVICE_WEBHOOK_CONFIG_UPDATED'
  readonly message: string
  readonly result: unknown
}

/** The phone accepted the link; the device is ready to send a moment later. */
export function loginSuccess(account: Account): WebSocketFrame {
  return {
    code: 'LOGIN_SUCCESS',
    message: `Successfully pair with ${account.jidWithDevice}`,
    result: null,
  }
}

/** The answer to FETCH_DEVICES. */
export function listDevices(devices: readonly AppDevice[]): WebSocketFrame {
  return { code: 'LIST_DEVICES', message: 'Device found', result: devices }
}

/** A logout was asked for here; the slot is still there. */
export function loggedOutByRequest(deviceId: DeviceId, devices: readonly AppDevice[]): WebSocketFrame {
  return {
    code: 'DEVICE_LOGGED_OUT',
    message: `Device ${deviceId} logged out (slot kept)`,
    result: { device_id: deviceId, devices },
  }
}

/** The device was unlinked on the phone; the slot is still there. */
export function loggedOutOnPhone(deviceId: DeviceId): WebSocketFrame {
  return {
    code: 'DEVICE_LOGGED_OUT',
    message: 'Device logged out (slot kept)',
    result: { device_id: deviceId },
  }
}

/** An event of the log, for clients that asked for events. */
export function eventFrame(event: LoggedEvent): WebSocketFrame {
  return { code: 'EVENT', message: event.kind, result: toWireEvent(event) }
}

/** Events behind the place that a client named are not there any more. */
export function gapFrame(gap: LogGap): WebSocketFrame {
  return {
    code: 'EVENTS_GAP',
    message: 'events behind this place were deleted for their age',
    result: toWireGap(gap),
  }
}

/** The webhook that stands in place of the global ones was set, changed or taken away ('' then). */
export function webhookUpdated(deviceId: DeviceId, url: string): readonly WebSocketFrame[] {
  return [
    {
      code: 'DEVICE_WEBHOOK_UPDATED',
      message: 'Device webhook updated',
      result: { device_id: deviceId, webhook_url: url },
    },
    {
      code: 'DEVICE_WEBHOOK_CONFIG_UPDATED',
      message: 'Device webhook configuration updated',
      result: { device_id: deviceId },
    },
  ]
}

const request = z.object({ code: z.string().nullish(), message: z.string().nullish() })

/** What a client asks for: its code, '' when it named none, or null when the text is no request at all. */
export function parseRequest(text: string): string | null {
  try {
    const parsed = request.safeParse(JSON.parse(text))
    return parsed.success ? (parsed.data.code ?? '') : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
