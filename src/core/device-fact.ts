import type { DeviceId } from './ids.ts'
import type { SpanFacts } from './tracing.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** The shortest phone numbers have so many digits with their country's. */
const fewestDigits = 7

/**
 * The device as a span tells of it: by its id, unless that may be a phone number. Ids are chosen by callers; one with seven
 * digits or more that is no UUID is left out.
 */
export function deviceFact(deviceId: DeviceId): SpanFacts {
  const digits = deviceId.replace(/\D/g, '').length
  return digits >= fewestDigits && !uuid.test(deviceId) ? {} : { 'gatewa.device.id': deviceId }
}
