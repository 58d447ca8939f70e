import { expect, it } from 'vitest'
import { retryDelayMs } from './retry-policy.ts'

const noJitter = { random: () => 0 }

it('waits 1, 2, 4, 8 … seconds and never more than ten minutes', () => {
  const seconds = [1, 2, 3, 4, 10, 11, 50].map(
    (attempts) => (retryDelayMs(attempts, 0, noJitter) ?? NaN) / 1000,
  )
  expect(seconds).toEqual([1, 2, 4, 8, 512, 600, 600])
})

it('shortens each wait by up to a quarter', () => {
  expect(retryDelayMs(4, 0, { random: () => 0.999 })).toBeGreaterThanOrEqual(6000)
  expect(retryDelayMs(4, 0, { random: () => 0.5 })).toBe(7000)
})

it('gives an event up once it is too old', () => {
  const day = 24 * 60 * 60_000
  expect(retryDelayMs(100, day, noJitter)).toBe(600_000)
  expect(retryDelayMs(100, day + 1, noJitter)).toBeNull()
  expect(retryDelayMs(1, 5000, { ...noJitter, giveUpAfterMs: 4000 })).toBeNull()
})
