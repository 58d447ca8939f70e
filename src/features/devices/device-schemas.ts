import { z } from 'zod'
import { connectionPhases, type DeviceView } from './device-service.ts'

/** What the connection of a slot is doing, and why it is not doing better. */
const connectionObject = z.object({
  phase: z
    .enum(connectionPhases)
    .describe('`waiting`: another attempt follows by itself; `parked`: linked, but only a command goes on'),
  reason: z.string().optional().describe('Why the last connection ended; absent while one lives'),
  retry_at: z.iso.datetime().optional().describe('When the next attempt is due'),
  last_sign_at: z.iso.datetime().optional().describe('When anything last came from WhatsApp'),
  last_ack_at: z.iso.datetime().optional().describe('When WhatsApp last acknowledged a send'),
  undecryptable: z.int().optional().describe('Messages of this connection that could not be decrypted'),
  waiting_stanzas: z.int().optional().describe('What has come and is not committed yet'),
})

/** A slot as `/devices` shows it. */
export const deviceObject = z
  .object({
    id: z.string(),
    name: z.string().optional().describe('What people call it; absent when they do not'),
    phone_number: z.string().optional().describe('Digits of the linked number'),
    display_name: z.string().optional(),
    state: z.enum(['disconnected', 'connected', 'logged_in']),
    jid: z.string().optional(),
    created_at: z.iso.datetime(),
    connection: connectionObject.optional(),
  })
  .describe('A slot that an account can be linked to')

/** A slot as `/app/devices` and the WebSocket show it. */
export const appDeviceObject = z.object({
  name: z.string().describe('The account’s own name, empty when not known'),
  device: z.string().describe('The device id'),
  jid: z.string().optional(),
})

export const deviceStatusObject = z.object({
  device_id: z.string(),
  is_connected: z.boolean().describe('The device has a connection to WhatsApp'),
  is_logged_in: z.boolean().describe('The connection is authenticated: the device can send'),
  jid: z.string().optional(),
})

/** The webhook that a device can have in place of the global ones, as the reference names its fields. */
const webhookFields = {
  webhook_url: z.string().max(2000).optional(),
  webhook_secret: z.string().max(500).optional(),
  webhook_events: z.string().max(2000).optional(),
  webhook_insecure_skip_verify: z.boolean().optional(),
}

export type WebhookFields = z.output<z.ZodObject<typeof webhookFields>>

export const addDeviceBody = z
  .object({
    device_id: z.string().optional().describe('A name of your choice; a UUID is made when absent'),
    ...webhookFields,
  })
  .nullish()

export const renameDeviceBody = z.object({
  name: z.string().trim().max(100).describe('What people call it; empty: nothing but its id'),
})

/** A slot just made: with its webhook when one was given. */
export const addedDeviceObject = deviceObject.extend(webhookFields)

export const devicePath = z.object({ device_id: z.string() })

/** Turns a slot into the object of `/devices`. */
export function toDeviceObject(device: DeviceView): z.input<typeof deviceObject> {
  return {
    id: device.id,
    ...(device.name === '' ? {} : { name: device.name }),
    ...(device.jid === null ? {} : { phone_number: phoneOf(device.jid) }),
    ...(device.displayName === '' ? {} : { display_name: device.displayName }),
    state: device.isLoggedIn ? 'logged_in' : device.isConnected ? 'connected' : 'disconnected',
    ...(device.jid === null ? {} : { jid: device.jid }),
    created_at: device.createdAt.toISOString(),
    ...(device.phase === undefined ? {} : { connection: toConnectionObject(device, device.phase) }),
  }
}

/** Turns a slot into the object of `/app/devices`. */
export function toAppDeviceObject(
  device: Pick<DeviceView, 'id' | 'displayName' | 'jid'>,
): z.input<typeof appDeviceObject> {
  const named = { name: device.displayName, device: device.id }
  return device.jid === null ? named : { ...named, jid: device.jid }
}

/** Turns a slot into its connection status. */
export function toStatusObject(device: DeviceView): z.input<typeof deviceStatusObject> {
  return {
    device_id: device.id,
    is_connected: device.isConnected,
    is_logged_in: device.isLoggedIn,
    ...(device.jid === null ? {} : { jid: device.jid }),
  }
}

function phoneOf(jid: string): string {
  return jid.slice(0, jid.indexOf('@'))
}

function toConnectionObject(
  { closeReason, retryAt, health }: DeviceView,
  phase: (typeof connectionPhases)[number],
): z.input<typeof connectionObject> {
  const time = (name: string, at: Date | null | undefined) => (at ? { [name]: at.toISOString() } : {})
  return {
    phase,
    ...(closeReason ? { reason: closeReason } : {}),
    ...time('retry_at', retryAt),
    ...time('last_sign_at', health?.lastFrameAt),
    ...time('last_ack_at', health?.lastAckAt),
    ...(health ? { undecryptable: health.decryptFailures, waiting_stanzas: health.unsettledStanzas } : {}),
  }
}
