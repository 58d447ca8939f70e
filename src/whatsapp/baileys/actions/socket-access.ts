import type { WASocket } from 'baileys'
import { AppError } from '../../../core/app-error.ts'
import type { Clock } from '../../../core/clock.ts'
import { toAppError } from '../baileys-errors.ts'
import { within } from '../time-limit.ts'

/** How long WhatsApp may take to answer a question. */
const answerLimitMs = 15_000

export interface SocketAccessDeps {
  readonly socket: WASocket
  readonly isOpen: () => boolean
  /** Rejects with `device_not_connected` when the connection ends first; Baileys' queries never end then. */
  readonly whileConnected: <T>(work: Promise<T>) => Promise<T>
  readonly clock: Clock
}

/** The way from an action to WhatsApp: only while the connection is open, never for longer than WhatsApp may take. */
export class SocketAccess {
  readonly #deps: SocketAccessDeps

  constructor(deps: SocketAccessDeps) {
    this.#deps = deps
  }

  /** The socket itself, for work that listens to it; use it inside `ask` or `during`. */
  get socket(): WASocket {
    return this.#deps.socket
  }

  /** Who we are, as Baileys knows it now; its own `user` is who we were when the socket was made (rc14 spreads the getter). */
  get user(): WASocket['user'] {
    return this.#deps.socket.authState.creds.me
  }

  /**
   * Runs work on the socket and resolves with its answer. Rejects with `device_not_connected` when nothing was asked or the
   * connection ended meanwhile, `whatsapp_timeout` without an answer, and as `toAppError` names WhatsApp's refusals.
   */
  async ask<T>(work: (socket: WASocket) => Promise<T>, limitMs: number = answerLimitMs): Promise<T> {
    const { socket, isOpen, whileConnected, clock } = this.#deps
    if (!isOpen()) throw new AppError('device_not_connected')
    const answer = work(socket).catch((error: unknown) => {
      throw toAppError(error)
    })
    return whileConnected(within(clock, limitMs, answer, new AppError('whatsapp_timeout')))
  }

  /**
   * Runs work beside the socket for as long as the connection is open; when it ends, the signal ends the work and this
   * rejects with `device_not_connected`, as it does when the connection is not open.
   */
  async during<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { isOpen, whileConnected } = this.#deps
    if (!isOpen()) throw new AppError('device_not_connected')
    const end = new AbortController()
    try {
      return await whileConnected(work(end.signal))
    } catch (error) {
      end.abort()
      throw error
    }
  }
}
