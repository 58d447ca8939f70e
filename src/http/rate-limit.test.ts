import { describe, expect, it } from 'vitest'
import { ManualClock } from '../core/clock.ts'
import { RateLimit } from './rate-limit.ts'

describe('RateLimit', () => {
  it('allows a whole minute’s requests at once, then one at their rate', () => {
    const clock = new ManualClock()
    const limit = new RateLimit({ clock })
    const allowed = () => limit.take('a', 6).isAllowed
    expect(Array.from({ length: 7 }, allowed)).toEqual([true, true, true, true, true, true, false])
    expect(limit.take('a', 6)).toEqual({ isAllowed: false, limit: 6, remaining: 0, resetSeconds: 10 })
    clock.advance(9_999)
    expect(allowed()).toBe(false)
    clock.advance(1)
    expect(limit.take('a', 6)).toMatchObject({ isAllowed: true, remaining: 0 })
    clock.advance(3_600_000)
    expect(limit.take('a', 6)).toEqual({ isAllowed: true, limit: 6, remaining: 5, resetSeconds: 10 })
  })

  it('counts every name by itself', () => {
    const limit = new RateLimit({ clock: new ManualClock() })
    expect([limit.take('a', 1).isAllowed, limit.take('b', 1).isAllowed]).toEqual([true, true])
  })
})
