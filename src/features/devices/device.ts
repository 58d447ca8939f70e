import { AppError } from '../../core/app-error.ts'
import { asDeviceId, type DeviceId } from '../../core/ids.ts'
import type { Jid } from '../../whatsapp/jid.ts'

/** A slot that an account can be linked to, as it is kept. */
export interface Device {
  readonly id: DeviceId
  /** What people call it, '' when they do not. */
  readonly name: string
  /** The account's own name, '' when not known. */
  readonly displayName: string
  /** The account that is or was linked last; null before the first link. */
  readonly jid: Jid | null
  readonly lid: Jid | null
  readonly isLinked: boolean
  /** Why the last connection ended, '' when that is not known. */
  readonly lastCloseReason: string
  readonly createdAt: Date
}

const longestDeviceId = 128

/**
 * Reads a device id that a caller chose; spaces around it do not count. Raises `validation_failed` for what could not be
 * named in a path or a header: blank, `.` and `..`, longer than 128 characters, control characters, `/`.
 */
export function parseDeviceId(text: string): DeviceId {
  const id = text.trim()
  const problem = problemOf(id)
  if (problem !== null) throw new AppError('validation_failed', { message: `device_id: ${problem}.` })
  return asDeviceId(id)
}

function problemOf(id: string): string | null {
  if (id === '') return 'cannot be blank'
  if (id.length > longestDeviceId) return `the length must be no more than ${longestDeviceId}`
  if (id === '.' || id === '..' || /[/\u0000-\u001f\u007f-\u009f]/.test(id))
    return 'must be in a valid format'
  return null
}
