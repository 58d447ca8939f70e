import { AppError, toError } from '../core/app-error.ts'
import type { CloseReason } from '../whatsapp/whatsapp-session.ts'
import type { SessionPhase } from './session-status.ts'

/** Tells one who waits for a connection that there is nothing yet, or throws what stands in the way by now. */
export function nothingYet(isUnderWay: boolean, phase: SessionPhase, reason: CloseReason | null): null {
  if (isUnderWay || reason === null) return null
  const followsAtOnce = reason === 'restart-required' || reason === 'outdated' || reason === 'logged-out'
  if (phase === 'waiting' && followsAtOnce) return null
  throw errorOfClose(reason)
}

/** What the caller of a login or reconnect is told when the connection ended for `reason` instead of opening. */
export function errorOfClose(reason: CloseReason): AppError {
  switch (reason) {
    case 'connection-lost':
    case 'restart-required':
    case 'closed-by-us':
      return new AppError('whatsapp_unreachable')
    case 'untrusted-server':
      return new AppError('whatsapp_unreachable', {
        message: 'reconnect error: the server could not prove that it is WhatsApp; check proxy and network',
      })
    case 'outdated':
      return new AppError('engine_outdated')
    case 'qr-expired':
      return new AppError('qr_channel_failed')
    case 'logged-out':
      return new AppError('device_not_logged_in')
    case 'replaced':
      return new AppError('whatsapp_conflict', {
        message: 'this session was opened elsewhere; stop the other gateway, then reconnect',
      })
    case 'banned':
    case 'temporarily-banned':
      return new AppError('whatsapp_refused', {
        message: 'WhatsApp has locked this account; see the phone',
        details: { reason },
      })
    case 'unusable':
      return new AppError('whatsapp_refused', {
        message: 'WhatsApp no longer accepts this link; log in again',
        details: { reason },
      })
    case 'refused':
      return new AppError('whatsapp_refused', { details: { reason } })
  }
}

/** What the caller is told when asking for a pairing code failed: a connection that is gone could not reach WhatsApp. */
export function errorOfPairing(error: unknown): Error {
  const isGone = error instanceof AppError && error.code === 'device_not_connected'
  return isGone ? new AppError('whatsapp_unreachable', { cause: error }) : toError(error)
}
