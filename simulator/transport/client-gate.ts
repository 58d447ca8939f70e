import type { Socket } from 'node:net'
import { Curve } from 'baileys'
import type { Logger } from 'pino'
import type { WebSocket } from 'ws'
import type { FaultPlan } from '../state/fault-plan.ts'
import { ClientConnection, type ConnectionHandlers } from './client-connection.ts'
import { certificateChain, type NoiseIdentity, newNoiseIdentity } from './noise-certificate.ts'

/** Takes in sockets, shows them the server's certificate, and knows which are connected. */
export class ClientGate {
  readonly #noise: NoiseIdentity = newNoiseIdentity()
  readonly #connections = new Set<ClientConnection>()
  readonly #handlers: ConnectionHandlers
  readonly #faults: FaultPlan
  readonly #logger: Logger
  #accepted = 0

  constructor(handlers: ConnectionHandlers, faults: FaultPlan, logger: Logger) {
    this.#handlers = handlers
    this.#faults = faults
    this.#logger = logger
  }

  /** Public root key of the certificates, in hex. */
  get rootKeyHex(): string {
    return Buffer.from(this.#noise.root.public).toString('hex')
  }

  /** How many sockets there have ever been. */
  get accepted(): number {
    return this.#accepted
  }

  /** Sockets that are connected now. */
  get connections(): ClientConnection[] {
    return [...this.#connections]
  }

  /** Takes in a socket. */
  accept(sockets: { web: WebSocket; tcp: Socket }): void {
    const isForged = this.#faults.take('wrong-noise-certificate', undefined) !== undefined
    const keys = {
      serverStatic: this.#noise.serverStatic,
      ephemeral: Curve.generateKeyPair(),
      certificate: certificateChain(this.#noise, isForged ? Curve.generateKeyPair() : this.#noise.root),
    }
    const connection = new ClientConnection(sockets, keys, this.#handlers, this.#logger)
    this.#connections.add(connection)
    this.#accepted += 1
    const stop = connection.changes.on(() => {
      if (connection.state !== 'closed') return
      this.#connections.delete(connection)
      stop()
    })
  }
}
