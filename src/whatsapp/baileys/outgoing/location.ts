import type { OutgoingLocation } from '../../outgoing-message.ts'
import type { Made } from './made.ts'

/** A place. */
export function toLocationContent({ latitude, longitude }: OutgoingLocation): Made {
  return { content: { location: { degreesLatitude: latitude, degreesLongitude: longitude } } }
}
