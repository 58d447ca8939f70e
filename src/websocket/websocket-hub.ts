import { type RawData, WebSocket } from 'ws'
import { type Actor, mayUse } from '../core/actor.ts'
import { toError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import type { DeviceId } from '../core/ids.ts'
import type { Logger } from '../core/logger.ts'
import { SerialQueue } from '../core/serial-queue.ts'
import { toAppDeviceObject } from '../features/devices/device-schemas.ts'
import type { LoggedEventFilter } from '../features/events/event-log-store.ts'
import type { LogGap } from '../features/events/event-reader.ts'
import type { EventStream } from '../features/events/event-stream.ts'
import type { DeviceChange } from '../sessions/session-status.ts'
import type { Jid } from '../whatsapp/jid.ts'
import {
  eventFrame,
  gapFrame,
  listDevices,
  loggedOutByRequest,
  loggedOutOnPhone,
  loginSuccess,
  parseRequest,
  type WebSocketFrame,
  webhookUpdated,
} from './websocket-frame.ts'

/** The slots as clients see them; `DeviceReader` is one source. */
export interface ListedDevices {
  all(): Promise<readonly { readonly id: DeviceId; readonly displayName: string; readonly jid: Jid | null }[]>
}

export interface WebSocketHubDeps {
  readonly devices: ListedDevices
  readonly clock: Clock
  readonly logger: Logger
  /** What clients that ask for it follow; without it there are no `EVENT` frames. */
  readonly events?: Pick<EventStream, 'follow' | 'wake'>
  /** Bytes a client may leave unread before it is cut off; default 1 MiB. */
  readonly maxUnreadBytes?: number
}

interface Client {
  readonly socket: WebSocket
  readonly deviceId: DeviceId
  readonly actor: Actor
  /** False from a ping until its pong. */
  isAnswering: boolean
}

/** Close codes of RFC 6455. */
const closeCodes = {
  goingAway: 1001,
  badFrame: 1007,
  notAllowed: 1008,
  normal: 1000,
  internal: 1011,
} as const
/** Bytes of events a client may leave unread before it gets no more. */
const mostUnreadEventBytes = 262_144
const pingEveryMs = 30_000
const closeWithinMs = 1_000

/**
 * The open WebSockets, each bound to one device: they hear of that device's link and may ask for the list of devices.
 * A client that does not read is cut off; nobody else waits for it.
 */
export class WebSocketHub {
  readonly #deps: WebSocketHubDeps
  readonly #clients = new Set<Client>()
  readonly #announcements = new SerialQueue()
  #cancelPing: () => void = () => undefined
  #isStopped = false

  constructor(deps: WebSocketHubDeps) {
    this.#deps = deps
  }

  /**
   * Lets a client that was added follow the event log of its device: `EVENT` frames, from behind `after`,
   * and before them the gap there is. One that does not
   * read is cut off, and comes back with the last cursor it has.
   */
  follow(
    socket: WebSocket,
    {
      gap,
      ...from
    }: { readonly filter: LoggedEventFilter; readonly after: number; readonly gap: LogGap | null },
  ): void {
    const client = [...this.#clients].find((each) => each.socket === socket)
    const { events } = this.#deps
    if (client === undefined || events === undefined) return
    if (gap !== null) this.#send(client, JSON.stringify(gapFrame(gap)))
    const end = events.follow({
      ...from,
      isFull: () => socket.bufferedAmount > mostUnreadEventBytes,
      take: (event) => {
        if (socket.readyState !== WebSocket.OPEN) return
        socket.send(JSON.stringify(eventFrame(event)), () => events.wake())
      },
      onEnd: () => socket.terminate(),
    })
    socket.on('close', end)
  }

  /** How many clients are connected. */
  get size(): number {
    return this.#clients.size
  }

  /** Takes in a socket that was let in for a device. */
  add(socket: WebSocket, deviceId: DeviceId, actor: Actor): void {
    if (this.#isStopped) {
      socket.close(closeCodes.goingAway, 'the gateway is stopping')
      return
    }
    const client: Client = { socket, deviceId, actor, isAnswering: true }
    const stopWatching = actor.onEnd(() =>
      socket.close(closeCodes.notAllowed, 'the key is good for nothing any more'),
    )
    socket.on('close', () => {
      stopWatching()
      this.#clients.delete(client)
      // The next one begins anew; two rounds of pings would cut off who has not yet answered the first.
      if (this.#clients.size === 0) this.#cancelPing()
    })
    socket.on('pong', () => {
      client.isAnswering = true
    })
    socket.on('message', (data, isBinary) => {
      if (!isBinary) this.#onText(client, textOf(data))
    })
    if (this.#clients.size === 0) this.#pingLater()
    this.#clients.add(client)
  }

  /** Tells the clients of a device what happened to it; to be given to `Sessions.subscribe`. */
  onDeviceChange(change: DeviceChange): void {
    this.#announcements
      .run(() => this.#announce(change))
      .catch((error: unknown) => {
        this.#deps.logger.error({ err: toError(error) }, 'telling websocket clients failed')
      })
  }

  /** Tells the clients of a device that its webhook was changed. */
  onWebhookChange(deviceId: DeviceId, url: string): void {
    const listeners = [...this.#clients].filter((client) => client.deviceId === deviceId)
    for (const frame of webhookUpdated(deviceId, url)) this.#sendAll(listeners, frame)
  }

  /** Closes every client, the hard way where the polite one takes longer than a second. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancelPing()
    const closing = [...this.#clients].map(
      ({ socket }) =>
        new Promise<void>((resolve) => {
          socket.on('close', () => resolve())
          socket.close(closeCodes.goingAway, 'the gateway is stopping')
        }),
    )
    const cancel = this.#deps.clock.after(closeWithinMs, () => {
      for (const { socket } of this.#clients) socket.terminate()
    })
    await Promise.all(closing)
    cancel()
  }

  async #announce(change: DeviceChange): Promise<void> {
    const { deviceId } = change
    const listeners = [...this.#clients].filter((client) => client.deviceId === deviceId)
    if (listeners.length === 0) return
    switch (change.type) {
      case 'status':
        return
      case 'paired':
        return this.#sendAll(listeners, loginSuccess(change.account))
      case 'logged-out':
        if (change.by === 'phone') return this.#sendAll(listeners, loggedOutOnPhone(deviceId))
        for (const client of listeners) {
          this.#sendAll([client], loggedOutByRequest(deviceId, await this.#listedFor(client)))
        }
        return
      case 'removed':
        for (const { socket } of listeners) socket.close(closeCodes.normal, 'the device was removed')
    }
  }

  #onText(client: Client, text: string): void {
    const code = parseRequest(text)
    if (code === null) client.socket.close(closeCodes.badFrame, 'expected {"code": …}')
    else if (code === 'FETCH_DEVICES') void this.#answerWithDevices(client)
  }

  /** Answers the asker only; nothing more is read from it meanwhile, so it cannot pile up questions. */
  async #answerWithDevices(client: Client): Promise<void> {
    client.socket.pause()
    try {
      this.#send(client, JSON.stringify(listDevices(await this.#listedFor(client))))
    } catch (error) {
      this.#deps.logger.error({ err: toError(error) }, 'listing devices for a websocket client failed')
      client.socket.close(closeCodes.internal, 'internal error')
    } finally {
      client.socket.resume()
    }
  }

  async #listedFor({ actor }: Client) {
    const devices = await this.#deps.devices.all()
    return devices.filter(({ id }) => mayUse(actor, id)).map(toAppDeviceObject)
  }

  #sendAll(clients: readonly Client[], frame: WebSocketFrame): void {
    const text = JSON.stringify(frame)
    for (const client of clients) this.#send(client, text)
  }

  #send({ socket, deviceId }: Client, text: string): void {
    if (socket.readyState !== WebSocket.OPEN) return
    if (socket.bufferedAmount > (this.#deps.maxUnreadBytes ?? 1_048_576)) {
      this.#deps.logger.warn({ deviceId }, 'websocket client does not read, cutting it off')
      socket.terminate()
      return
    }
    socket.send(text)
  }

  /** A peer that vanished without a word keeps its socket open for ever; pings find it out. */
  #pingLater(): void {
    this.#cancelPing = this.#deps.clock.after(pingEveryMs, () => {
      for (const client of this.#clients) {
        if (!client.isAnswering) {
          client.socket.terminate()
          continue
        }
        client.isAnswering = false
        client.socket.ping()
      }
      if (this.#clients.size > 0) this.#pingLater()
    })
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return Buffer.from(data as Buffer).toString('utf8') // a Buffer unless another binaryType was asked for
}
