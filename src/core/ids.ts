import { randomBytes, randomUUID } from 'node:crypto'

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** Our handle for one slot that an account can be linked to; chosen by the caller or a UUID. Never empty. */
export type DeviceId = Branded<'DeviceId'>
/** WhatsApp's id of a message (stanza id); unique within a chat. */
export type MessageId = Branded<'MessageId'>
/** Id of a committed event: a ULID, stable over every redelivery. */
export type EventId = Branded<'EventId'>

/** Takes an id that is known to be a device's (from our table, or checked by the edge). */
export function asDeviceId(text: string): DeviceId {
  return text as DeviceId // the brand is a compile-time mark only
}

/** Makes an id for a slot whose creator named none. */
export function newDeviceId(): DeviceId {
  return asDeviceId(randomUUID())
}

/** Takes a message id as WhatsApp or a caller gave it. */
export function asMessageId(text: string): MessageId {
  return text as MessageId // the brand is a compile-time mark only
}

/** Reserves an id for a message of ours: `3EB0` and 18 hex digits, the shape WhatsApp Web uses. */
export function newMessageId(): MessageId {
  return asMessageId(`3EB0${randomBytes(9).toString('hex').toUpperCase()}`)
}

/** Takes an event id from our table. */
export function asEventId(text: string): EventId {
  return text as EventId // the brand is a compile-time mark only
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
let lastTime = 0
let lastRandom = 0n

/**
 * A ULID: 48 bits of time and 80 bits that grow within one millisecond, so ids made by one process sort in the order of
 * their making.
 */
export function newUlid(now: Date): string {
  const time = Math.max(now.getTime(), lastTime)
  lastRandom = time === lastTime ? lastRandom + 1n : BigInt(`0x${randomBytes(10).toString('hex')}`) >> 1n
  lastTime = time
  let value = (BigInt(time) << 80n) | lastRandom
  let text = ''
  for (let index = 0; index < 26; index += 1) {
    text = crockford.charAt(Number(value & 31n)) + text
    value >>= 5n
  }
  return text
}

/** Makes the id of a new event. */
export function newEventId(now: Date): EventId {
  return asEventId(newUlid(now))
}
