import type { GroupMetadata } from 'baileys'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { BoundedCache } from './bounded-cache.ts'
import { GroupCache } from './shared-caches.ts'

describe('BoundedCache', () => {
  it('keeps the parts of devices apart', async () => {
    const cache = new BoundedCache({ maxEntries: 10, ttlMs: 1000, clock: new ManualClock() })
    const [one, other] = [cache.partOf('one'), cache.partOf('other')]
    await one.set('key', 1)
    await other.mset?.([{ key: 'key', value: 2 }])
    expect(await one.get('key')).toBe(1)
    expect(await other.mget?.(['key', 'none'])).toEqual({ key: 2 })
    await one.flushAll()
    expect(await one.get('key')).toBeUndefined()
    expect(await other.get('key')).toBe(2)
  })

  it('never outgrows its size: what was used longest ago goes first', () => {
    const cache = new BoundedCache({ maxEntries: 2, ttlMs: 1000, clock: new ManualClock() })
    cache.set('a', 1)
    cache.set('b', 2)
    cache.get('a')
    cache.set('c', 3)
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3])
    expect(cache.size).toBe(2)
  })

  it('forgets what is too old', () => {
    const clock = new ManualClock()
    const cache = new BoundedCache({ maxEntries: 2, ttlMs: 1000, clock })
    cache.set('a', 1)
    clock.advance(999)
    expect(cache.get('a')).toBe(1)
    clock.advance(1)
    expect(cache.get('a')).toBeUndefined()
  })
})

describe('GroupCache', () => {
  const metadata = (subject: string): GroupMetadata => ({
    id: 'g',
    owner: undefined,
    subject,
    participants: [],
  })

  it('asks once for callers of the same moment, and again after a change', async () => {
    const cache = new BoundedCache({ maxEntries: 9, ttlMs: 1000, clock: new ManualClock() })
    const groups = new GroupCache(cache.partOf('device'))
    let fetches = 0
    const fetch = async () => metadata(`fetch ${++fetches}`)
    await Promise.all([groups.get('g', fetch), groups.get('g', fetch)])
    expect((await groups.get('g', fetch)).subject).toBe('fetch 1')
    groups.invalidate('g')
    expect((await groups.get('g', fetch)).subject).toBe('fetch 2')
  })

  it('does not keep an answer that was on its way when the group changed', async () => {
    const cache = new BoundedCache({ maxEntries: 9, ttlMs: 1000, clock: new ManualClock() })
    const groups = new GroupCache(cache.partOf('device'))
    let answer: (group: GroupMetadata) => void = () => undefined
    const slow = groups.get('g', () => new Promise((resolve) => (answer = resolve)))
    await Promise.resolve()
    await Promise.resolve()
    groups.invalidate('g')
    answer(metadata('old'))
    expect((await slow).subject).toBe('old')
    expect((await groups.get('g', async () => metadata('new'))).subject).toBe('new')
  })
})
