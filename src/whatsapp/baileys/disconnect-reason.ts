import { toError } from '../../core/app-error.ts'
import type { CloseReason, SessionChange } from '../whatsapp-session.ts'
import { readBoom } from './baileys-errors.ts'

type Closed = Extract<SessionChange, { type: 'closed' }>

/** By WhatsApp's and Baileys' numbers (the table of reconnecting, baileys rc14 lib/Types DisconnectReason). */
const reasons: Readonly<Record<number, CloseReason>> = {
  400: 'refused',
  401: 'logged-out',
  402: 'temporarily-banned',
  403: 'banned',
  405: 'outdated',
  406: 'banned',
  408: 'connection-lost',
  409: 'outdated',
  411: 'unusable',
  413: 'refused',
  414: 'refused',
  415: 'refused',
  418: 'unusable',
  428: 'connection-lost',
  440: 'replaced',
  500: 'connection-lost',
  503: 'connection-lost',
  515: 'restart-required',
}

/** Sentences of checks that failed: the other side is not who it says it is (noise certificate, account signature). */
const distrust = /signature|certification match|invalid noise/i

/** Why Baileys closed, in our words. Unknown numbers are taken for network trouble. */
export function toClosed(error: unknown): Closed {
  if (error === undefined || error === null) return closed('connection-lost', null, 'closed without a reason')
  const { statusCode, data } = readBoom(error)
  const { message } = toError(error)
  if (distrust.test(message)) return closed('untrusted-server', statusCode, message)
  if (statusCode === 408 && message.startsWith('QR refs')) return closed('qr-expired', statusCode, message)
  const named = statusCode === null ? undefined : reasons[statusCode]
  const reason = isDeviceRemoved(data) ? 'logged-out' : (named ?? 'connection-lost')
  return { ...closed(reason, statusCode, message), retryAfterMs: banLifetimeMs(reason, data) }
}

/** Whether a stream's end says that the device was unlinked. Without a number beside it Baileys takes every conflict for a 440. */
function isDeviceRemoved(data: unknown): boolean {
  if (typeof data !== 'object' || data === null || !('attrs' in data)) return false
  const { attrs } = data
  return typeof attrs === 'object' && attrs !== null && 'type' in attrs && attrs.type === 'device_removed'
}

/** Builds the last report of a connection. */
export function closed(reason: CloseReason, statusCode: number | null, detail: string): Closed {
  return { type: 'closed', reason, statusCode, detail, retryAfterMs: null }
}

/** A ban for a time comes with `expire` in seconds in the failure's attributes. */
function banLifetimeMs(reason: CloseReason, data: unknown): number | null {
  if (reason !== 'temporarily-banned' || typeof data !== 'object' || data === null || !('expire' in data)) {
    return null
  }
  const seconds = Number(data.expire)
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null
}
