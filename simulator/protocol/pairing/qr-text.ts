/** What a phone reads from the QR code a client shows. */
export interface QrContent {
  ref: string
  /** The client's static Noise key. */
  noiseKey: Buffer
  identityKey: Buffer
  /** @sensitive */
  advSecret: Buffer
}

const PREFIX = 'https://wa.me/settings/linked_devices#'

/** Reads the text of a QR code: the link form, or the older one without the link. Throws on anything else. */
export function parseQrText(text: string): QrContent {
  const body = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : text
  const [ref, noise, identity, secret] = body.split(',')
  if (!ref || !noise || !identity || !secret) throw new Error('this is not the text of a WhatsApp QR code')
  const [noiseKey, identityKey, advSecret] = [noise, identity, secret].map((each) =>
    Buffer.from(each, 'base64'),
  )
  if (noiseKey?.length !== 32 || identityKey?.length !== 32 || !advSecret?.length) {
    throw new Error('the QR code carries keys of a wrong length')
  }
  return { ref, noiseKey, identityKey, advSecret }
}
