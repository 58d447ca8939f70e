import type { Socket } from 'node:net'
import { type BinaryNode, decodeBinaryNode, encodeBinaryNode, proto } from 'baileys'
import type { Logger } from 'pino'
import type { WebSocket } from 'ws'
import { child, el, SERVER } from '../protocol/stanza.ts'
import { BoundedLog } from '../state/bounded-log.ts'
import { Changes } from '../state/changes.ts'
import { newStanzaId } from '../state/ids.ts'
import type { LinkedDevice } from '../state/linked-device.ts'
import { FrameReader, toFrame } from './frame-reader.ts'
import { NoiseResponder, type ResponderKeys } from './noise-responder.ts'

/** How far a connection has come. */
export type ConnectionState = 'handshake' | 'unregistered' | 'logged-in' | 'closed'

/** One stanza in a transcript. */
export interface TranscriptLine {
  direction: 'in' | 'out'
  tag: string
  attrs: Record<string, string>
  /** Tag of its first child. */
  child: string | undefined
}

function line(direction: TranscriptLine['direction'], node: BinaryNode): TranscriptLine {
  return { direction, tag: node.tag, attrs: node.attrs, child: child(node)?.tag }
}

/** What a connection tells the server. Each is awaited before the client's next frame is read. */
export interface ConnectionHandlers {
  /** The handshake is done; the payload says who the client wants to be. */
  admit(connection: ClientConnection, payload: proto.ClientPayload): Promise<void>
  /** A stanza arrived. */
  stanza(connection: ClientConnection, node: BinaryNode): Promise<void>
  closed(connection: ClientConnection): void
}

/** One client's socket: frames, Noise, codec, and sends in the order they were asked for. */
export class ClientConnection {
  readonly id = newStanzaId()
  readonly changes = new Changes()
  /** The newest stanzas both ways without their content, to show when a test waits in vain. */
  readonly transcript = new BoundedLog<TranscriptLine>(100)
  state: ConnectionState = 'handshake'
  /** True once the offline queue was sent and stanzas go out as they come. */
  isActive = false
  /** Set by a fault: the socket stays open and carries nothing but answers to pings. */
  isDeaf = false
  /** The device that is logged in here. */
  device: LinkedDevice | undefined
  /** The client's static Noise key, known after the handshake. */
  clientStatic: Buffer = Buffer.alloc(0)
  readonly #socket: WebSocket
  readonly #tcp: Socket
  #isCorked = false
  readonly #noise: NoiseResponder
  readonly #handlers: ConnectionHandlers
  readonly #logger: Logger
  readonly #reader = new FrameReader()
  readonly #queries = new Map<
    string,
    { resolve: (node: BinaryNode) => void; reject: (error: Error) => void }
  >()
  #step: 'hello' | 'finish' | 'transport' = 'hello'
  #inbound: Promise<void> = Promise.resolve()

  constructor(
    sockets: { web: WebSocket; tcp: Socket },
    keys: ResponderKeys,
    handlers: ConnectionHandlers,
    logger: Logger,
  ) {
    const socket = sockets.web
    this.#socket = socket
    this.#tcp = sockets.tcp
    this.#noise = new NoiseResponder(keys)
    this.#handlers = handlers
    this.#logger = logger
    socket.binaryType = 'nodebuffer'
    socket.on('message', (data: Buffer) => this.#received(data))
    socket.on('close', () => this.#closed())
    socket.on('error', (error) => this.#logger.debug({ err: error }, 'client socket error'))
  }

  /** Sends a stanza; does nothing once the socket is closed. */
  send(node: BinaryNode): void {
    if (this.state === 'closed' || this.#socket.readyState !== this.#socket.OPEN) return
    if (this.isDeaf && !(node.tag === 'iq' && node.attrs['type'] === 'result')) return
    this.transcript.add(line('out', node))
    this.#cork()
    this.#socket.send(toFrame(this.#noise.encrypt(encodeBinaryNode(node))))
  }

  /** Gathers what is sent in one turn into one write: receipts of a large group would cost a system call each. */
  #cork(): void {
    if (this.#isCorked) return
    this.#isCorked = true
    this.#tcp.cork()
    process.nextTick(() => {
      this.#isCorked = false
      this.#tcp.uncork()
    })
  }

  /** Sends an IQ and resolves with the client's reply; rejects when the socket closes first. */
  query(iq: BinaryNode): Promise<BinaryNode> {
    const id = newStanzaId()
    const asked = new Promise<BinaryNode>((resolve, reject) => this.#queries.set(id, { resolve, reject }))
    this.send({ ...iq, attrs: { id, from: SERVER, ...iq.attrs } })
    return asked
  }

  /** Ends the stream as the server does: an error stanza, then the socket is closed. */
  endWithStreamError(attrs: { code?: string | number }, reason?: BinaryNode): void {
    this.send(el('stream:error', attrs, reason ? [reason] : undefined))
    this.close()
  }

  /** Closes the socket after what was sent has left. */
  close(): void {
    this.#socket.close()
  }

  /** Cuts the connection: no closing handshake, what is under way may be lost. */
  terminate(): void {
    this.#socket.terminate()
  }

  /** Cuts the connection once the client has everything that was sent so far. */
  terminateAfterSending(): void {
    this.#socket.once('pong', () => this.terminate())
    this.#socket.ping()
  }

  #received(data: Buffer): void {
    this.#inbound = this.#inbound
      .then(async () => {
        for (const frame of this.#reader.push(data)) await this.#frame(frame)
      })
      .catch((error: unknown) => {
        this.#logger.warn({ err: error, step: this.#step }, 'closing a client after a failure')
        this.terminate()
      })
  }

  async #frame(frame: Buffer): Promise<void> {
    if (this.state === 'closed') return
    if (this.#step === 'hello') {
      this.#socket.send(toFrame(this.#noise.answerHello(frame)))
      this.#step = 'finish'
    } else if (this.#step === 'finish') {
      const { clientStatic, payload } = this.#noise.readFinish(frame)
      this.#step = 'transport'
      this.clientStatic = clientStatic
      await this.#handlers.admit(this, proto.ClientPayload.decode(payload))
    } else {
      await this.#stanza(await decodeBinaryNode(this.#noise.decrypt(frame)))
    }
  }

  async #stanza(node: BinaryNode): Promise<void> {
    this.transcript.add(line('in', node))
    this.#logger.trace({ tag: node.tag, attrs: node.attrs }, 'stanza from client')
    const waiting = node.tag === 'iq' ? this.#queries.get(node.attrs['id'] ?? '') : undefined
    if (waiting && node.attrs['type'] !== 'get' && node.attrs['type'] !== 'set') {
      this.#queries.delete(node.attrs['id'] ?? '')
      waiting.resolve(node)
    } else {
      await this.#handlers.stanza(this, node)
    }
    this.changes.notify()
  }

  #closed(): void {
    if (this.state === 'closed') return
    this.state = 'closed'
    for (const { reject } of this.#queries.values()) reject(new Error('the client closed the connection'))
    this.#queries.clear()
    this.#handlers.closed(this)
    this.changes.notify()
  }
}
