import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Counts the bench's messages as they come in by webhook, and how long each was under way. */
export class WebhookCounter {
  received = 0
  lastAt = 0
  latenciesMs: number[] = []
  readonly #server: Server
  #waiters: { count: number; resolve: () => void }[] = []

  private constructor(server: Server) {
    this.#server = server
  }

  /** Starts listening on loopback; one that does not answer counts nothing either. */
  static async start(answers = true): Promise<WebhookCounter> {
    const server = createServer({ keepAlive: true })
    const counter = new WebhookCounter(server)
    server.on('request', (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        if (!answers) return
        response.writeHead(200).end()
        counter.#take(Buffer.concat(chunks).toString())
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return counter
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook` // a listening TCP server has an AddressInfo
  }

  reset(): void {
    this.received = 0
    this.latenciesMs = []
  }

  /** Resolves once `count` messages have come since the reset. */
  until(count: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.received >= count) resolve()
      else this.#waiters.push({ count, resolve })
    })
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #take(body: string): void {
    const now = performance.timeOrigin + performance.now()
    const event = JSON.parse(body) as { event: string; payload: { body?: string } } // what our own gateway posts
    const text = event.payload.body ?? ''
    if (event.event !== 'message' || !text.startsWith('bench|')) return
    const sentAt = Number(text.split('|')[2])
    if (sentAt > 0) this.latenciesMs.push(now - sentAt)
    this.received += 1
    this.lastAt = now
    this.#waiters = this.#waiters.filter(({ count, resolve }) => {
      if (this.received < count) return true
      resolve()
      return false
    })
  }
}
