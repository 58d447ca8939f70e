import { describe, expect, it } from 'vitest'
import type { CloseReason } from '../whatsapp/whatsapp-session.ts'
import { type EndedConnection, nextStepAfter } from './reconnect-policy.ts'

function after(reason: CloseReason, facts: Partial<EndedConnection> = {}, random = 0.5) {
  return nextStepAfter(
    {
      reason,
      isLinked: true,
      hasOpened: false,
      attempt: 1,
      attemptForReason: 1,
      unopenedInARow: facts.attempt ?? 1,
      retryAfterMs: null,
      ...facts,
    },
    random,
  )
}

describe('reconnect policy', () => {
  it('restarts at once when WhatsApp asks for it, linked or not', () => {
    expect(after('restart-required')).toEqual({ action: 'retry', delayMs: 0 })
    expect(after('restart-required', { isLinked: false })).toEqual({ action: 'retry', delayMs: 0 })
  })

  it('slows down when restarts are asked for again and again', () => {
    expect(after('restart-required', { attempt: 4, attemptForReason: 4 }, 1)).toEqual({
      action: 'retry',
      delayMs: 16_000,
    })
  })

  it('backs off from seconds to five minutes, spread by chance, never below one second', () => {
    const longest = [1, 2, 3, 8, 9, 50].map((attempt) => after('connection-lost', { attempt }, 1))
    expect(longest.map((step) => step.action === 'retry' && step.delayMs)).toEqual([
      2_000, 4_000, 8_000, 256_000, 300_000, 300_000,
    ])
    expect(after('connection-lost', { attempt: 50 }, 0)).toEqual({ action: 'retry', delayMs: 1_000 })
  })

  it('renews a connection that worked within 8 s however often it ends, until it ends too often', () => {
    const opened = (attempt: number) => after('connection-lost', { attempt, hasOpened: true }, 1)
    expect(
      [1, 2, 3, 4, 10, 23, 24, 40].map((n) => opened(n)).map((step) => 'delayMs' in step && step.delayMs),
    ).toEqual([2_000, 4_000, 8_000, 8_000, 8_000, 8_000, 16_000, 300_000])
    expect(after('restart-required', { attempt: 1, attemptForReason: 9, hasOpened: true }, 1)).toEqual({
      action: 'retry',
      delayMs: 8_000,
    })
  })

  it('does not wait for minutes when a connection is cut before it opens, where those before it had opened', () => {
    const cut = (attempt: number, unopenedInARow: number) =>
      after('connection-lost', { attempt, unopenedInARow }, 1)
    expect([cut(12, 1), cut(12, 2), cut(12, 12), cut(24, 1)]).toEqual([
      { action: 'retry', delayMs: 2_000 },
      { action: 'retry', delayMs: 4_000 },
      { action: 'retry', delayMs: 300_000 },
      { action: 'retry', delayMs: 16_000 },
    ])
  })

  it('waits at least as long as WhatsApp asks', () => {
    expect(after('connection-lost', { retryAfterMs: 90_000 })).toEqual({ action: 'retry', delayMs: 90_000 })
  })

  it('tries once more after 30 to 60 s when replaced, then leaves the session to the other side', () => {
    expect(after('replaced', {}, 0)).toEqual({ action: 'retry', delayMs: 30_000 })
    expect(after('replaced', {}, 0.999)).toEqual({ action: 'retry', delayMs: 59_970 })
    expect(after('replaced', { attempt: 2, attemptForReason: 2 })).toEqual({ action: 'park' })
  })

  it('forgets the keys only when logged out', () => {
    const reasons: CloseReason[] = [
      'banned',
      'unusable',
      'refused',
      'outdated',
      'untrusted-server',
      'replaced',
    ]
    expect(after('logged-out')).toEqual({ action: 'forget' })
    for (const reason of reasons) expect(after(reason, { attemptForReason: 9 }).action).not.toBe('forget')
  })

  it('stops and keeps the data when banned, and waits for the end of a temporary ban', () => {
    expect(after('banned')).toEqual({ action: 'park' })
    expect(after('temporarily-banned')).toEqual({ action: 'park' })
    expect(after('temporarily-banned', { retryAfterMs: 3_600_000 })).toEqual({
      action: 'retry',
      delayMs: 3_600_000,
    })
  })

  it('tries a renewed version once, then says that it is outdated', () => {
    expect(after('outdated')).toEqual({ action: 'retry', delayMs: 1_000 })
    expect(after('outdated', { attemptForReason: 2 })).toEqual({ action: 'park' })
  })

  it('gives up on other refusals after three tries', () => {
    expect([1, 2, 3].map((n) => after('refused', { attempt: n, attemptForReason: n }).action)).toEqual([
      'retry',
      'retry',
      'park',
    ])
  })

  it('ends a pairing that nobody completed instead of asking for codes for ever', () => {
    for (const reason of ['qr-expired', 'connection-lost', 'logged-out', 'refused'] as const) {
      expect(after(reason, { isLinked: false })).toEqual({ action: 'end' })
    }
    expect(after('outdated', { isLinked: false }).action).toBe('retry')
    expect(after('outdated', { isLinked: false, attemptForReason: 2 })).toEqual({ action: 'end' })
  })
})
