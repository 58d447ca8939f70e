import { AppError } from '../core/app-error.ts'
import type { Clock } from '../core/clock.ts'
import type { SessionHealth } from '../whatsapp/whatsapp-session.ts'

/** A connection as the watch sees it. */
export interface WatchedConnection {
  /** Whether it has ended or was replaced: then there is nothing to watch any more. */
  isOver(): boolean
  /** Whether it is neither open nor shows a code yet. */
  isHandshaking(): boolean
  /** Whether WhatsApp has let the device in, so that only questions of the login are open. */
  isLetIn(): boolean
  isAlive(): boolean
  giveUp(why: string): void
}

const checkEveryMs = 30_000
/** So long nothing but signs of life may come on a connection before WhatsApp is asked something. */
const longestQuietMs = 5 * 60_000
const longestHandshakeMs = 40_000
/** A login asks up to four things, and goes on after 15 s without an answer to one. */
const longestLoginMs = 90_000
/** WhatsApp answers a keepalive every 30 s or less; silence for several of them means the socket is dead. */
const longestSilenceMs = 120_000

/** Gives up a handshake that takes longer than 40 s, a login that takes longer than 90 s, and a connection that shows no life. */
export function watchConnection(connection: WatchedConnection, clock: Clock): void {
  const isBeginning = () => !connection.isOver() && connection.isHandshaking()
  clock.after(longestHandshakeMs, () => {
    if (isBeginning() && !connection.isLetIn()) connection.giveUp('handshake does not end')
  })
  clock.after(longestLoginMs, () => {
    if (isBeginning()) connection.giveUp('login does not end')
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

/** An open connection as the hearing test sees it. */
export interface HeardConnection {
  isOver(): boolean
  /** When the last stanza came that was more than a sign of life; null before the first and while it is not open. */
  lastHeardAt(): Date | null
  /** Resolves when WhatsApp answers. */
  probe(): Promise<void>
  onDeaf(silentForMs: number): void
}

/**
 * Finds a connection that is open and deaf: the socket answers pings, and nothing else comes. When a connection has been
 * quiet for five minutes WhatsApp is asked something that it has to answer.
 */
export function watchHearing(connection: HeardConnection, clock: Clock): void {
  const check = async () => {
    if (connection.isOver()) return
    const heardAt = connection.lastHeardAt()
    const quietMs = heardAt === null ? 0 : clock.now().getTime() - heardAt.getTime()
    if (quietMs >= longestQuietMs && !(await isAnswered(connection)) && !connection.isOver()) {
      connection.onDeaf(quietMs)
      return
    }
    clock.after(checkEveryMs, () => void check())
  }
  clock.after(checkEveryMs, () => void check())
}

async function isAnswered(connection: HeardConnection): Promise<boolean> {
  try {
    await connection.probe()
    return true
  } catch (error) {
    // Any other refusal is an answer, and a connection that ended is somebody else's business.
    return !(error instanceof AppError && error.code === 'whatsapp_timeout')
  }
}
