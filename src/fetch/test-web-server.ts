import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A real web server on a loopback address, for tests; counts who connects. */
export class TestWebServer {
  /** How it answers; may be changed at any time. */
  respond: RequestListener = (_request, response) => {
    response.end('inside')
  }
  /** Connections ever accepted. */
  connections = 0
  port = 0
  readonly #server = createServer((request, response) => this.respond(request, response))

  /** Listens on a free port, or the given one; resolves to its origin. */
  async listen(host = '127.0.0.1', port = 0): Promise<string> {
    this.#server.on('connection', () => {
      this.connections += 1
    })
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, resolve)
    })
    this.port = (this.#server.address() as AddressInfo).port // listening on TCP since the line above
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.port}`
  }

  /** Ends every connection and stops listening. */
  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => {
      this.#server.close(resolve)
    })
  }
}
