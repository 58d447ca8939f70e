import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toBuffer } from 'qrcode'

/** The answers of a gateway that commands use, over real HTTP, for tests of the commands alone. */
export class StandInGateway {
  readonly devices: { id: string; state: string; jid?: string }[] = []
  readonly requests: string[] = []
  /** `user:password` to insist on. */
  credential: string | null = null
  /** How many times the status is asked for before the device is linked. */
  linkedAfterPolls = 1
  /** With false logins fail as they do while WhatsApp cannot be reached. */
  reachesWhatsApp = true
  /** Called when a device's code was fetched. */
  onPicture: (device: { state: string }) => void = () => undefined
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<StandInGateway> {
    const server = createServer()
    const gateway = new StandInGateway(server)
    server.on('request', (request: IncomingMessage, response) => {
      void gateway.#answer(request).then(({ status, body }) => response.writeHead(status).end(body))
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    return gateway
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo // it listens on TCP
    return `http://127.0.0.1:${port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((closed) => this.#server.close(closed))
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: string | Buffer }> {
    const line = `${request.method} ${request.url}`
    this.requests.push(line)
    const wanted =
      this.credential === null ? undefined : `Basic ${Buffer.from(this.credential).toString('base64')}`
    if (wanted !== undefined && request.headers.authorization !== wanted)
      return { status: 401, body: 'Unauthorized' }
    const [, id = ''] = /^\w+ \/devices\/([^/?]+)/.exec(line) ?? []
    const known = this.devices.find((device) => device.id === decodeURIComponent(id))
    if (line === 'GET /app/info') return ok({ version: '1' })
    if (line === 'GET /devices') return ok(this.devices)
    if (line === 'POST /devices') return ok(this.#add(await bodyOf(request)))
    for (const device of line.startsWith('GET /qr.png') ? this.devices : []) this.onPicture(device)
    if (line.startsWith('GET /qr.png')) return { status: 200, body: await toBuffer('2@code', { width: 512 }) }
    if (known === undefined)
      return { status: 404, body: '{"code":"DEVICE_NOT_FOUND","message":"device not found"}' }
    if (line.endsWith('/status')) return ok(this.#status(known))
    if (known.state === 'logged_in')
      return { status: 400, body: '{"code":"ALREADY_LOGGED_IN","message":"you are already logged in."}' }
    if (!this.reachesWhatsApp)
      return { status: 503, body: '{"code":"AUTHENTICATION_ERROR","message":"reconnect error"}' }
    if (line.endsWith('/login')) return ok({ qr_link: 'http://seen.from.outside/qr.png', qr_duration: 1 })
    return ok({ pair_code: 'ABCD-1234' })
  }

  #add(body: string): object {
    const { device_id: id } = JSON.parse(body) as { device_id: string } // only our own client calls this
    const device = { id, state: 'disconnected' }
    this.devices.push(device)
    return device
  }

  #status(device: { id: string; state: string; jid?: string }): object {
    const isLinked = this.linkedAfterPolls <= 0
    this.linkedAfterPolls -= 1
    if (isLinked) Object.assign(device, { state: 'logged_in', jid: '15550100@s.whatsapp.net' })
    return { device_id: device.id, is_connected: isLinked, is_logged_in: isLinked }
  }
}

function ok(results: unknown): { status: number; body: string } {
  return { status: 200, body: JSON.stringify({ code: 'SUCCESS', message: 'fine', results }) }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer) // without an encoding set, chunks are Buffers
  return Buffer.concat(chunks).toString()
}
