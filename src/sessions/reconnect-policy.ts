import { assertNever } from '../core/app-error.ts'
import type { CloseReason } from '../whatsapp/whatsapp-session.ts'

/** What is known when a connection has ended. */
export interface EndedConnection {
  readonly reason: CloseReason
  /** Whether the device is linked to an account. */
  readonly isLinked: boolean
  /** Connections that failed since one last stayed open for `stableAfterMs`, this one included; restarts do not count. */
  readonly attempt: number
  /** Of those, the last ones that never opened, this one included; 0 when it had opened. */
  readonly unopenedInARow: number
  /** As `attempt`, counting only those that ended for this reason. */
  readonly attemptForReason: number
  /** Whether it had logged in: then WhatsApp can be reached and lets this device in. */
  readonly hasOpened: boolean
  /** How long WhatsApp asks to wait, when it says so. */
  readonly retryAfterMs: number | null
}

/**
 * What happens next: `retry` opens another connection after `delayMs`; `park` keeps link and data and waits for a command;
 * `end` is the end of a pairing that nobody completed; `forget` deletes the keys, keeping slot and history.
 */
export type NextStep =
  | { readonly action: 'retry'; readonly delayMs: number }
  | { readonly action: 'park' }
  | { readonly action: 'end' }
  | { readonly action: 'forget' }

/** A connection that stayed open this long starts the counting anew. */
export const stableAfterMs = 60_000

const second = 1_000
const longestDelayMs = 5 * 60 * second
const triesWhenRefused = 3
/** WhatsApp asks for one restart after pairing; many in a row are a loop and wait like any other trouble. */
const restartsAtOnce = 3
/** Connections that opened are renewed as after this many failures at most, so within 8 s … */
const calmAttempt = 3
/** … until this many more ended early: then logging in again and again is no help either. */
const patience = 20

/** Decides what follows a close. `random` is in [0, 1) and spreads devices that lost their connections together. */
export function nextStepAfter(ended: EndedConnection, random: number): NextStep {
  if (ended.reason === 'restart-required' && ended.attemptForReason <= restartsAtOnce) return retry(0)
  if (!ended.isLinked) return afterPairing(ended)
  switch (ended.reason) {
    case 'restart-required':
      return retry(backoffMs(calmed({ ...ended, attempt: ended.attemptForReason }), random))
    case 'connection-lost':
    case 'qr-expired':
    case 'closed-by-us':
      return retry(Math.max(backoffMs(calmed(ended), random), ended.retryAfterMs ?? 0))
    case 'replaced':
      // Whoever opened the session elsewhere wins: one try after the other side had time to go, never a fight.
      return ended.attemptForReason === 1 ? retry((30 + random * 30) * second) : park
    case 'outdated':
      // The engine renews its version when it is told; if that did not help, more tries will not.
      return ended.attemptForReason === 1 ? retry(second) : park
    case 'refused':
      return ended.attemptForReason < triesWhenRefused ? retry(backoffMs(ended.attempt, random)) : park
    case 'untrusted-server':
      // Nothing was told to that server. A captive portal goes away by itself, so keep looking, slowly.
      return retry(longestDelayMs)
    case 'temporarily-banned':
      return ended.retryAfterMs === null ? park : retry(ended.retryAfterMs)
    case 'banned':
    case 'unusable':
      return park
    case 'logged-out':
      return { action: 'forget' }
    default:
      return assertNever(ended.reason)
  }
}

const park: NextStep = { action: 'park' }

function retry(delayMs: number): NextStep {
  return { action: 'retry', delayMs }
}

/** A code that nobody scanned is not asked for again by itself: that would be a loop with no one watching. */
function afterPairing(ended: EndedConnection): NextStep {
  return ended.reason === 'outdated' && ended.attemptForReason === 1 ? retry(second) : { action: 'end' }
}

/** How many failures a close counts for. One of a connection that worked says little about the next. */
function calmed({
  attempt,
  hasOpened,
  unopenedInARow,
}: Pick<EndedConnection, 'attempt' | 'hasOpened' | 'unopenedInARow'>): number {
  const worn = attempt - patience
  if (hasOpened) return attempt <= calmAttempt ? attempt : Math.max(calmAttempt, worn)
  return Math.max(unopenedInARow, worn)
}

/** Exponential with jitter: between one second and a ceiling that doubles from 2 s to 5 min. */
function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(longestDelayMs, 2 * second * 2 ** Math.min(attempt - 1, 20))
  return Math.round(second + random * (ceiling - second))
}
