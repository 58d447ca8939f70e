import { createHmac } from 'node:crypto'

/** The value of `X-Hub-Signature-256`: the HMAC-SHA256 of exactly the bytes that are sent, in lower-case hex. */
export function signBody(secret: string, body: string | Uint8Array): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}
