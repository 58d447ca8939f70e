import { describe, expect, it } from 'vitest'
import { clockTime } from './user-schemas.ts'

describe('opening hours', () => {
  it.each([
    [0, '00:00'],
    [5, '00:05'],
    [600, '10:00'],
    [1439, '23:59'],
    [1440, '24:00'],
  ])('show %i minutes after midnight as %s', (minute, shown) => {
    expect(clockTime(minute)).toBe(shown)
  })

  it('are empty on a day without any', () => {
    expect(clockTime(null)).toBe('')
  })
})
