import { createHmac } from 'node:crypto'

/** The value of `X-Hub-Signature-256`: the HMAC-SHA256 of exactly the bytes that are sent, in lower-case hex. */
export function signBody(secret: string, body: string | Uint8Array): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

const encodedPrefix = 'whsec_'

/**
 * The headers of Standard Webhooks (https://www.standardwebhooks.com): id, time and their signature with the body. A secret
 * that starts with `whsec_` is base64, as the standard writes secrets; any other is taken as its UTF-8 bytes.
 */
export function standardHeaders(secret: string, id: string, at: Date, body: string): Record<string, string> {
  const key = secret.startsWith(encodedPrefix)
    ? Buffer.from(secret.slice(encodedPrefix.length), 'base64')
    : Buffer.from(secret)
  const seconds = Math.floor(at.getTime() / 1000)
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  }
}
