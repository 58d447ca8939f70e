import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Logger } from 'pino'
import { type WebSocket, WebSocketServer } from 'ws'

/** Where a chat server listens and what it does with its clients. */
export interface ChatServerOptions {
  host: string
  /** 0 takes a free one, which then stays the same over a restart. */
  port: number
  /** Body of `GET /` and `GET /ws-version`. */
  versionPage(): string
  connected(sockets: { web: WebSocket; tcp: Socket }): void
  logger: Logger
}

/** The listening side: WebSocket clients on any path, and a page that tells the current web version. */
export class ChatServer {
  readonly #options: ChatServerOptions
  #port: number
  #server: Server | undefined
  readonly #sockets = new Set<Socket>()

  constructor(options: ChatServerOptions) {
    this.#options = options
    this.#port = options.port
  }

  /** The port in use; known after the first `listen`. */
  get port(): number {
    return this.#port
  }

  /** Starts listening; does nothing when it does already. */
  async listen(): Promise<void> {
    if (this.#server) return
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(this.#options.versionPage())
    })
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    const upgrades = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 64 * 1024 * 1024 })
    upgrades.on('connection', (web, { socket: tcp }) => this.#options.connected({ web, tcp }))
    upgrades.on('error', (error) => this.#options.logger.warn({ err: error }, 'chat server error'))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#port, this.#options.host, resolve)
    })
    // A TCP server's address is an object with a port; the string form belongs to pipes.
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  /** Stops listening and cuts every socket, as a network that goes away. */
  async cut(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (!server) return
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}
