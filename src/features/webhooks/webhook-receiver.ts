import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { signBody } from './signing.ts'

/** A request as it arrived. */
export interface ReceivedWebhook {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Answers a request; ending the response is its business. */
export type WebhookResponder = (webhook: ReceivedWebhook, response: ServerResponse) => void

/** A real HTTP receiver of webhooks, for tests: remembers what came, answers 200 or as told, and can be waited for. */
export class WebhookReceiver {
  readonly received: ReceivedWebhook[] = []
  /** How it answers; may be changed at any time. */
  respond: WebhookResponder = (_webhook, response) => {
    response.end('ok')
  }
  /** Connections ever accepted. */
  connections = 0
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const webhook = { path: request.url ?? '', headers: request.headers, text }
      this.received.push(webhook)
      this.respond(webhook, response)
      this.#tellWatchers()
    })
  })
  readonly #watchers: (() => void)[] = []

  /** Starts listening on a free port of 127.0.0.1; resolves to its URL, without a slash at the end. */
  async listen(): Promise<string> {
    this.#server.on('connection', () => {
      this.connections += 1
    })
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve)
    })
    const { port } = this.#server.address() as AddressInfo // listening on TCP since the line above
    return `http://127.0.0.1:${port}`
  }

  /** Ends every connection and stops listening. */
  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => {
      this.#server.close(resolve)
    })
  }

  /** Resolves once `isTrue` holds; rejects after `timeoutMs`, naming what did arrive. */
  async until(isTrue: (received: readonly ReceivedWebhook[]) => boolean, timeoutMs = 10_000): Promise<void> {
    const deadline = AbortSignal.timeout(timeoutMs)
    deadline.addEventListener('abort', () => this.#tellWatchers(), { once: true })
    while (!isTrue(this.received)) {
      if (deadline.aborted) {
        const story = this.received.map(({ text }) => text.slice(0, 200)).join('\n')
        throw new Error(`not in time; received:\n${story}`)
      }
      await new Promise<void>((resolve) => {
        this.#watchers.push(resolve)
      })
    }
  }

  #tellWatchers(): void {
    for (const resolve of this.#watchers.splice(0)) resolve()
  }
}

/** Whether a received webhook carries the signature that `secret` makes. */
export function isSignedWith(webhook: ReceivedWebhook, secret: string): boolean {
  return webhook.headers['x-hub-signature-256'] === signBody(secret, webhook.text)
}
