import type { Clock } from '../core/clock.ts'
import type { SessionHealth } from '../whatsapp/whatsapp-session.ts'

/** A connection as the watch sees it. */
export interface WatchedConnection {
  /** Whether it has ended or was replaced: then there is nothing to watch any more. */
  isOver(): boolean
  /** Whether it is neither open nor shows a code yet. */
  isHandshaking(): boolean
  isAlive(): boolean
  giveUp(why: string): void
}

const checkEveryMs = 30_000
const longestHandshakeMs = 40_000
/** WhatsApp answers a keepalive every 30 s or less; silence for several of them means the socket is dead. */
const longestSilenceMs = 120_000

/** Gives up a handshake that takes longer than 40 s, and a connection that shows no life. */
export function watchConnection(connection: WatchedConnection, clock: Clock): void {
  clock.after(longestHandshakeMs, () => {
    if (!connection.isOver() && connection.isHandshaking()) connection.giveUp('handshake does not end')
  })
  const check = () => {
    if (connection.isOver()) return
    if (!connection.isAlive()) return connection.giveUp('connection shows no life')
    clock.after(checkEveryMs, check)
  }
  clock.after(checkEveryMs, check)
}

/** Whether a connection lives, judged by what was heard on it since it started and not by what its socket claims. */
export function isAlive(startedAt: Date, health: SessionHealth | null, now: Date): boolean {
  const heardAt = health?.lastFrameAt ?? startedAt
  return now.getTime() - heardAt.getTime() < longestSilenceMs
}
