import { randomUUID } from 'node:crypto'
import { Agent, request } from 'undici'
import type { Config } from '../config/config.ts'
import { toError } from '../core/app-error.ts'
import { signBody } from '../features/webhooks/signing.ts'
import type { Finding } from './finding.ts'
import { storedWebhookSecret } from './stored-settings.ts'

const timeoutMs = 10_000

/** Posts a signed `ping` to every configured webhook and looks at the answers. */
export async function webhookFindings(config: Config): Promise<readonly Finding[]> {
  const { urls, insecureSkipVerify, headers } = config.webhooks
  const name = 'webhook'
  if (urls.length === 0)
    return [{ name, state: 'warn', detail: 'none is configured', remedy: 'set WHATSAPP_WEBHOOK' }]
  const secret = config.webhooks.secret ?? (await storedWebhookSecret(config.database).catch(() => null))
  if (secret === null) {
    const remedy = 'set WHATSAPP_WEBHOOK_SECRET, or start the gateway once so that it makes one'
    return [{ name, state: 'fail', detail: 'there is no secret to sign with', remedy }]
  }
  const dispatcher = new Agent({ connect: { rejectUnauthorized: !insecureSkipVerify } })
  try {
    return await Promise.all(urls.map((url) => ping(url, { secret, headers, dispatcher })))
  } finally {
    await dispatcher.close()
  }
}

async function ping(
  url: string,
  {
    secret,
    headers,
    dispatcher,
  }: { secret: string; headers: Readonly<Record<string, string>>; dispatcher: Agent },
): Promise<Finding> {
  // Without query and user: tokens may be in them.
  const { origin, pathname } = new URL(url)
  const name = 'webhook'
  const target = `${origin}${pathname}`
  const body = JSON.stringify({
    event: 'ping',
    payload: { id: randomUUID() },
    timestamp: new Date().toISOString(),
  })
  try {
    const response = await request(url, {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/json',
        'x-hub-signature-256': signBody(secret, body),
      },
      body,
      dispatcher,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    })
    await response.body.dump({ limit: 65_536 })
    const { statusCode } = response
    if (statusCode >= 200 && statusCode < 300)
      return { name, state: 'ok', detail: `${target} answers ${statusCode}` }
    const remedy =
      statusCode === 401 || statusCode === 403
        ? 'it refuses the call: compare its secret with WHATSAPP_WEBHOOK_SECRET, and what else it wants with WHATSAPP_WEBHOOK_HEADERS'
        : 'it has to answer 2xx to every event, also to kinds it does not know'
    return { name, state: 'fail', detail: `${target} answers ${statusCode}`, remedy }
  } catch (error) {
    const detail = `${target} cannot be reached: ${toError(error).message}`
    return { name, state: 'fail', detail, remedy: 'check that it runs and that this machine may reach it' }
  }
}
