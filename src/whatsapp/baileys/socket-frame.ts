import type { EventEmitter } from 'node:events'
import type { WASocket } from 'baileys'
import type { Clock } from '../../core/clock.ts'
import { type FrameSink, OutboundHold, type OutboundHoldDeps } from './outbound-hold.ts'

/** How long the other side may take to say goodbye; Baileys would wait for it as long as `ws` does, which is 30 s. */
const closeLimitMs = 3_000

/** What is below Baileys' socket: its emitter, and the WebSocket that frames go through. */
export interface SocketFrame {
  readonly emitter: EventEmitter
  readonly outbound: OutboundHold
  /** Whether a frame could be written at this moment. */
  isOpen(): boolean
}

interface OpenSocket extends FrameSink {
  terminate(): void
}

/**
 * Takes hold of the WebSocket below a fresh Baileys socket: closing it takes 3 s at most, and `onEnding` hears of it
 * before anything of it is seen outside.
 */
export function tameSocket(
  socket: WASocket,
  deps: { clock: Clock; onEnding: () => void; hold: OutboundHoldDeps },
): SocketFrame {
  const { ws } = socket
  // `socket` is protected in the type only; it is there from the beginning, since makeWASocket connects at once.
  const { socket: webSocket } = ws as unknown as { socket: OpenSocket }
  const close = ws.close.bind(ws)
  ws.close = async () => {
    deps.onEnding()
    const stopTimer = deps.clock.after(closeLimitMs, () => webSocket.terminate())
    try {
      await close()
    } finally {
      stopTimer()
    }
  }
  return { emitter: ws, outbound: new OutboundHold(webSocket, deps.hold), isOpen: () => ws.isOpen }
}
