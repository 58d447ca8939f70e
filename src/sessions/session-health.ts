import type { SessionHealth } from '../whatsapp/whatsapp-session.ts'

/** How often a connection's evidence of life is looked at. */
export const healthCheckEveryMs = 30_000

/** A connection that is not open (or shows no code) after this long is given up. */
const longestHandshakeMs = 60_000

/** WhatsApp answers a keepalive every 30 s or less; silence for several of them means the socket is dead. */
const longestSilenceMs = 120_000

export interface ConnectionEvidence {
  readonly startedAt: Date
  readonly isHandshaking: boolean
  readonly health: SessionHealth | null
}

/** Whether a connection lives, judged by what was heard on it and not by what its socket claims. */
export function isAlive(evidence: ConnectionEvidence, now: Date): boolean {
  if (evidence.isHandshaking) return now.getTime() - evidence.startedAt.getTime() < longestHandshakeMs
  const heardAt = evidence.health?.lastFrameAt ?? evidence.startedAt
  return now.getTime() - heardAt.getTime() < longestSilenceMs
}
