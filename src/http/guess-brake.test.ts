import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../core/clock.ts'
import { GuessBrake } from './guess-brake.ts'

describe('GuessBrake', () => {
  let clock: ManualClock
  let brake: GuessBrake

  beforeEach(() => {
    clock = new ManualClock()
    brake = new GuessBrake({ clock, longestDelayMs: 5_000 })
  })

  /** Whether the answer to a wrong credential has come when `ms` have passed. */
  async function isAnsweredAfter(ms: number, credential: string, address = 'a'): Promise<boolean> {
    let isAnswered = false
    void brake.failed(address, credential).then(() => {
      isAnswered = true
    })
    clock.advance(ms)
    await nextTurn()
    return isAnswered
  }

  async function guess(count: number): Promise<void> {
    for (let number = 0; number < count; number += 1)
      expect(await isAnsweredAfter(5_000, `guess ${number}`)).toBe(true)
  }

  it('lets people mistype', async () => {
    for (const credential of ['1', '2', '3', '4', '5'])
      expect(await isAnsweredAfter(0, credential)).toBe(true)
  })

  it('holds back the sixth different one, twice as long every time, and no longer than its limit', async () => {
    await guess(5)
    expect(await isAnsweredAfter(199, 'sixth')).toBe(false)
    expect(await isAnsweredAfter(399, 'seventh')).toBe(false)
    await guess(30)
    expect(await isAnsweredAfter(4_999, 'one more')).toBe(false)
    expect(await isAnsweredAfter(5_000, 'and another')).toBe(true)
  })

  it('does not take a client with an old password for somebody who guesses', async () => {
    await guess(20)
    expect(await isAnsweredAfter(0, 'guess 3')).toBe(true)
  })

  it('slows nobody else down, and forgets after ten quiet minutes', async () => {
    await guess(20)
    expect(await isAnsweredAfter(0, 'x', 'b')).toBe(true)
    clock.advance(600_001)
    expect(await isAnsweredAfter(0, 'x')).toBe(true)
  })

  it('refuses an address unlooked at while twenty of its answers are held back', async () => {
    await guess(30)
    for (let number = 0; number < 20; number += 1) void brake.failed('a', `many ${number}`)
    expect(() => brake.admit('a')).toThrow(expect.objectContaining({ code: 'too_many_attempts' }))
    expect(() => brake.admit('b')).not.toThrow()
    clock.advance(5_000)
    await nextTurn()
    expect(() => brake.admit('a')).not.toThrow()
  })

  it('holds nothing back when it is off', async () => {
    brake = new GuessBrake({ clock, longestDelayMs: 0 })
    for (let number = 0; number < 50; number += 1) expect(await isAnsweredAfter(0, `${number}`)).toBe(true)
  })
})
