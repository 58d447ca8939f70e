import { expect, it } from 'vitest'
import { ManualClock } from '../core/clock.ts'
import { CloseCounter } from './close-counter.ts'

const lost = { reason: 'connection-lost', retryAfterMs: null } as const

it('takes a cut during the handshake for a first one when the connection before it had opened', () => {
  const clock = new ManualClock()
  const closes = new CloseCounter(clock)
  const delayAfter = (hasOpened: boolean) => {
    const next = closes.nextStep(lost, {
      isLinked: true,
      openedAt: hasOpened ? clock.now() : null,
      random: 1,
    })
    return next.action === 'retry' ? next.delayMs : null
  }
  const delays = [true, true, true, true, true, true, false, false, true, false].map(delayAfter)
  expect(delays).toEqual([2_000, 4_000, 8_000, 8_000, 8_000, 8_000, 2_000, 4_000, 8_000, 2_000])
})
