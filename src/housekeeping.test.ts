import { describe, expect, it } from 'vitest'
import { ManualClock } from './core/clock.ts'
import { silentLogger } from './core/logger.ts'
import { Housekeeping } from './housekeeping.ts'

describe('housekeeping', () => {
  it('runs a chore at its interval, also after it failed', async () => {
    const clock = new ManualClock()
    let runs = 0
    const chore = {
      name: 'sweep',
      everyMs: 1_000,
      run: async () => {
        runs += 1
        if (runs === 1) throw new Error('no')
      },
    }
    const housekeeping = new Housekeeping({ chores: [chore], clock, logger: silentLogger })
    housekeeping.start()
    expect(runs).toBe(0)
    clock.advance(1_000)
    expect(runs).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(1_000)
    expect(runs).toBe(2)
    await housekeeping.stop()
    clock.advance(10_000)
    expect(runs).toBe(2)
  })

  it('runs a rare chore for the first time a minute after the start', async () => {
    const clock = new ManualClock()
    let runs = 0
    const chore = { name: 'sweep', everyMs: 3_600_000, run: async () => void (runs += 1) }
    const housekeeping = new Housekeeping({ chores: [chore], clock, logger: silentLogger })
    housekeeping.start()
    clock.advance(60_000)
    expect(runs).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(3_599_999)
    expect(runs).toBe(1)
    clock.advance(1)
    expect(runs).toBe(2)
    await housekeeping.stop()
  })
})
