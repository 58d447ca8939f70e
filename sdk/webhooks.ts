import type { WebhookEvent } from './operation-types.ts'

/** What came is not signed by the gateway with this secret, or is too old. Answer 401 and do nothing. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError'
}

/** What a webhook is checked by. @sensitive */
export interface WebhookSecret {
  /** The endpoint's secret; several while it is being changed. */
  readonly secret: string | readonly string[]
  /** How far the time in the signature may be off, in seconds. Default 300. */
  readonly toleranceSeconds?: number
}

/** A request as it came. */
export interface ReceivedWebhook extends WebhookSecret {
  /** Of the request, in any spelling of their names. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
  /** The exact bytes of the body, before anything has parsed them. */
  readonly body: string | Uint8Array
}

/** An event that is certainly the gateway's. */
export interface ReceivedEvent {
  /** The same at every delivery: ignore an event whose id was handled before. */
  readonly id: string
  /** Number within the device, without gaps. */
  readonly seq: number
  /** 1 for the first try. */
  readonly attempt: number
  readonly event: WebhookEvent
}

/**
 * Checks the signature and gives the event. Looks at the Standard Webhooks headers, which cover id and time as well, else at
 * `X-Hub-Signature-256`. Rejects with `WebhookVerificationError`.
 */
export async function verifyWebhook(received: ReceivedWebhook): Promise<ReceivedEvent> {
  const header = readerOf(received.headers)
  const body = typeof received.body === 'string' ? new TextEncoder().encode(received.body) : received.body
  const secrets = typeof received.secret === 'string' ? [received.secret] : received.secret
  const standard = header('webhook-signature')
  const isGood =
    standard === ''
      ? await fitsHub(secrets, header('x-hub-signature-256'), body)
      : await fitsStandard(secrets, standard, header, body, received.toleranceSeconds ?? 300)
  if (!isGood) throw new WebhookVerificationError('the signature does not fit the body and the secret')
  return {
    id: header('webhook-id') || header('x-gatewa-event-id'),
    seq: Number(header('x-gatewa-event-seq')),
    attempt: Number(header('x-gatewa-attempt')),
    event: JSON.parse(new TextDecoder().decode(body)) as WebhookEvent, // signed by the gateway, so as it declares it
  }
}

/** The same for a request of the Fetch API: Deno, Bun, Cloudflare Workers, Hono, Next.js. */
export async function verifyWebhookRequest(request: Request, secret: WebhookSecret): Promise<ReceivedEvent> {
  const body = new Uint8Array(await request.arrayBuffer())
  return verifyWebhook({ ...secret, headers: request.headers, body })
}

async function fitsHub(secrets: readonly string[], given: string, body: Uint8Array): Promise<boolean> {
  const hex = /^sha256=([0-9a-f]{64})$/.exec(given)?.[1]
  if (hex === undefined) throw new WebhookVerificationError('the request has no signature')
  const signature = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  return anyFits(secrets.map(utf8), [signature], body)
}

async function fitsStandard(
  secrets: readonly string[],
  given: string,
  header: (name: string) => string,
  body: Uint8Array,
  toleranceSeconds: number,
): Promise<boolean> {
  const seconds = Number(header('webhook-timestamp'))
  if (!(Math.abs(Date.now() / 1000 - seconds) <= toleranceSeconds))
    throw new WebhookVerificationError('the signature is too old, or of a clock that is wrong')
  const signatures = given.split(' ').flatMap((each) => (each.startsWith('v1,') ? [each.slice(3)] : []))
  const start = utf8(`${header('webhook-id')}.${header('webhook-timestamp')}.`)
  const signed = new Uint8Array(start.length + body.length)
  signed.set(start)
  signed.set(body, start.length)
  const keys = secrets.map((secret) =>
    secret.startsWith('whsec_') ? fromBase64(secret.slice('whsec_'.length)) : utf8(secret),
  )
  return anyFits(keys, signatures.map(fromBase64), signed)
}

/** `verify` compares in constant time. */
async function anyFits(
  keys: readonly Uint8Array<ArrayBuffer>[],
  signatures: readonly Uint8Array<ArrayBuffer>[],
  signed: Uint8Array,
): Promise<boolean> {
  const { subtle } = globalThis.crypto
  const message = new Uint8Array(signed)
  for (const bytes of keys) {
    const key = await subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
    for (const signature of signatures) {
      if (await subtle.verify('HMAC', key, signature, message)) return true
    }
  }
  return false
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text))
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  } catch (cause) {
    throw new WebhookVerificationError('the signature or the secret is not base64', { cause })
  }
}

function readerOf(headers: ReceivedWebhook['headers']): (name: string) => string {
  if (headers instanceof Headers) return (name) => headers.get(name) ?? ''
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return (name) => {
    const value = lower.get(name)
    return typeof value === 'string' ? value : (value?.[0] ?? '')
  }
}
