import type { Device } from '../api/shapes.ts'
import { fromNow } from '../ui/format.ts'

/** A device's state in words: a label, how bad it is, and where it is not well, why and what to do. */
export interface DeviceWords {
  readonly label: string
  readonly kind: 'good' | 'warn' | 'bad' | ''
  readonly why?: string
}

/** Sentences for why a connection ended, by the API's reason. */
const reasons: Readonly<Record<string, string>> = {
  'restart-required': 'WhatsApp asked for a new connection.',
  'connection-lost': 'The connection to WhatsApp broke off.',
  'qr-expired': 'Nobody scanned the QR code in time.',
  replaced: 'The same link was opened elsewhere; only one place can hold it. Reconnect to take it back.',
  'logged-out': 'The device was unlinked, on the phone or here. Link it again.',
  banned: 'WhatsApp has locked the account. Open WhatsApp on the phone to see what it says.',
  'temporarily-banned':
    'WhatsApp has banned the account for a time. Open WhatsApp on the phone to see until when.',
  outdated: 'WhatsApp refuses this version of the client. Update the gateway.',
  unusable: 'The link cannot be used any more. Log out and link the device again.',
  refused: 'WhatsApp refused the connection.',
  'untrusted-server':
    'The server’s identity did not verify. Something may be between the gateway and WhatsApp.',
  'closed-by-us': 'The gateway closed the connection.',
}

/** What to call a device: its name for people, else its id. */
export function calledOf({ id, name }: Pick<Device, 'id' | 'name'>): string {
  return name ?? id
}

/** What to say about a device. */
export function describeDevice(device: Device, now: number = Date.now()): DeviceWords {
  const { connection } = device
  const isLinked = device.jid !== undefined && device.jid !== ''
  if (device.state === 'logged_in') return { label: 'Connected', kind: 'good' }
  const reason =
    connection?.reason === undefined ? undefined : (reasons[connection.reason] ?? connection.reason)
  switch (connection?.phase) {
    case 'pairing':
      return { label: 'Waiting for the phone', kind: 'warn' }
    case 'connecting':
    case 'open':
      return { label: 'Connecting', kind: 'warn' }
    case 'waiting': {
      const next =
        connection.retry_at === undefined ? '' : ` The next attempt is ${fromNow(connection.retry_at, now)}.`
      return { label: 'Reconnecting', kind: 'warn', why: `${reason ?? 'There is no connection.'}${next}` }
    }
    case 'parked':
      return { label: 'Stopped', kind: 'bad', why: reason ?? 'It goes on when you reconnect it.' }
    case 'idle':
    case undefined:
      return isLinked && connection?.reason !== 'logged-out'
        ? { label: 'Disconnected', kind: 'bad', ...(reason !== undefined && { why: reason }) }
        : { label: 'Not linked', kind: '', ...(reason !== undefined && { why: reason }) }
  }
}

/** Whether linking is what the device needs. */
export function needsLink(device: Device): boolean {
  const phase = device.connection?.phase
  return device.state !== 'logged_in' && (phase === 'idle' || phase === 'pairing' || phase === undefined)
}
